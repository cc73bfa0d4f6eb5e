import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

it.each([
  ['web-*', 'web-1', true],
  ['web-*', 'WEB-', true],
  ['web-*', 'my-web-1', false],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['?', '', false],
  ['?', '🦊', true],
  ['w?b*prod', 'wab-1.prod', true],
  ['w?b*prod', 'wab-1.product', false],
  ['*.example.*', 'a.example.net', true],
  ['[a-z]+', 'abc', false],
  ['a.c', 'abc', false],
  ['ZÜRICH', 'zu\u0308rich', true],
])('%s of %s: %s', (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches);
});

/** The definition, without a thought for time. */
function defined(pattern: readonly string[], text: readonly string[]): boolean {
  const [sign, ...rest] = pattern;
  if (sign === undefined) return text.length === 0;
  if (sign === '*') return defined(rest, text) || (text.length > 0 && defined(pattern, text.slice(1)));
  return text.length > 0 && (sign === '?' || sign === text[0]) && defined(rest, text.slice(1));
}

const few = (signs: string, most: number) =>
  fc.array(fc.constantFrom(...signs.split('')), { maxLength: most }).map((parts) => parts.join(''));

it('is what its definition says', () => {
  fc.assert(
    fc.property(few('ab*?', 8), few('ab', 10), (pattern, text) => {
      expect(matchesGlob(pattern, text)).toBe(defined(pattern.split(''), text.split('')));
    }),
    { numRuns: 5000 },
  );
});

it('names what it was made from, whatever stands there', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), (parts) => {
      expect(matchesGlob(parts.join('*'), parts.join('between'))).toBe(true);
      expect(matchesGlob(`*${parts.join('')}*`, `x${parts.join('')}y`.normalize('NFC'))).toBe(true);
    }),
  );
});

it('takes no longer for what would keep a backtracking matcher busy for years', () => {
  const before = performance.now();
  for (let n = 0; n < 100; n++) expect(matchesGlob(`${'*a'.repeat(60)}b`, 'a'.repeat(255))).toBe(false);
  expect(performance.now() - before).toBeLessThan(2000);
});
