// Stacking of columns for a chart of style `stacked`. Pure.

/** What is drawn: columns to plot, and pairs [upper, lower] of column numbers between which is filled; lower -1 = zero. */
export interface Stacked {
  columns: (number | null)[][];
  bands: [upper: number, lower: number][];
}

/**
 * Adds up the shown columns. Dimensions that are below zero (what is sent, beside what is received) are stacked downwards.
 * A gap in one column counts as nothing, a gap in all columns stays a gap.
 */
export function stacked(columns: (number | null)[][], shown: boolean[]): Stacked {
  const length = columns[0]?.length ?? 0;
  const gapAt = Array.from({ length }, (_, at) =>
    columns.every((column, n) => shown[n] === false || column[at] === null),
  );
  const sums = { up: Array.from({ length }, () => 0), down: Array.from({ length }, () => 0) };
  const below: { up: number; down: number } = { up: -1, down: -1 };
  const bands: [number, number][] = [];
  const result = columns.map((column, n) => {
    if (shown[n] === false) return column.map(() => null);
    const side = column.reduce<number>((sum, value) => sum + (value ?? 0), 0) < 0 ? 'down' : 'up';
    const sum = sums[side];
    bands.push([n, below[side]]);
    below[side] = n;
    return column.map((value, at) => {
      if (gapAt[at]) return null;
      const next = (sum[at] ?? 0) + (value ?? 0);
      sum[at] = next;
      return next;
    });
  });
  return { columns: result, bands };
}
