import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canBeWritten, formatSection, parseNetdataConf, setSetting, withOverrides } from './netdata-conf.ts';

const values = (text: string): Record<string, Record<string, string>> =>
  Object.fromEntries([...parseNetdataConf(text).sections].map(([name, keys]) => [name, Object.fromEntries(keys)]));

test('the block of the documentation is valid: comment tails go, of a key given twice the last one counts', () => {
  const text = [
    '[cloud]',
    '    proxy = http://user:password@proxy.example.com:3128   # with a password',
    '    proxy = socks5h://proxy.example.com:1080\t# With a URL',
  ].join('\n');
  expect(values(text)).toEqual({ cloud: { proxy: 'socks5h://proxy.example.com:1080' } });
});

test.each([
  ['a # without a blank before it belongs to the value', '[s]\nk = pass#word', { s: { k: 'pass#word' } }],
  ['a value that is only a comment is empty', '[s]\nk = # nothing', { s: { k: '' } }],
  ['comments at the start of a line, blanks before it or not', '# a\n  # k = v\n[s]\n#k = v', { s: {} }],
  ['CRLF, tabs and a byte order mark', '\uFEFF[s]\r\n\tk\t=\tv w\t\r\n', { s: { k: 'v w' } }],
  ['the first = ends the key', '[s]\nk = a=b', { s: { k: 'a=b' } }],
  [
    'names may hold dots, colons and blanks',
    '[plugin:x:eth0.100]\nbind to = *',
    { 'plugin:x:eth0.100': { 'bind to': '*' } },
  ],
  ['a section may come twice', '[s]\na = 1\n[t]\n[s]\nb = 2', { s: { a: '1', b: '2' }, t: {} }],
  [
    'a name of every object is only a name',
    '[__proto__]\nconstructor = x',
    Object.fromEntries([['__proto__', { constructor: 'x' }]]),
  ],
])('%s', (_, text, expected) => {
  expect(values(text)).toEqual(expected);
});

test('lines that mean nothing are named with their number, and the rest still counts', () => {
  const conf = parseNetdataConf('k = before any section\n[s]\nnonsense\n = no key\n[open\na = 1');
  expect(conf.unknownLines.map(({ line }) => line)).toEqual([1, 3, 4, 5]);
  expect(conf.sections.get('s')?.get('a')).toBe('1');
});

test('no text makes the parser fail, and every line ends up in one place', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('[', ']', '=', '#', ' ', '\t', '\n', '\r', 'a', 'é', '\0') }),
      (text) => {
        const conf = parseNetdataConf(text);
        const settings = [...conf.sections.values()].reduce((sum, keys) => sum + keys.size, 0);
        expect(settings + conf.sections.size + conf.unknownLines.length).toBeLessThanOrEqual(
          text.split(/\r\n|\n|\r/).length,
        );
      },
    ),
  );
});

test('what is written is read back', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9:/.@_-]([a-zA-Z0-9:/.@_#= -]*[a-zA-Z0-9:/.@_=-])?$/);
  const value = word.filter((text) => !/[ \t]#/.test(text));
  const key = fc.stringMatching(/^[a-z]([a-z ]*[a-z])?$/);
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (settings) => {
      expect(values(formatSection('global', settings))).toEqual({ global: settings });
    }),
  );
});

test('the command line wins over the file', () => {
  const conf = withOverrides(parseNetdataConf('[web]\na = 1\nb = 2'), [
    { conf: 'netdata', section: 'web', key: 'a', value: '3', option: '-W set' },
    { conf: 'netdata', section: 'new', key: 'c', value: 'with blanks', option: '-W set' },
  ]);
  expect(conf.sections.get('web')).toEqual(
    new Map([
      ['a', '3'],
      ['b', '2'],
    ]),
  );
  expect(conf.sections.get('new')?.get('c')).toBe('with blanks');
});

test('a setting is changed where it counts, and every other byte stays', () => {
  const text =
    '# top\r\n[web]\r\n  bind to = a # x\r\n[cloud]\r\n  proxy = none\t# why\r\n  proxy =  env\r\n\r\n[web]\r\n\tport=1\r\n';
  expect(setSetting(text, 'cloud', 'proxy', 'http://h:1')).toBe(text.replace('=  env', '= http://h:1'));
  expect(setSetting(text, 'web', 'bind to', '*')).toBe(text.replace('= a # x', '= * # x'));
  expect(setSetting(text, 'web', 'port', '2')).toBe(text.replace('port=1', 'port= 2'));
  expect(setSetting(text, 'cloud', 'url', 'u')).toBe(text.replace('env\r\n', 'env\r\n    url = u\r\n'));
  expect(setSetting(text, 'new', 'k', 'v')).toBe(`${text}\r\n[new]\r\n    k = v\r\n`);
  expect(setSetting('', 'new', 'k', 'v')).toBe('[new]\n    k = v\n');
  expect(setSetting('[a]', 'a', 'k', 'v')).toBe('[a]\n    k = v');
});

test('what was written is read back, and nothing else changed', () => {
  const name = fc.constantFrom('a', 'b', 'c d');
  const line = fc.oneof(
    fc.tuple(name, fc.constantFrom('1', '2 3', '', 'x # y')).map(([key, value]) => ` ${key} = ${value}`),
    name.map((section) => `[${section}]`),
    fc.constantFrom('# k = v', '', 'nonsense'),
  );
  const text = fc
    .array(line, { maxLength: 12 })
    .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));
  fc.assert(
    fc.property(text, name, name, fc.string(), (before, section, key, value) => {
      fc.pre(canBeWritten(section, key, value));
      const expected = values(before);
      expected[section] = { ...expected[section], [key]: value };
      expect(values(setSetting(before, section, key, value))).toEqual(expected);
    }),
  );
});

test.each([
  ['a\nb', 'k', 'v'],
  ['a', 'k=x', 'v'],
  ['a', '#k', 'v'],
  ['a', 'k', 'v # w'],
  ['a', 'k', 'v\nw'],
  ['a]', 'k ', 'v'],
  ['', ' ', 'v'],
])('[%j] %j = %j cannot be written', (section, key, value) => {
  expect(canBeWritten(section, key, value)).toBe(false);
});
