import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appended, emptySeries, newestValues, seriesOf } from './series.ts';

const rows = (dimensions: string[], ...list: (number | null)[][]) => ({ dimensions, rows: list });

describe('seriesOf', () => {
  it('puts a row of nulls where a row is missing', () => {
    const series = seriesOf(rows(['a'], [10, 1], [11, 2], [15, 3]), 1);
    expect(series.times).toEqual([10, 11, 12, 15]);
    expect(series.columns).toEqual([[1, 2, null, 3]]);
  });
  it('takes averaged rows as they are', () => {
    const series = seriesOf(rows(['a'], [10, 1], [15, 2], [20, 3]), 1);
    expect(series.times).toEqual([10, 15, 20]);
    expect(series.stepSeconds).toBe(5);
  });
  it('keeps the gaps that the agent tells', () => {
    expect(seriesOf(rows(['a', 'b'], [1, null, 2], [2, 3, null]), 1).columns).toEqual([
      [null, 3],
      [2, null],
    ]);
  });
});

describe('appended', () => {
  const start = seriesOf(rows(['a'], [10, 1], [11, 2]), 1);
  it('skips what it already has', () => {
    const next = appended(start, rows(['a'], [10, 9], [11, 9], [12, 3]), 60, 1);
    expect(next.series.times).toEqual([10, 11, 12]);
    expect(next.series.columns).toEqual([[1, 2, 3]]);
    expect(next.foundGap).toBe(false);
  });
  it('tells a gap and draws it', () => {
    const next = appended(start, rows(['a'], [14, 3]), 60, 1);
    expect(next.foundGap).toBe(true);
    expect(next.series.times).toEqual([10, 11, 12, 14]);
    expect(next.series.columns[0]).toEqual([1, 2, null, 3]);
  });
  it('does not take the step from averages to seconds for a gap', () => {
    const coarse = seriesOf(rows(['a'], [10, 1], [15, 2]), 1);
    expect(appended(coarse, rows(['a'], [19, 3], [20, 4]), 60, 1).foundGap).toBe(false);
    expect(appended(coarse, rows(['a'], [19, 3], [22, 4]), 60, 1).foundGap).toBe(true);
  });
  it('fills a new dimension with nulls and one that vanished, too', () => {
    const next = appended(start, rows(['b'], [12, 7]), 60, 1).series;
    expect(next.dimensions).toEqual(['a', 'b']);
    expect(next.columns).toEqual([
      [1, 2, null],
      [null, null, 7],
    ]);
  });
  it('lets old rows go', () => {
    expect(appended(start, rows(['a'], [12, 3]), 1, 1).series.times).toEqual([11, 12]);
  });
  it('leaves the given series as it was', () => {
    appended(start, rows(['a', 'b'], [12, 3, 4]), 0, 1);
    expect(start).toEqual({ dimensions: ['a'], times: [10, 11], columns: [[1, 2]], stepSeconds: 1 });
  });
  it('keeps times ascending and columns as long as times, whatever comes', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.option(fc.integer()));
    fc.assert(
      fc.property(fc.array(fc.array(row)), (batches) => {
        let series = emptySeries;
        for (const batch of batches) series = appended(series, rows(['a'], ...batch), 20, 1).series;
        expect(series.times).toEqual([...new Set(series.times)].sort((a, b) => a - b));
        for (const column of series.columns) expect(column).toHaveLength(series.times.length);
      }),
    );
  });
});

it('newestValues passes over rows that are only gaps', () => {
  expect(newestValues(seriesOf(rows(['a', 'b'], [1, 4, null], [2, null, null]), 1))).toEqual([4, null]);
  expect(newestValues(emptySeries)).toEqual([]);
});
