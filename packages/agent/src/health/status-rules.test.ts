import { expect, test } from 'vitest';
import type { AlertStatus } from './alert-status.ts';
import { decideStatus, delayOfChange, noDelayYet, type DelayState, type Verdicts } from './status-rules.ts';
import { valueText } from './value-text.ts';

test.each<[number, Verdicts['warn'], Verdicts['crit'], AlertStatus]>([
  [5, 0, 0, 'clear'],
  [5, 1, 0, 'warning'],
  [5, 1, 1, 'critical'],
  [5, 0, 1, 'critical'],
  [5, 0, undefined, 'clear'],
  [5, undefined, 0, 'clear'],
  [5, undefined, 2, 'critical'],
  [5, NaN, 0, 'clear'],
  [5, NaN, 1, 'critical'],
  [5, 1, NaN, 'warning'],
  [5, NaN, NaN, 'undefined'],
  [5, Infinity, undefined, 'undefined'],
  [NaN, 1, 1, 'undefined'],
  [Infinity, 0, 0, 'clear'],
])('value %d, warn %s, crit %s: %s', (value, warn, crit, status) => {
  expect(decideStatus(value, { warn, crit })).toBe(status);
});

test('a delay grows while the status goes up and down, and begins anew after a rest', () => {
  const delay = { upSeconds: 10, downSeconds: 900, multiplier: 2, maxSeconds: 3600 };
  let state: DelayState = noDelayYet;
  const change = (from: AlertStatus, to: AlertStatus, nowSecond: number): DelayState =>
    (state = delayOfChange(delay, state, { from, to, nowSecond }));
  expect(change('clear', 'warning', 1)).toMatchObject({ lastSeconds: 10, untilSecond: 11 });
  expect(change('warning', 'clear', 5)).toMatchObject({ lastSeconds: 1800, untilSecond: 1805 });
  expect(change('clear', 'warning', 6)).toMatchObject({ lastSeconds: 40, untilSecond: 46 });
  expect(change('warning', 'clear', 7)).toMatchObject({ lastSeconds: 3600, untilSecond: 3607 });
  expect(change('clear', 'critical', 3608)).toMatchObject({ lastSeconds: 10, untilSecond: 3618 });
});

test.each([
  [92.3456, '%', '92.3%'],
  [4.05, 'load', '4.05 load'],
  [0.5, 'load', '0.5 load'],
  [12345.6, 'MiB', '12346 MiB'],
  [0.00123456, '', '0.00123'],
  [-1.5, '%', '-1.5%'],
  [0, '%', '0%'],
  [-0, '%', '0%'],
  [NaN, '%', '-'],
  [Infinity, '%', '-'],
  [0, 'seconds', 'now'],
  [5400, 'seconds', '01:30:00'],
  [90061.7, 'seconds', '1 day 01:01:01'],
])('%d in %j reads %j', (value, units, text) => {
  expect(valueText(value, units)).toBe(text);
});
