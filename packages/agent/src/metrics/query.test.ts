import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRows, wrapRows, type FormatOptions } from './answer-format.ts';
import { groupings, type GroupingName } from './grouping.ts';
import { matches, runQuery, QueryRefused, type MetricsQuery } from './query.ts';
import { MetricStore, type ChartShape, type StoredChart } from './store.ts';

const retentionSeconds = 600;
const json: FormatOptions = { format: 'json', time: 'seconds', oldestFirst: false };

function shape(id: string, updateEverySeconds = 1, units = 'KiB/s', context = id): ChartShape {
  return {
    id,
    context,
    family: 'f',
    title: 't',
    units,
    chartType: 'line',
    priority: 1,
    module: 'm',
    updateEverySeconds,
  };
}

function emptyStore(maxDimensions = 100): MetricStore {
  return new MetricStore({ retentionSeconds, maxDimensions, onBoundHit: () => undefined });
}

/** A chart whose samples are given oldest first, the last one for `nowSecond`. */
function fill(
  store: MetricStore,
  chartShape: ChartShape,
  nowSecond: number,
  series: Record<string, number[]>,
): StoredChart {
  const chart = store.openChart(chartShape);
  const every = chartShape.updateEverySeconds;
  for (const [id, values] of Object.entries(series)) {
    const dimension = store.openDimension(chart, id, id.toUpperCase(), id === 'hidden');
    for (const [i, value] of values.entries()) {
      dimension?.ring.write(Math.floor(nowSecond / every) - values.length + 1 + i, value);
    }
  }
  store.touch(chart, nowSecond);
  store.endTick(nowSecond);
  return chart;
}

function ask(charts: StoredChart[], over: Partial<MetricsQuery & MetricsQuery['range']> = {}): MetricsQuery {
  const { after = -10, before = 0, points = 0, groupTimeSeconds = 0, aligned = true, ...rest } = over;
  const range = { after, before, points, groupTimeSeconds, aligned };
  const plain = { percentage: false, absolute: false, nonzero: false, nullToZero: false };
  return { charts, range, group: 'average', dimensions: [], ...plain, ...rest };
}

function rowsOf(query: MetricsQuery, nowSecond: number): [number, ...(number | null)[]][] {
  const answer = runQuery(query, { nowSecond, retentionSeconds });
  return (JSON.parse(formatRows(answer, json)) as { data: [number, ...(number | null)[]][] }).data;
}

test('after=-3 answers the three newest seconds, newest first, gaps as null', () => {
  const chart = fill(emptyStore(), shape('a'), 1000, { x: [1, NaN, 3, 4], y: [0.1, 12.3, -5, 1e7] });
  const answer = runQuery(ask([chart], { after: -3 }), { nowSecond: 1000, retentionSeconds });
  expect(formatRows(answer, json)).toBe(
    '{"labels":["time","X","Y"],"data":[[1000,4,10000000],[999,3,-5],[998,null,12.3]]}',
  );
  expect(formatRows(answer, { ...json, oldestFirst: true, time: 'ms' })).toContain('"data":[[998000,null,12.3],');
  expect(formatRows(answer, { ...json, format: 'csv' })).toBe(
    'time,X,Y\r\n1000,4,10000000\r\n999,3,-5\r\n998,null,12.3\r\n',
  );
  expect(formatRows(answer, { ...json, format: 'ssv' })).toBe('10000004 -2 12.3');
  expect(formatRows(answer, { ...json, format: 'array' })).toBe('[10000004,-2,12.3]');
});

test('jsonwrap carries the keys that users of stock agents know', () => {
  const chart = fill(emptyStore(), shape('a'), 1000, { x: [1, 2, 3, 4] });
  const answer = runQuery(ask([chart], { after: -4, points: 2 }), { nowSecond: 1000, retentionSeconds });
  expect(JSON.parse(wrapRows(answer, { id: 'a', name: 'a' }, json))).toEqual({
    api: 1,
    id: 'a',
    name: 'a',
    view_update_every: 2,
    update_every: 1,
    first_entry: 997,
    last_entry: 1000,
    before: 1000,
    after: 998,
    dimension_names: ['X'],
    dimension_ids: ['x'],
    latest_values: [4],
    view_latest_values: [3.5],
    dimensions: 1,
    points: 2,
    format: 'json',
    result: {
      labels: ['time', 'X'],
      data: [
        [1000, 3.5],
        [998, 1.5],
      ],
    },
    min: 1.5,
    max: 3.5,
  });
});

test('rows stand on absolute multiples of their length, and are complete', () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const chart = fill(emptyStore(), shape('a'), 1003, { x: values });
  expect(rowsOf(ask([chart], { after: -40, points: 4 }), 1003).map(([time]) => time)).toEqual([1000, 990, 980, 970]);
  const unaligned = ask([chart], { after: -40, points: 4, aligned: false });
  expect(rowsOf(unaligned, 1003).map(([time]) => time)).toEqual([1003, 993, 983, 973]);
});

