// The answer to one question about samples: range, rows, dimensions. Pure: reads the store's series, changes nothing.

import { groupings, type GroupingName } from './grouping.ts';
import type { Ring } from './ring.ts';
import { firstSecondOf, type StoredChart } from './store.ts';
import { resolveWindow, type RequestedRange, type Window } from './window.ts';

export interface MetricsQuery {
  /** One chart, or all charts of one context. Never empty; all have the same update interval. */
  charts: readonly StoredChart[];
  range: RequestedRange;
  group: GroupingName;
  /** Ids or names of dimensions, `*` stands for any text; empty = all that are not hidden. */
  dimensions: readonly string[];
  /** Each value as its share, in percent, of the row's total over all dimensions, hidden and unselected ones too. */
  percentage: boolean;
  absolute: boolean;
  /** Leaves out dimensions that are zero in all rows, unless all are. */
  nonzero: boolean;
  nullToZero: boolean;
}

/** One column. `values` has one number per row, oldest first; NaN is a gap. */
export interface AnsweredDimension {
  id: string;
  name: string;
  values: Float64Array;
  /** The newest sample of the dimension, whatever range was asked for; NaN when there is none. */
  latest: number;
}

export interface QueryAnswer {
  window: Window;
  updateEverySeconds: number;
  firstSecond: number;
  lastSecond: number;
  dimensions: AnsweredDimension[];
}

/** What the store knows about time when the question is asked. */
export interface QueryTime {
  nowSecond: number;
  retentionSeconds: number;
}

/** Largest answer: 250,000 values are about 2.5 MB of JSON. */
export const maxAnswerValues = 250_000;

/** A question that cannot be answered; the message is one sentence for whoever asked. */
export class QueryRefused extends Error {
  override name = 'QueryRefused';
}

/** Shares do not add up across charts, everything else (rates, sizes, counts) does. */
export function mergeByAverage(units: string): boolean {
  return /percent|%/i.test(units);
}

/**
 * Answers a question. Dimensions of several charts with the same id become one column: the sum of the charts, or their
 * average where the unit is a percentage; a chart with a gap does not count in that row.
 * @throws QueryRefused when the range is empty or the answer would be too large.
 */
export function runQuery(query: MetricsQuery, time: QueryTime): QueryAnswer {
  const first = query.charts[0];
  if (first === undefined) throw new QueryRefused('No chart was named.');
  const updateEverySeconds = first.shape.updateEverySeconds;
  const firstSecond = Math.min(...query.charts.map(firstSecondOf).filter((second) => second > 0), Infinity);
  const window = resolveWindow(query.range, {
    ...time,
    firstSecond: firstSecond === Infinity ? 0 : firstSecond,
    updateEverySeconds,
  });
  if (window === undefined) throw new QueryRefused('`after` must not be later than `before`.');

  const columns = columnsOf(query);
  const values = window.rows * columns.length;
  if (values > maxAnswerValues) {
    throw new QueryRefused(
      `The answer would hold ${values} values, the limit is ${maxAnswerValues}: ask for fewer points or dimensions.`,
    );
  }
  const dimensions = columns.map((column) => ({
    id: column.id,
    name: column.name,
    values: columnValues(query, column, window, updateEverySeconds),
    latest: mergeRow(query, column, (ring) => ring.read(ring.newestSlot)),
  }));
  if (query.percentage) toShares(dimensions, window.rows);
  for (const { values: column } of dimensions) {
    for (const [i, value] of column.entries()) {
      if (query.nullToZero && Number.isNaN(value)) column[i] = 0;
      else if (query.absolute) column[i] = Math.abs(value);
    }
  }
  return {
    window,
    updateEverySeconds,
    firstSecond: firstSecond === Infinity ? 0 : firstSecond,
    lastSecond: Math.max(...query.charts.map((chart) => chart.lastSecond)),
    dimensions: answered(query, columns, dimensions),
  };
}

interface Column {
  id: string;
  name: string;
  hidden: boolean;
  rings: Ring[];
}

function columnsOf(query: MetricsQuery): Column[] {
  const columns = new Map<string, Column>();
  for (const chart of query.charts) {
    for (const { id, name, hidden, ring } of chart.dimensions) {
      const known = columns.get(id);
      if (known === undefined) columns.set(id, { id, name, hidden, rings: [ring] });
      else known.rings.push(ring);
    }
  }
  const all = [...columns.values()];
  // Shares need the total of all columns; what was not asked for is left out in the end.
  return query.percentage ? all : all.filter((column) => isAsked(query, column));
}

/** `*` never finds a hidden dimension: it must be named. */
function isAsked(query: MetricsQuery, column: Column): boolean {
  if (query.dimensions.length === 0) return !column.hidden;
  return query.dimensions.some((wanted) => {
    if (wanted === column.id || wanted === column.name) return true;
    return !column.hidden && wanted.includes('*') && (matches(wanted, column.id) || matches(wanted, column.name));
  });
}

/** Whether `text` fits a pattern in which `*` stands for any text. Linear in both, whatever the pattern. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const head = parts[0] as string;
  const tail = parts[parts.length - 1] as string;
  if (parts.length === 1) return pattern === text;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}

function columnValues(query: MetricsQuery, column: Column, window: Window, updateEverySeconds: number): Float64Array {
  const group = groupings[query.group];
  // A mean per second × seconds: a rate becomes what came in that time (`gtime=60`: per minute).
  const scale = query.group === 'average' && query.range.groupTimeSeconds > 0 ? query.range.groupTimeSeconds : 1;
  const values = new Float64Array(window.rows);
  const firstSlot = window.startSecond / updateEverySeconds + 1;
  for (let row = 0; row < window.rows; row++) {
    const from = firstSlot + row * window.groupSlots;
    values[row] = scale * mergeRow(query, column, (ring) => group(ring, from, from + window.groupSlots - 1));
  }
  return values;
}

function mergeRow(query: MetricsQuery, column: Column, valueOf: (ring: Ring) => number): number {
  let total = 0;
  let count = 0;
  for (const ring of column.rings) {
    const value = valueOf(ring);
    if (Number.isNaN(value)) continue;
    total += value;
    count++;
  }
  if (count === 0) return NaN;
  return mergeByAverage(query.charts[0]?.shape.units ?? '') ? total / count : total;
}

function toShares(dimensions: readonly AnsweredDimension[], rows: number): void {
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (const { values } of dimensions) total += Math.abs(values[row] as number) || 0;
    for (const { values } of dimensions)
      values[row] = total === 0 ? (values[row] as number) : ((values[row] as number) * 100) / total;
  }
}

function answered(query: MetricsQuery, columns: readonly Column[], all: AnsweredDimension[]): AnsweredDimension[] {
  const asked = all.filter((_, i) => isAsked(query, columns[i] as Column));
  if (!query.nonzero) return asked;
  const lively = asked.filter(({ values }) => values.some((value) => value !== 0 && !Number.isNaN(value)));
  return lively.length > 0 ? lively : asked;
}
