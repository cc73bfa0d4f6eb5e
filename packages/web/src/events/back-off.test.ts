import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

it('doubles up to its last pause', () => {
  expect([0, 1, 2, 5, 6, 100].map((attempt) => backOffMs(attempt, 1))).toEqual([
    500, 1000, 2000, 16_000, 20_000, 20_000,
  ]);
});
it('spreads over half of the pause', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
      const ms = backOffMs(attempt, random);
      expect(ms).toBeGreaterThanOrEqual(backOffMs(attempt, 0));
      expect(ms).toBeLessThanOrEqual(backOffMs(attempt, 0) * 2);
      expect(ms).toBeGreaterThanOrEqual(250);
    }),
  );
});
