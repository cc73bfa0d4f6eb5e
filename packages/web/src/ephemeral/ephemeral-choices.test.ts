import { expect, it } from 'vitest';
import { afterChoices, afterWords } from './ephemeral-choices.ts';

it('says usual and other times in words', () => {
  expect([300_000, 3_600_000, 5_400_000, 172_800_000, 400_000].map(afterWords)).toEqual([
    '5 minutes',
    '1 hour',
    '90 minutes',
    '2 days',
    '7 minutes',
  ]);
});

it('offers what is so now among the usual, in order', () => {
  expect(afterChoices(null)).toHaveLength(7);
  expect(afterChoices(3_600_000)).toHaveLength(7);
  expect(afterChoices(5_400_000).slice(2, 4)).toEqual([3_600_000, 5_400_000]);
});
