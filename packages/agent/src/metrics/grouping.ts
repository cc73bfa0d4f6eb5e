// How the samples of one row become one value. Gaps never count; a row of gaps only is a gap.

import type { Ring } from './ring.ts';

/** Samples of one dimension from `from` to `to`, both inclusive → one value, or NaN when all are gaps. */
type Grouping = (ring: Ring, from: number, to: number) => number;

function average(ring: Ring, from: number, to: number): number {
  let total = 0;
  let count = 0;
  for (let slot = from; slot <= to; slot++) {
    const value = ring.read(slot);
    if (value !== value) continue;
    total += value;
    count++;
  }
  return total / count; // 0 / 0 is the gap
}

function sum(ring: Ring, from: number, to: number): number {
  let total = NaN;
  for (let slot = from; slot <= to; slot++) {
    const value = ring.read(slot);
    if (value === value) total = total === total ? total + value : value;
  }
  return total;
}

/** Smallest by magnitude: what is sent or written is kept as a negative number, and its minimum is its quietest second. */
function min(ring: Ring, from: number, to: number): number {
  let least = NaN;
  for (let slot = from; slot <= to; slot++) {
    const value = ring.read(slot);
    if (value === value && !(Math.abs(value) >= Math.abs(least))) least = value;
  }
  return least;
}

/** Largest by magnitude, for the reason given at `min`. */
function max(ring: Ring, from: number, to: number): number {
  let most = NaN;
  for (let slot = from; slot <= to; slot++) {
    const value = ring.read(slot);
    if (value === value && !(Math.abs(value) <= Math.abs(most))) most = value;
  }
  return most;
}

function median(ring: Ring, from: number, to: number): number {
  const values = new Float64Array(to - from + 1);
  let count = 0;
  for (let slot = from; slot <= to; slot++) {
    const value = ring.read(slot);
    if (value === value) values[count++] = value;
  }
  const sorted = values.subarray(0, count).sort();
  const low = sorted[(count - 1) >> 1] ?? NaN;
  const high = sorted[count >> 1] ?? NaN;
  return (low + high) / 2;
}

/** Of a sample (÷ n − 1); 0 for a single value. */
function standardDeviation(ring: Ring, from: number, to: number): number {
  const mean = average(ring, from, to);
  let squares = 0;
  let count = 0;
  for (let slot = from; slot <= to; slot++) {
    const value = ring.read(slot);
    if (value !== value) continue;
    squares += (value - mean) * (value - mean);
    count++;
  }
  if (count === 0) return NaN;
  return count === 1 ? 0 : Math.sqrt(squares / (count - 1));
}

/** Last minus first value of the row: how far a level moved; 0 for a single value. */
function incrementalSum(ring: Ring, from: number, to: number): number {
  let first = NaN;
  let last = NaN;
  for (let slot = from; slot <= to; slot++) {
    const value = ring.read(slot);
    if (value !== value) continue;
    if (first !== first) first = value;
    last = value;
  }
  return last - first;
}

/** The names that `group=` takes, in the order in which they are told. */
export const groupings = {
  average,
  min,
  max,
  sum,
  median,
  stddev: standardDeviation,
  'incremental-sum': incrementalSum,
} satisfies Record<string, Grouping>;

export type GroupingName = keyof typeof groupings;
