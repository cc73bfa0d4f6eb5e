// The cells of a function's table as text. Values come from strangers: whatever they are, text comes out. Pure.

import { plainText } from '../ui/plain-text.ts';
import { durationWords, momentWords } from '../ui/time-words.ts';
import type { Column } from './function-table.ts';

/** More is not read in a cell; the whole would only slow the page down. */
const longest = 1_000;

const figures = Array.from(
  { length: 7 },
  (_, digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);
const anyFigures = new Intl.NumberFormat('en', { maximumFractionDigits: 3, useGrouping: false });

export const noCell = '–';

/** Milliseconds since 1970 → the moment; what is no moment stays a number. */
const momentOf = (ms: number): string =>
  Math.abs(ms) <= 8.64e15 ? momentWords(new Date(ms).toISOString()) : String(ms);

function numberText(value: number, { kind, decimals }: Pick<Column, 'kind' | 'decimals'>): string {
  if (!Number.isFinite(value)) return noCell;
  if (kind === 'duration') return durationWords(value * 1000);
  // Zero is how agents write that it never was.
  if (kind === 'time-ms') return value === 0 ? noCell : momentOf(value);
  if (kind === 'time-us') return value === 0 ? noCell : momentOf(Math.round(value / 1000));
  if (kind === 'boolean') return value === 0 ? 'no' : 'yes';
  return decimals === null || decimals === 0
    ? anyFigures.format(value)
    : (figures[decimals] ?? anyFigures).format(value);
}

/** `column.decimals` null or 0: ids and counts are written as they are, without marks between thousands. */
export function cellText(value: unknown, column: Pick<Column, 'kind' | 'decimals'>): string {
  if (value === null || value === undefined || value === '') return noCell;
  if (typeof value === 'number') return numberText(value, column);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return rawText(value);
}

/** A value of any form as plain text of bounded length. */
export function rawText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return plainText(value.slice(0, longest));
  if (Array.isArray(value)) return plainText(value.slice(0, 50).map(jsonText).join(', ').slice(0, longest));
  return plainText(jsonText(value).slice(0, longest));
}

/** Texts as they are, all else as JSON writes it. */
const jsonText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** How full the bar of a cell is, 0 to 1; null = no bar. */
export function barShare(value: unknown, { barMax }: Pick<Column, 'barMax'>): number | null {
  if (barMax === null || typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.min(1, Math.max(0, value / barMax));
}

const widthOf = { perCharacter: 7.4, around: 30, arrow: 18, least: 72, bar: 112, most: 280, mostWide: 460 } as const;
/** Rows whose texts are measured. */
const measuredRows = 200;

/** A column's width in pixels, by its longest text among the first rows: fixed, so that nothing moves while rows come and go. */
export function columnWidth(column: Column, rows: readonly (readonly unknown[])[]): number {
  const { perCharacter, around, arrow, least, bar, most, mostWide } = widthOf;
  const head = [column.label, column.units].filter(Boolean).join(' ').length * perCharacter + arrow;
  const longestCell = rows
    .slice(0, measuredRows)
    .reduce((before, row) => Math.max(before, cellText(row[column.index], column).length), 0);
  const wanted = Math.round(Math.max(head, longestCell * perCharacter) + around);
  return Math.min(column.isWide ? mostWide : most, Math.max(column.barMax === null ? least : bar, wanted));
}
