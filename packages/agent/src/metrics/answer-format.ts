// An answer as text: what `format=` and `options=` of /api/v1/data select.

import { sampleText } from './number-text.ts';
import type { QueryAnswer } from './query.ts';

/** The names that `format=` takes, in the order in which they are told. */
export const formats = ['json', 'csv', 'ssv', 'array'] as const;
export type AnswerFormat = (typeof formats)[number];

export interface FormatOptions {
  format: AnswerFormat;
  /** Time as seconds since 1970, milliseconds since 1970, or `YYYY-MM-DD hh:mm:ss` in local time (CSV only). */
  time: 'seconds' | 'ms' | 'text';
  /** Rows are newest first; this turns them around. */
  oldestFirst: boolean;
}

export const contentTypes: Record<AnswerFormat, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ssv: 'text/plain; charset=utf-8',
  array: 'application/json; charset=utf-8',
};

/** The rows as text. `ssv` and `array` have one value per row, the sum of its dimensions. */
export function formatRows(answer: QueryAnswer, options: FormatOptions): string {
  switch (options.format) {
    case 'json':
      return jsonRows(answer, options);
    case 'csv':
      return csvRows(answer, options);
    case 'ssv':
      return rowOrder(answer, options)
        .map((row) => sampleText(rowTotal(answer, row)))
        .join(' ');
    case 'array':
      return `[${rowOrder(answer, options)
        .map((row) => sampleText(rowTotal(answer, row)))
        .join(',')}]`;
  }
}

/** What `options=jsonwrap` puts around the rows. `id` and `name` are the chart's id, or the context that was asked for. */
export function wrapRows(answer: QueryAnswer, subject: { id: string; name: string }, options: FormatOptions): string {
  const { window, dimensions } = answer;
  const newestRow = window.rows - 1;
  const [low, high] = extremes(answer);
  const rows = formatRows(answer, options);
  const isJson = options.format === 'json' || options.format === 'array';
  const fields: [string, string][] = [
    ['api', '1'],
    ['id', JSON.stringify(subject.id)],
    ['name', JSON.stringify(subject.name)],
    ['view_update_every', String(window.stepSeconds)],
    ['update_every', String(answer.updateEverySeconds)],
    ['first_entry', String(answer.firstSecond)],
    ['last_entry', String(answer.lastSecond)],
    ['before', String(window.startSecond + window.rows * window.stepSeconds)],
    ['after', String(window.startSecond + (window.rows > 0 ? window.stepSeconds : 0))],
    ['dimension_names', JSON.stringify(dimensions.map(({ name }) => name))],
    ['dimension_ids', JSON.stringify(dimensions.map(({ id }) => id))],
    ['latest_values', list(dimensions.map(({ latest }) => latest))],
    ['view_latest_values', list(dimensions.map(({ values }) => values[newestRow] ?? NaN))],
    ['dimensions', String(dimensions.length)],
    ['points', String(window.rows)],
    ['format', JSON.stringify(options.format)],
    ['result', isJson ? rows : JSON.stringify(rows)],
    ['min', sampleText(low)],
    ['max', sampleText(high)],
  ];
  return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

function list(values: readonly number[]): string {
  return `[${values.map(sampleText).join(',')}]`;
}

function jsonRows(answer: QueryAnswer, options: FormatOptions): string {
  const labels = JSON.stringify(['time', ...answer.dimensions.map(({ name }) => name)]);
  let data = '';
  for (const row of rowOrder(answer, options)) {
    data += `${data === '' ? '' : ','}[${timeText(answer, row, options)}`;
    for (const { values } of answer.dimensions) data += `,${sampleText(values[row] as number)}`;
    data += ']';
  }
  return `{"labels":${labels},"data":[${data}]}`;
}

function csvRows(answer: QueryAnswer, options: FormatOptions): string {
  let text = `time${answer.dimensions.map(({ name }) => `,${csvField(name)}`).join('')}\r\n`;
  for (const row of rowOrder(answer, options)) {
    text += timeText(answer, row, options);
    for (const { values } of answer.dimensions) text += `,${sampleText(values[row] as number)}`;
    text += '\r\n';
  }
  return text;
}

/** A device can have any name; a quote or comma in it must not make a column. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function rowOrder(answer: QueryAnswer, options: FormatOptions): number[] {
  const rows = Array.from({ length: answer.window.rows }, (_, i) => i);
  return options.oldestFirst ? rows : rows.reverse();
}

function timeText({ window }: QueryAnswer, row: number, options: FormatOptions): string {
  const second = window.startSecond + (row + 1) * window.stepSeconds;
  if (options.time === 'ms') return String(second * 1000);
  if (options.time === 'seconds') return String(second);
  const at = new Date(second * 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  return (
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  );
}

function rowTotal(answer: QueryAnswer, row: number): number {
  let total = NaN;
  for (const { values } of answer.dimensions) {
    const value = values[row] as number;
    if (!Number.isNaN(value)) total = Number.isNaN(total) ? value : total + value;
  }
  return total;
}

function extremes({ dimensions }: QueryAnswer): [number, number] {
  let low = NaN;
  let high = NaN;
  for (const { values } of dimensions) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      if (!(value >= low)) low = value;
      if (!(value <= high)) high = value;
    }
  }
  return [low, high];
}
