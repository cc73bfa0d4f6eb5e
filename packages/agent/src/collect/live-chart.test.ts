import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MetricStore } from '../metrics/store.ts';
import { LiveChart, type Algorithm } from './live-chart.ts';

/** Feeds one reading per tick (NaN = nothing read); returns the samples of the first dimension, by second. */
function samples(algorithm: Algorithm, readings: readonly number[][], stepMs = 1000, scale = 1): number[] {
  const store = new MetricStore({ retentionSeconds: 3600, maxDimensions: 10, onBoundHit: () => undefined });
  const ids = ['a', 'b', 'c'].slice(0, readings[0]?.length ?? 0);
  const dimensions = ids.map((id) => ({ id, algorithm, scale }));
  const chart = new LiveChart(store, {
    id: 'x',
    family: 'f',
    title: 't',
    units: 'u',
    priority: 1,
    module: 'm',
    dimensions,
  });
  for (const [i, reading] of readings.entries()) {
    for (const [place, raw] of reading.entries()) chart.set(place, raw);
    chart.commit({ second: 1000 + i, monotonicMs: 5000 + i * stepMs });
  }
  const ring = store.chart('x')?.dimensions[0]?.ring;
  return readings.map((_, i) => ring?.read(1000 + i) ?? NaN);
}

test('a counter becomes a rate per second of real time', () => {
  expect(samples('incremental', [[100], [150], [150]])).toEqual([NaN, 50, 0]);
  expect(samples('incremental', [[100], [150]], 2000)).toEqual([NaN, 25]);
  expect(samples('incremental', [[100], [150]], 1000, -8)).toEqual([NaN, -400]);
});

test('a counter that goes back, or was not read, is a gap and never a spike', () => {
  expect(samples('incremental', [[100], [150], [3], [13]])).toEqual([NaN, 50, NaN, 10]);
  expect(samples('incremental', [[100], [NaN], [300], [310]])).toEqual([NaN, NaN, NaN, 10]);
  expect(samples('incremental', [[2 ** 32 - 10], [5], [15]])).toEqual([NaN, NaN, 10]);
});

test('shares are percentages of what all dimensions grew', () => {
  expect(
    samples('share', [
      [0, 0],
      [25, 75],
      [25, 80],
    ]),
  ).toEqual([NaN, 25, 0]);
  // The kernel's iowait is known to go back a little.
  expect(
    samples('share', [
      [100, 0],
      [99, 50],
    ]),
  ).toEqual([NaN, 0]);
  expect(
    samples('share', [
      [5, 5],
      [5, 5],
    ]),
  ).toEqual([NaN, NaN]);
});

test('whatever is read, shares stay between 0 and 100 and rates are never negative', () => {
  const reading = fc.array(fc.oneof(fc.nat(), fc.constant(NaN), fc.double({ min: 0, max: 2 ** 64, noNaN: true })), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 20 }), (readings) => {
      expect(samples('share', readings).filter((value) => value < 0 || value > 100)).toEqual([]);
      expect(samples('incremental', readings).filter((value) => value < 0)).toEqual([]);
    }),
  );
});

test('dimensions can be added later', () => {
  const store = new MetricStore({ retentionSeconds: 60, maxDimensions: 12, onBoundHit: () => undefined });
  const chart = new LiveChart(store, {
    id: 'x',
    family: 'f',
    title: 't',
    units: 'u',
    priority: 1,
    module: 'm',
    dimensions: [],
  });
  for (let i = 0; i < 20; i++) chart.set(chart.add({ id: `d${i}` }), i);
  chart.commit({ second: 10, monotonicMs: 1 });
  const dimensions = store.chart('x')?.dimensions ?? [];
  expect(dimensions.map(({ ring }) => ring.read(10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
