import fc from 'fast-check';
import { expect, it } from 'vitest';
import { colorNumbers } from './colors.ts';

it('gives known dimensions their colour and others what is left', () => {
  expect(colorNumbers(['user', 'system', 'x', 'y', 'iowait'])).toEqual([1, 0, 3, 4, 2]);
  expect(colorNumbers(['constructor', '__proto__'])).toEqual([0, 1]);
});

it('repeats no colour before twelve are used', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('user', 'used', 'in', 'received', 'free')), {
        maxLength: 12,
      }),
      (names) => {
        const numbers = colorNumbers(names);
        expect(new Set(numbers).size).toBe(names.length);
        for (const number of numbers) expect(number).toBeLessThan(12);
      },
    ),
  );
});

it('goes on after twelve', () =>
  expect(colorNumbers(Array.from({ length: 30 }, (_, n) => `d${n}`)).slice(12, 15)).toEqual([0, 1, 2]));
