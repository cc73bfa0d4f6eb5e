import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterAttempt, isOver, noRivalry, rivalryWindowMs, toleratedAttempts } from './contested.ts';

const after = (...attemptsAtMs: number[]) => attemptsAtMs.reduce(afterAttempt, noRivalry);

test('three attempts in ten minutes are borne, a fourth is not', () => {
  expect(after(0, 1, 2).isContested).toBe(false);
  expect(after(0, 1, 2, 3).isContested).toBe(true);
  expect(after(0, 1, 2, rivalryWindowMs).isContested).toBe(false);
});

test('what is contested stays so until nobody has tried for ten minutes', () => {
  const contested = after(0, 1, 2, 3);
  expect(isOver(contested, 3 + rivalryWindowMs - 1)).toBe(false);
  expect(isOver(contested, 3 + rivalryWindowMs)).toBe(true);
  // One attempt every nine minutes is enough to keep it.
  const kept = afterAttempt(contested, 3 + rivalryWindowMs - 60_000);
  expect(kept.isContested).toBe(true);
  expect(isOver(kept, 3 + rivalryWindowMs)).toBe(false);
  expect(afterAttempt(contested, 3 + rivalryWindowMs).isContested).toBe(false);
});

test('it is contested exactly when more than three attempts lay within ten minutes, with no ten minutes of quiet since', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: rivalryWindowMs + 1 }), { maxLength: 40 }), (gapsMs) => {
      let nowMs = 0;
      let rivalry = noRivalry;
      let expected = false;
      const times: number[] = [];
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        if (times.length > 0 && gapMs >= rivalryWindowMs) expected = false;
        times.push(nowMs);
        expected ||= times.filter((atMs) => nowMs - atMs < rivalryWindowMs).length > toleratedAttempts;
        rivalry = afterAttempt(rivalry, nowMs);
        expect(rivalry.isContested).toBe(expected);
        expect(rivalry.attemptsAtMs.length).toBeLessThanOrEqual(toleratedAttempts + 1);
      }
    }),
  );
});
