import { expect, it } from 'vitest';
import { cpuBusyPercent, withBusyRows } from './cpu-busy.ts';

it('is everything but idle', () => {
  expect(cpuBusyPercent(['user', 'idle', 'system'], [1, 12, 80, 8])).toBe(20);
  expect(cpuBusyPercent(['user', 'system'], [1, 60, 60])).toBe(100);
  expect(cpuBusyPercent(['user', 'idle'], [1, null, null])).toBeNull();
});

it('withBusyRows keeps a value per second and marks missing ones', () => {
  const start = withBusyRows(
    undefined,
    ['user'],
    [
      [10, 1],
      [11, 2],
    ],
    4,
  );
  expect(start).toEqual({ lastSeconds: 11, values: [1, 2] });
  expect(
    withBusyRows(
      start,
      ['user'],
      [
        [11, 9],
        [13, 3],
      ],
      4,
    ),
  ).toEqual({ lastSeconds: 13, values: [1, 2, null, 3] });
  expect(withBusyRows(start, ['user'], [[99, 3]], 4).values).toEqual([null, null, null, 3]);
  expect(withBusyRows(start, ['user'], [[11, 9]], 4)).toBe(start);
});
