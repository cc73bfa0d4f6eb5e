// Sorting and finding rows of a function's table. Pure.

import { holdsWords } from '../ui/holds-words.ts';
import { rawText } from './cell-text.ts';
import type { Column, Row } from './function-table.ts';

/** Numbers within texts count as numbers: `sda2` is before `sda10`. */
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What a cell is compared by; null = it has no value. */
function sortValue(value: unknown): number | string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return rawText(value);
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  return typeof b === 'number' ? 1 : natural.compare(a, b);
}

/** Sorted rows; cells without a value come last in both directions, and what is equal keeps its place. */
export function sortedRows(rows: readonly Row[], column: Column | null, isDescending: boolean): Row[] {
  if (!column) return [...rows];
  const sign = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: sortValue(row[column.index]) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

/** Rows any of whose cells hold the words that were typed; also those of columns that are not shown. */
export const rowsMatching = (rows: readonly Row[], columns: readonly Column[], find: string): readonly Row[] =>
  find.trim() === ''
    ? rows
    : rows.filter((row) =>
        holdsWords(
          find,
          columns.map(({ index }) => rawText(row[index])),
        ),
      );

/** Names a row while tables follow each other: its unique cells, or its place where it has none. */
export const rowKey = (row: Row, unique: readonly Column[], at: number): string =>
  unique.length === 0 ? String(at) : unique.map(({ index }) => rawText(row[index])).join('\u0000');
