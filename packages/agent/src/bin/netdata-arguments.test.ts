import { expect, test } from 'vitest';
import { parseNetdataArguments } from './netdata-arguments.ts';

test('the documented command line of a container is understood', () => {
  const argv = [
    '-D',
    '-W',
    'set',
    'global',
    'netdata cloud',
    'enable',
    '-W',
    'set',
    'cloud',
    'cloud base url',
    'https://c.example.com',
  ];
  expect(parseNetdataArguments([...argv, '-W', 'claim -token=T -rooms=r1,r2 -url=https://c.example.com'])).toEqual({
    act: 'run',
    configFile: undefined,
    overrides: [
      { conf: 'netdata', section: 'global', key: 'netdata cloud', value: 'enable', option: '-W set' },
      { conf: 'netdata', section: 'cloud', key: 'cloud base url', value: 'https://c.example.com', option: '-W set' },
    ],
    claimArguments: ['-token=T', '-rooms=r1,r2', '-url=https://c.example.com'],
    get: undefined,
    inBackground: false,
    pidFile: undefined,
    hostPrefix: '/',
    notices: [],
  });
});

test('the program’s name behind the options of an image is skipped aloud, and the claim behind it counts', () => {
  const parsed = parseNetdataArguments(['-D', '-s', '/host', '/usr/sbin/netdata', '-D', '-W', 'claim -token=T']);
  expect(parsed).toMatchObject({
    hostPrefix: '/host',
    claimArguments: ['-token=T'],
    notices: [expect.stringContaining('"/usr/sbin/netdata"')],
  });
});

test.each([
  ['bundled options', ['-Dc', '/f'], { act: 'run', configFile: '/f' }],
  ['a value without a blank', ['-c/f'], { configFile: '/f' }],
  ['-W claim alone', ['-W', 'claim'], { claimArguments: [] }],
  ['the last claim counts', ['-W', 'claim -token=a', '-W', 'claim -token=b'], { claimArguments: ['-token=b'] }],
  ['quotes are taken away', ['-W', `claim -token="a b" '-url=x'`], { claimArguments: ['-token=a b', '-url=x'] }],
  ['metacharacters mean nothing', ['-W', 'claim -token=$(id);`id`|x'], { claimArguments: ['-token=$(id);`id`|x'] }],
  [
    'get, wherever it stands',
    ['-W', 'get', 'a', 'b', 'none', '-c', '/f'],
    { act: 'get', get: { conf: 'netdata', section: 'a', key: 'b', usual: 'none' } },
  ],
  [
    'port and address',
    ['-p', '81', '-i', '*'],
    {
      overrides: [
        { section: 'web', key: 'default port', value: '81', option: '-p' },
        { section: 'web', key: 'bind to', value: '*', option: '-i' },
      ],
    },
  ],
  [
    'the user, as a setting that is',
    ['-u', 'netdata'],
    { overrides: [{ conf: 'netdata', section: 'global', key: 'run as user', value: 'netdata', option: '-u' }] },
  ],
  [
    'the file that a setting stands in',
    ['-W', 'set2', 'cloud', 'global', 'proxy', 'none', '-W', 'get2', 'cloud', 'global', 'proxy', 'x'],
    {
      act: 'get',
      overrides: [{ conf: 'cloud', section: 'global', key: 'proxy', value: 'none', option: '-W set2' }],
      get: { conf: 'cloud', section: 'global', key: 'proxy', usual: 'x' },
    },
  ],
  ['the background, with a PID file', ['-dP', '/run/n.pid', '-t1'], { inBackground: true, pidFile: '/run/n.pid' }],
  ['the last of -d and -D', ['-dD'], { inBackground: false }],
  [
    'what means nothing here',
    ['-W', 'stacksize=1', '-W', 'debug_flags=2'],
    { act: 'run', notices: [/stacksize/, /debug/].map((words) => expect.stringMatching(words) as unknown) },
  ],
  ['help', ['-h', '-x'], { act: 'help' }],
  ['version', ['-V'], { act: 'version' }],
])('%s', (_, argv, expected) => {
  expect(parseNetdataArguments(argv)).toMatchObject(expected);
});

test.each([
  [['-x'], 'Unknown option -x'],
  [['-Dx'], 'Unknown option -x'],
  [['/usr/sbin/other', '-D'], 'Unexpected argument "/usr/sbin/other"'],
  [['-t', '5'], 'every second'],
  [['-s', 'host'], 'absolute path'],
  [['-u', ''], 'needs a value'],
  [['-W', 'unittest'], 'does not exist in this agent'],
  [['-W', 'set2', 'health', 'a', 'b', 'c'], 'not "health"'],
  [['-W', 'get2', 'cloud', 'a', 'b'], 'needs four words'],
  [['-D', '-'], 'Unexpected argument'],
  [['--unknown'], 'Unexpected argument'],
  [['-c'], 'needs a value'],
  [['-W'], 'needs a value'],
  [['-W', 'set', 'a', 'b'], 'needs three words'],
  [['-W', 'claimXYZ'], 'takes set, get, set2'],
  [['-W', 'claim -token="a'], 'is not closed'],
])('%j is refused', (argv, words) => {
  const parsed = parseNetdataArguments(argv);
  expect('fault' in parsed ? parsed.fault : undefined).toContain(words);
});