test('gtime turns a rate per second into what came in that time', () => {
  const chart = fill(emptyStore(), shape('a'), 1200, { x: Array.from({ length: 300 }, () => 2) });
  expect(rowsOf(ask([chart], { after: -180, groupTimeSeconds: 60 }), 1200)).toEqual([
    [1200, 120],
    [1140, 120],
    [1080, 120],
  ]);
});

test('a hidden dimension is answered only by name, and counts in percentages', () => {
  const chart = fill(emptyStore(), shape('cpu'), 50, { hidden: [75], user: [20], system: [5] });
  expect(rowsOf(ask([chart], { after: -1 }), 50)).toEqual([[50, 20, 5]]);
  expect(rowsOf(ask([chart], { after: -1, dimensions: ['*s*'] }), 50)).toEqual([[50, 20, 5]]);
  expect(rowsOf(ask([chart], { after: -1, dimensions: ['HIDDEN'] }), 50)).toEqual([[50, 75]]);
  expect(rowsOf(ask([chart], { after: -1, dimensions: ['user'], percentage: true }), 50)).toEqual([[50, 20]]);
});

test('charts of a context add up, percentages are averaged, a gap does not count', () => {
  const store = emptyStore();
  const sum = [
    fill(store, shape('disk.a', 1, 'KiB/s', 'disk.io'), 50, { reads: [1, 2] }),
    fill(store, shape('disk.b', 1, 'KiB/s', 'disk.io'), 50, { reads: [10, NaN], writes: [-3, -4] }),
  ];
  expect(rowsOf(ask(sum, { after: -2 }), 50)).toEqual([
    [50, 2, -4],
    [49, 11, -3],
  ]);
  const mean = [
    fill(store, shape('cpu.0', 1, 'percentage', 'cpu.cpu'), 50, { user: [10] }),
    fill(store, shape('cpu.1', 1, 'percentage', 'cpu.cpu'), 50, { user: [30] }),
  ];
  expect(rowsOf(ask(mean, { after: -1 }), 50)).toEqual([[50, 20]]);
});

test('nonzero leaves out what is zero, but never everything; null2zero and absolute change values only', () => {
  const chart = fill(emptyStore(), shape('a'), 50, { x: [0, 0], y: [-1, NaN], z: [NaN, NaN] });
  expect(rowsOf(ask([chart], { after: -2, nonzero: true }), 50)).toEqual([
    [50, null],
    [49, -1],
  ]);
  expect(rowsOf(ask([chart], { after: -2, nullToZero: true }), 50)).toEqual([
    [50, 0, 0, 0],
    [49, 0, -1, 0],
  ]);
  expect(rowsOf(ask([chart], { after: -2, absolute: true, dimensions: ['y'] }), 50)).toEqual([
    [50, null],
    [49, 1],
  ]);
  expect(rowsOf(ask([chart], { after: -1, nonzero: true, dimensions: ['x'] }), 50)).toEqual([[50, 0]]);
});

test('min and max go by magnitude, because what is sent is negative', () => {
  const chart = fill(emptyStore(), shape('a'), 4, { sent: [-1, -9, -3, -2] });
  expect(rowsOf(ask([chart], { after: -4, points: 1, group: 'max' }), 4)).toEqual([[4, -9]]);
  expect(rowsOf(ask([chart], { after: -4, points: 1, group: 'min' }), 4)).toEqual([[4, -1]]);
});

test('charts that are updated every 10 seconds have their own grid', () => {
  const chart = fill(emptyStore(), shape('space', 10), 1000, { used: [1, 2, 3] });
  expect(rowsOf(ask([chart], { after: -25 }), 1004)).toEqual([
    [1000, 3],
    [990, 2],
    [980, 1],
  ]);
});

test('refuses a range that is upside down and an answer that is too large', () => {
  const chart = fill(emptyStore(), shape('a'), 1000, { x: [1] });
  const time = { nowSecond: 1000, retentionSeconds };
  expect(() => runQuery(ask([chart], { after: 900, before: 800 }), time)).toThrow(QueryRefused);
  const wide = emptyStore(1000);
  const series = Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [`d${i}`, Array.from({ length: 600 }, () => 1)]),
  );
  const big = fill(wide, shape('big'), 1000, series);
  expect(() => runQuery(ask([big], { after: -600 }), time)).toThrow(/fewer points/);
});

test('patterns', () => {
  expect(matches('*', 'anything')).toBe(true);
  expect(matches('eth*', 'eth0')).toBe(true);
  expect(matches('*er', 'user')).toBe(true);
  expect(matches('u*s*r', 'user')).toBe(true);
  expect(matches('ab*ba', 'aba')).toBe(false);
  expect(matches('user', 'users')).toBe(false);
});

