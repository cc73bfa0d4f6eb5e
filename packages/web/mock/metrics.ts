// Synthetic metrics: every value is a function of chart, dimension and second, so history and live rows always agree.

import { mockCharts, type MockChart } from './mock-charts.ts';

const hash = (text: string): number => {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16777619);
  // Texts that differ in their last character only shall differ everywhere.
  value = Math.imul(value ^ (value >>> 16), 2246822507);
  value = Math.imul(value ^ (value >>> 13), 3266489909);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
};

/** A dimension's value at a second; null = the collector missed it. `seed` makes nodes differ. */
export function mockValue(seed: string, chart: MockChart, dimension: string, second: number): number | null {
  const { around, swing } = chart.dimensions[dimension] ?? { around: 0, swing: 0 };
  if (chart.id === 'system.uptime') return second - 1_780_000_000 + hash(seed) * 1e6;
  const phase = hash(seed + chart.id + dimension) * 1000;
  // Some seconds are missing in every chart of a node, as after a suspend.
  if (Math.floor((second + hash(seed) * 900) % 900) < 14) return null;
  const waves =
    Math.sin((second + phase) / 37) * 0.45 +
    Math.sin((second + phase) / 11) * 0.22 +
    Math.sin((second + phase) / 173) * 0.33;
  const noise = (hash(`${seed}${chart.id}${dimension}${second}`) - 0.5) * 0.5;
  const burst = Math.floor((second + phase) / 120) % 5 === 0 ? 0.6 : 0;
  const value = around + swing * (waves + noise + burst) * Math.sign(around || 1);
  return around >= 0 ? Math.max(0, value) : Math.min(0, value);
}

/** What GET /api/v1/charts of an agent answers. */
export const chartsAnswer = (firstSecond: number, nowSecond: number) => ({
  charts: Object.fromEntries(
    mockCharts.map((one) => [
      one.id,
      {
        id: one.id,
        name: one.name ?? one.id,
        type: one.id.split('.')[0],
        family: one.family,
        context: one.context ?? one.id,
        title: `${one.title} (${one.name ?? one.id})`,
        priority: one.priority,
        units: one.units,
        chart_type: one.chartType,
        update_every: one.updateEvery ?? 1,
        first_entry: firstSecond,
        last_entry: nowSecond,
        dimensions: Object.fromEntries(Object.keys(one.dimensions).map((name) => [name, { name }])),
      },
    ]),
  ),
});

/** What GET /api/v1/data of an agent answers: averages over at most `points` rows, newest first. */
export function dataAnswer(
  seed: string,
  query: URLSearchParams,
  nowSecond: number,
  firstSecond: number,
): { labels: string[]; data: (number | null)[][] } | null {
  const one = mockCharts.find(({ id }) => id === query.get('chart'));
  if (!one) return null;
  const names = Object.keys(one.dimensions);
  const every = one.updateEvery ?? 1;
  const relative = (value: number, from: number): number => (value <= 0 ? from + value : value);
  const before = Math.min(nowSecond, relative(Number(query.get('before') ?? 0), nowSecond));
  const after = relative(Number(query.get('after') ?? -600), before);
  const asked = Number(query.get('points') ?? 0);
  const step = Math.max(every, asked > 0 ? Math.ceil((before - after) / asked) : 1);
  const data: (number | null)[][] = [];
  for (let at = Math.floor(before / step) * step; at > after; at -= step) {
    if (at <= firstSecond) break;
    data.push([at, ...names.map((name) => average(seed, one, name, at, step, every))]);
  }
  return { labels: ['time', ...names], data };
}

function average(seed: string, one: MockChart, name: string, at: number, step: number, every: number): number | null {
  let sum = 0;
  let count = 0;
  for (let second = at; second > at - step; second -= every) {
    const value = mockValue(seed, one, name, second);
    if (value === null) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? null : Number((sum / count).toFixed(4));
}
