import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseClaimArguments, splitClaimWords } from './claim-arguments.ts';

test('options in any order, the last one counts, a value may be empty or hold =', () => {
  const words = [
    '-rooms=a,b',
    '-token=x',
    '-url=https://c?a=b',
    '-token=t=1',
    '-hostname=',
    '-verbose',
    '-noproxy',
    '-daemon-not-running',
    '-noreload',
  ];
  expect(parseClaimArguments(words)).toMatchObject({
    token: 't=1',
    rooms: 'a,b',
    url: 'https://c?a=b',
    hostname: '',
    proxy: 'none',
    verbose: true,
    daemonNotRunning: true,
    noReload: true,
    id: undefined,
  });
});

test.each([
  [['-token', 'CANARY'], '-token=VALUE'],
  [['CANARY'], 'Unknown argument;'],
  [['--token=CANARY'], 'Unknown argument'],
  [['-tokn=CANARY'], 'Unknown argument -tokn;'],
  [['-verbose=yes'], 'Unknown argument -verbose'],
  [['-insecure'], 'cloud_fullchain.pem'],
  [['-constructor=x'], 'Unknown argument'],
  [['-wait=CANARY'], 'from 1 to 3600'],
  [['-wait=0'], 'from 1 to 3600'],
  [['-wait='], 'from 1 to 3600'],
  [['-json'], 'give one of them'],
  [['-check', '-wait'], 'exclude each other'],
  [['-check=yes'], 'Unknown argument -check'],
  [[''], 'Unknown argument'],
])('%j is refused without repeating a value', (words, sentence) => {
  const parsed = parseClaimArguments(words);
  expect('fault' in parsed ? parsed.fault : undefined).toContain(sentence);
  expect(JSON.stringify(parsed)).not.toContain('CANARY');
});

test.each(['-help', '--help', '-h'])('%s helps, whatever else stands there', (word) => {
  expect(parseClaimArguments(['-token=x', word])).toEqual({ help: true });
});

test('words with quotes around them come back as they were', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ' ', '$', '`', ';', '\\', '"', '=', '-'), minLength: 1 });
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words
        .map((item) =>
          item
            .split('"')
            .map((part) => `"${part}"`)
            .join(`'"'`),
        )
        .join('  ');
      expect(splitClaimWords(` ${text} `)).toEqual(words);
    }),
  );
});

test('waiting and checking', () => {
  expect(parseClaimArguments(['-wait'])).toMatchObject({ waitSeconds: 60, json: false, check: false });
  expect(parseClaimArguments(['-wait', '-wait=5', '-json'])).toMatchObject({ waitSeconds: 5, json: true });
  expect(parseClaimArguments(['-check', '-json'])).toMatchObject({ check: true, json: true, waitSeconds: undefined });
  for (const word of ['-h', '-help', '--help']) expect(parseClaimArguments(['-token=x', word])).toEqual({ help: true });
});