/** The definition of an answer, written as naively as possible, for one chart with an update interval of one second. */
function naive(values: readonly number[], nowSecond: number, query: MetricsQuery): [number, number | null][] {
  const firstSecond = nowSecond - values.length + 1;
  const at = (second: number): number =>
    second > nowSecond - retentionSeconds ? (values[second - firstSecond] ?? NaN) : NaN;
  const { range, group } = query;
  const asked = range.before > 0 ? range.before : nowSecond + range.before;
  const before = Math.min(asked, nowSecond);
  const after = Math.max(range.after > 0 ? range.after : asked + range.after, nowSecond - retentionSeconds);
  const seconds = before - after;
  if (seconds <= 0) return [];
  let length = range.points > 0 ? Math.max(1, Math.ceil(seconds / range.points)) : 1;
  while (range.groupTimeSeconds > 0 && length % range.groupTimeSeconds !== 0) length++;
  const rows: [number, number | null][] = [];
  for (let end = before; end > before - 2 * retentionSeconds; end--) {
    if (range.aligned ? end % length !== 0 : (before - end) % length !== 0) continue;
    const start = end - length;
    const newestRow = rows.length === 0 && range.aligned;
    if (!newestRow && end <= after) break;
    if (start < nowSecond - retentionSeconds || end < firstSecond) break;
    const members: number[] = [];
    for (let second = start + 1; second <= end; second++)
      if (!Number.isNaN(at(second))) members.push(Math.fround(at(second)));
    rows.push([
      end,
      members.length === 0
        ? null
        : naiveGroup(group, members) * (group === 'average' ? range.groupTimeSeconds || 1 : 1),
    ]);
  }
  return rows;
}

function naiveGroup(group: GroupingName, members: readonly number[]): number {
  const sorted = [...members].sort((a, b) => a - b);
  const byMagnitude = [...members].sort((a, b) => Math.abs(a) - Math.abs(b));
  const total = members.reduce((a, b) => a + b, 0);
  const mean = total / members.length;
  const middle = (sorted.length - 1) / 2;
  switch (group) {
    case 'average':
      return mean;
    case 'sum':
      return total;
    case 'min':
      return byMagnitude[0] as number;
    case 'max':
      return byMagnitude[byMagnitude.length - 1] as number;
    case 'median':
      return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
    case 'stddev': {
      const squares = members.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return members.length < 2 ? 0 : Math.sqrt(squares / (members.length - 1));
    }
    case 'incremental-sum':
      return (members[members.length - 1] as number) - (members[0] as number);
  }
}

const anyQuery = fc.record({
  values: fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 100_000 }).map((n) => n / 8) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    ),
    {
      minLength: 1,
      maxLength: 700,
    },
  ),
  nowSecond: fc.integer({ min: 5000, max: 6000 }),
  after: fc.integer({ min: -700, max: -1 }),
  before: fc.oneof(fc.integer({ min: -300, max: 0 }), fc.integer({ min: 4900, max: 6100 })),
  points: fc.integer({ min: 0, max: 50 }),
  groupTimeSeconds: fc.constantFrom(0, 0, 1, 7, 60),
  aligned: fc.boolean(),
  group: fc.constantFrom(...(Object.keys(groupings) as GroupingName[])),
});

test('equals the naive definition', () => {
  fc.assert(
    fc.property(anyQuery, ({ values, nowSecond, ...over }) => {
      const chart = fill(emptyStore(), shape('a'), nowSecond, { x: values });
      const query = ask([chart], over);
      const expected = naive(values, nowSecond, query);
      const actual = rowsOf(query, nowSecond);
      expect(actual.map(([time]) => time)).toEqual(expected.map(([time]) => time));
      for (const [i, [, value]] of actual.entries()) {
        const wanted = expected[i]?.[1] ?? null;
        if (wanted === null || value === undefined || value === null) expect(value).toBe(wanted);
        else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted)));
      }
      if (over.points > 0) expect(actual.length).toBeLessThanOrEqual(over.points);
    }),
    { numRuns: 500 },
  );
});

test('the rows of a past time never change while time goes on', () => {
  fc.assert(
    fc.property(anyQuery, fc.integer({ min: 1, max: 50 }), ({ values, nowSecond, ...over }, later) => {
      const store = emptyStore();
      const chart = fill(store, shape('a'), nowSecond, { x: values });
      const query = ask([chart], { ...over, after: nowSecond - 300, before: nowSecond - 100 });
      const first = rowsOf(query, nowSecond);
      for (let second = nowSecond + 1; second <= nowSecond + later; second++)
        chart.dimensions[0]?.ring.write(second, 1);
      expect(JSON.stringify(rowsOf(query, nowSecond + later))).toBe(JSON.stringify(first));
    }),
  );
});
