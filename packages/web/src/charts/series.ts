// Rows of one chart over time, held as columns because that is what is drawn. Pure.

import type { Rows } from './agent-answers.ts';

export interface Series {
  dimensions: string[];
  /** Seconds since 1970, ascending. */
  times: number[];
  /** One column per dimension, as long as `times`; null = a gap. */
  columns: (number | null)[][];
  /** Usual seconds between two rows; what is further apart is a gap. */
  stepSeconds: number;
}

export const emptySeries: Series = { dimensions: [], times: [], columns: [], stepSeconds: 1 };

/** Half a step of tolerance: rows are aligned, so the next row is exactly one step away, or one is missing. */
const gapFactor = 1.5;

/** Makes a series of rows (oldest first). The step is the smallest distance seen, but at least `updateEverySeconds`. */
export function seriesOf(rows: Rows, updateEverySeconds: number): Series {
  let stepSeconds = Infinity;
  for (let i = 1; i < rows.rows.length; i++) {
    const distance = Number(rows.rows[i]?.[0]) - Number(rows.rows[i - 1]?.[0]);
    if (distance > 0) stepSeconds = Math.min(stepSeconds, distance);
  }
  const series: Series = {
    dimensions: rows.dimensions,
    times: [],
    columns: rows.dimensions.map(() => []),
    stepSeconds: Math.max(updateEverySeconds, Number.isFinite(stepSeconds) ? stepSeconds : updateEverySeconds),
  };
  for (const row of rows.rows) push(series, row, series.dimensions, series.stepSeconds);
  return series;
}

export interface Appended {
  series: Series;
  /** True when a row was missing between the old rows and the new ones. */
  foundGap: boolean;
}

/**
 * Adds newer rows. Rows not newer than the last one are skipped (a watch overlaps with the history); a missing row becomes a
 * gap; a dimension that appears or vanishes gets nulls where it has no values; rows older than `keepSeconds` are let go.
 */
export function appended(series: Series, live: Rows, keepSeconds: number, updateEverySeconds: number): Appended {
  const next = withDimensions(series, live.dimensions);
  const before = next.times.length;
  let foundGap = false;
  for (const row of live.rows) {
    const last = next.times.at(-1);
    if (last !== undefined && Number(row[0]) <= last) continue;
    // Old rows may be averages over several seconds; between two live rows the distance is the collection's own.
    const allowed = next.times.length === before ? series.stepSeconds : updateEverySeconds;
    if (push(next, row, live.dimensions, allowed)) foundGap = true;
  }
  const newest = next.times.at(-1) ?? 0;
  const keepFrom = next.times.findIndex((time) => time >= newest - keepSeconds);
  if (keepFrom > 0) {
    next.times.splice(0, keepFrom);
    for (const column of next.columns) column.splice(0, keepFrom);
  }
  return { series: next, foundGap };
}

/** Appends one row, with a row of nulls before it when it comes too late. Says whether that was so. */
function push(series: Series, row: (number | null)[], dimensions: string[], allowedSeconds: number): boolean {
  const time = Number(row[0]);
  const last = series.times.at(-1);
  if (last !== undefined && time <= last) return false;
  const late = last !== undefined && time - last > allowedSeconds * gapFactor;
  if (late) {
    series.times.push(last + allowedSeconds);
    for (const column of series.columns) column.push(null);
  }
  series.times.push(time);
  series.dimensions.forEach((name, at) => {
    const from = dimensions === series.dimensions ? at : dimensions.indexOf(name);
    series.columns[at]?.push(from < 0 ? null : (row[from + 1] ?? null));
  });
  return late;
}

/** A copy that has at least the given dimensions. */
function withDimensions(series: Series, names: string[]): Series {
  const missing = names.filter((name) => !series.dimensions.includes(name));
  return {
    dimensions: [...series.dimensions, ...missing],
    times: series.times.slice(),
    columns: [...series.columns.map((column) => column.slice()), ...missing.map(() => series.times.map(() => null))],
    stepSeconds: series.stepSeconds,
  };
}

/** The values at the newest row that has any; empty when there is none. */
export function newestValues(series: Series): (number | null)[] {
  for (let at = series.times.length - 1; at >= 0; at--) {
    const values = series.columns.map((column) => column[at] ?? null);
    if (values.some((value) => value !== null)) return values;
  }
  return [];
}
