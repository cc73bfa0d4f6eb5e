import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashClaimToken, isClaimToken, isMistypedClaimToken, makeClaimToken } from './claim-token.ts';

test('a token needs no quoting, and any mistyped character shows', () => {
  const token = makeClaimToken(randomBytes);
  expect(token).toMatch(/^cst_[0-9A-Za-z]{38}$/);
  expect(isClaimToken(token)).toBe(true);
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: token.length - 1 }),
      fc.constantFrom(...'0123456789ABCXYZabcxyz'.split('')),
      (at, character) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        expect(isClaimToken(changed)).toBe(changed === token);
      },
    ),
  );
});

test('one that lacks a character is mistyped; another Cloud has tokens of another shape', () => {
  const token = makeClaimToken(randomBytes);
  expect([token, token.slice(0, -1), 'cst_', token.slice(4), ''].map(isMistypedClaimToken)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

test('tokens differ, and what is stored does not tell them', () => {
  const tokens = new Set(Array.from({ length: 500 }, () => makeClaimToken(randomBytes)));
  expect(tokens.size).toBe(500);
  const [token = ''] = tokens;
  expect(hashClaimToken(token)).toMatch(/^[0-9a-f]{64}$/);
});
