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
      { section: 'global', key: 'netdata cloud', value: 'enable' },
      { section: 'cloud', key: 'cloud base url', value: 'https://c.example.com' },
    ],
    claimArguments: ['-token=T', '-rooms=r1,r2', '-url=https://c.example.com'],
    get: undefined,
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
    { act: 'get', get: { section: 'a', key: 'b', value: 'none' } },
  ],
  [
    'port and address',
    ['-p', '81', '-i', '*'],
    {
      overrides: [
        { section: 'web', key: 'default port', value: '81' },
        { section: 'web', key: 'bind to', value: '*' },
      ],
    },
  ],
  ['help', ['-h', '-x'], { act: 'help' }],
  ['version', ['-V'], { act: 'version' }],
])('%s', (_, argv, expected) => {
  expect(parseNetdataArguments(argv)).toMatchObject(expected);
});

test.each([
  [['-x'], 'Unknown option -x'],
  [['-Dx'], 'Unknown option -x'],
  [['/usr/sbin/netdata', '-D'], 'Unexpected argument "/usr/sbin/netdata"'],
  [['-D', '-'], 'Unexpected argument'],
  [['--unknown'], 'Unexpected argument'],
  [['-c'], 'needs a value'],
  [['-W'], 'needs a value'],
  [['-W', 'set', 'a', 'b'], 'needs three words'],
  [['-W', 'claimXYZ'], 'takes set, get or'],
  [['-W', 'claim -token="a'], 'is not closed'],
])('%j is refused', (argv, words) => {
  const parsed = parseNetdataArguments(argv);
  expect('fault' in parsed ? parsed.fault : undefined).toContain(words);
});
