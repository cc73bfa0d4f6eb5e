// Each requirement in docs/requirements.md names the test that proves it, or the part of the product that is still to bring it.

import { expect, it } from 'vitest';
import { files, read } from './repository.ts';

const page = 'docs/requirements.md';

interface Row {
  number: string;
  what: string;
  proofs: string[];
}

/** Rows of the tables: number, requirement, proofs. */
const rows: readonly Row[] = read(page)
  .split('\n')
  .flatMap((line) => {
    const [, number, what, proofs] = /^\| ((?:R|R-I|C|P)?\d+) \| (.+?) \| (.*) \|$/.exec(line) ?? [];
    return number === undefined || what === undefined
      ? []
      : [{ number, what, proofs: (proofs ?? '').split('<br>').filter((proof) => proof.trim() !== '') }];
  });

const upTo = (prefix: string, last: number): string[] =>
  Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`);
const numbers = [...upTo('R', 77), ...upTo('R-I', 7), ...upTo('C', 24), ...upTo('', 40), ...upTo('P', 8)];

it('lists every requirement once', () => {
  expect(rows.map(({ number }) => number)).toEqual(numbers);
});

/** What is wrong with a proof; undefined when it holds. */
function faultOf(proof: string): string | undefined {
  if (/^later: \S/.test(proof)) return undefined;
  const [, name = '', title = ''] = /^`([\w./-]+)` › (.+)$/.exec(proof) ?? [];
  const [package_ = '', ...rest] = name.split('/');
  const path = [`packages/${package_}/src/${rest.join('/')}.test.ts`].find((one) => files.includes(one));
  if (path === undefined) return `${proof}: there is no such test file`;
  const before = read(path)
    .split(new RegExp(`['"\`]${title.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}`))
    .slice(0, -1);
  if (before.some((code) => /\.(skip|todo)\(\s*$/.test(code))) return `${proof}: it is not run`;
  // The first word of a call, or a row of a table of tests; not what a test looks for.
  return before.some((code) => /(\(|title: )\s*$/.test(code)) ? undefined : `${proof}: no title starts so`;
}

it('names for each a test that is there, or what is still to bring it', () => {
  const without = rows.filter(({ proofs }) => proofs.length === 0).map(({ number }) => `${number}: no proof`);
  const broken = rows.flatMap(({ number, proofs }) =>
    proofs.flatMap((proof) => {
      const fault = faultOf(proof);
      return fault === undefined ? [] : [`${number}: ${fault}`];
    }),
  );
  expect([...without, ...broken]).toEqual([]);
});

it('does not take for a proof what is none', () => {
  expect(faultOf('`test/scenarios/no-such-file` › a title')).toMatch(/no such test file/);
  expect(faultOf('`test/house/requirements` › a title that nobody wrote'.replace('nobody', 'no body'))).toMatch(
    /no title/,
  );
  expect(faultOf('`test/scenarios/matrix-answers` › ErrTeapot')).toMatch(/no title/);
  expect(faultOf('someday')).toMatch(/no such test file/);
});
