// The answer of a function as a table. Agents of many versions and collectors answer: a column that cannot be read is left out, and
// everything is bounded. Pure.

import { z } from 'zod';

const text = z.string().max(1000).catch('');
const flag = z.boolean().catch(false);

const ColumnAnswer = z.object({
  index: z.int().min(0).max(1000),
  name: text,
  type: text,
  units: text,
  visualization: text,
  value_options: z
    .object({
      units: text,
      transform: text,
      decimal_points: z.int().min(0).max(6).optional().catch(undefined),
      decimals_points: z.int().min(0).max(6).optional().catch(undefined),
    })
    .catch({ units: '', transform: '' }),
  max: z.number().optional().catch(undefined),
  sort: text,
  sortable: z.boolean().catch(true),
  sticky: flag,
  unique_key: flag,
  visible: flag,
  full_width: flag,
  dummy: flag,
});

const Option = z.object({ id: z.string().min(1).max(200), name: z.string().max(200).catch('') });
const Parameter = z.object({ id: z.string().min(1).max(200), name: text, options: z.array(Option).min(1).max(200) });

const TableAnswer = z.object({
  status: z.number().catch(200),
  type: z.string().max(100).catch(''),
  update_every: z.number().min(0).max(86_400).catch(1),
  help: z.string().max(10_000).catch(''),
  columns: z.record(z.string(), z.unknown()).catch({}),
  data: z.array(z.array(z.unknown())).catch([]),
  default_sort_column: text,
  required_params: z.array(z.unknown()).catch([]),
  error_message: z.string().max(1000).optional().catch(undefined),
  errorMessage: z.string().max(1000).optional().catch(undefined),
});

/** How the values of a column are written and compared. */
export type ColumnKind = 'number' | 'text' | 'boolean' | 'duration' | 'time-ms' | 'time-us';

export interface Column {
  /** Names it in addresses. */
  key: string;
  /** What stands above it. */
  label: string;
  /** Explains it. */
  name: string;
  /** Where its values are in a row. */
  index: number;
  kind: ColumnKind;
  units: string;
  /** Digits behind the point; null = as many as there are. */
  decimals: number | null;
  /** The value that fills its bar; null = it has no bar. */
  barMax: number | null;
  isShownFirst: boolean;
  isSortable: boolean;
  /** Whether the largest comes first when somebody begins to sort by it. */
  isDescending: boolean;
  isUnique: boolean;
  isWide: boolean;
}

export interface Parameter {
  id: string;
  name: string;
  options: { id: string; name: string }[];
}

export type Row = readonly unknown[];

export interface Table {
  columns: Column[];
  rows: Row[];
  updateEverySeconds: number;
  help: string;
  /** Key of a column; null = the order of the agent. */
  sortFirst: string | null;
  parameters: Parameter[];
}

/** `other`: an answer that is no table, with what it calls itself. `refused`: the answer itself says that it failed. */
export type FunctionAnswer =
  | { kind: 'table'; table: Table }
  | { kind: 'other'; type: string }
  | { kind: 'refused'; status: number; reason: string };

const mostColumns = 200;
const mostRows = 50_000;

/** Durations this fine are read as numbers with their unit: a round trip of `0.04` ms is not `0 s`. */
const fineUnits: ReadonlySet<string> = new Set(['ms', 'milliseconds', 'us', 'µs', 'microseconds', 'ns', 'nanoseconds']);

function kindOf(type: string, transform: string, units: string): ColumnKind {
  if (transform === 'duration' || type === 'duration') return fineUnits.has(units) ? 'number' : 'duration';
  if (transform === 'datetime_usec') return 'time-us';
  if (transform === 'datetime' || type === 'timestamp') return 'time-ms';
  if (type === 'boolean') return 'boolean';
  return type === 'integer' || type === 'bar-with-integer' || transform === 'number' ? 'number' : 'text';
}

function columnOf(key: string, candidate: unknown, rows: Row[]): Column | null {
  const answer = ColumnAnswer.safeParse(candidate);
  if (!answer.success) return null;
  const { index, name, type, units, visualization, value_options: options, max, sort } = answer.data;
  if (answer.data.dummy || visualization === 'rowOptions') return null;
  const kind = kindOf(type, options.transform, options.units || units);
  const hasBar = kind === 'number' && (visualization === 'bar' || type === 'bar-with-integer');
  return {
    key,
    label: key,
    name: name || key,
    index,
    kind,
    units: unitsOf(key, kind, options.units || units),
    decimals: kind === 'number' ? (options.decimal_points ?? options.decimals_points ?? null) : null,
    barMax: hasBar ? (max !== undefined && max > 0 ? max : largestOf(rows, index)) : null,
    isShownFirst: answer.data.visible,
    isSortable: answer.data.sortable,
    isDescending: sort.startsWith('desc'),
    isUnique: answer.data.unique_key,
    isWide: answer.data.full_width,
  };
}

/** Durations and moments are written with units of their own; `threads` beside `Threads` and `%` beside `Busy%` say nothing. */
function unitsOf(key: string, kind: ColumnKind, units: string): string {
  if (kind !== 'number' && kind !== 'text') return '';
  const words = key.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words.includes(units.toLowerCase()) || (units === '%' && key.endsWith('%')) ? '' : units;
}

const largestOf = (rows: Row[], index: number): number | null => {
  let largest = 0;
  for (const row of rows) {
    const value = row[index];
    if (typeof value === 'number' && value > largest) largest = value;
  }
  return largest > 0 ? largest : null;
};

/** Answer of `/api/v1/function` → what it is. Throws when it is no object. */
export function parseFunctionAnswer(answer: unknown): FunctionAnswer {
  const { status, type, columns, data, ...rest } = TableAnswer.parse(answer);
  if (status >= 400) return { kind: 'refused', status, reason: rest.error_message ?? rest.errorMessage ?? '' };
  if (type !== 'table' || Object.keys(columns).length === 0) return { kind: 'other', type };
  const rows = data.slice(0, mostRows);
  const known = Object.entries(columns)
    .slice(0, mostColumns)
    .map(([key, candidate]) => columnOf(key, candidate, rows))
    .filter((column) => column !== null)
    .sort((a, b) => a.index - b.index);
  // A table that shows nothing at first would look empty.
  const shown = known.some(({ isShownFirst }) => isShownFirst)
    ? known
    : known.map((column) => ({ ...column, isShownFirst: true }));
  return {
    kind: 'table',
    table: {
      columns: shown,
      rows,
      updateEverySeconds: rest.update_every,
      help: rest.help,
      sortFirst: shown.find(({ key }) => key === rest.default_sort_column)?.key ?? null,
      parameters: rest.required_params.flatMap((candidate) => {
        const parameter = Parameter.safeParse(candidate);
        return parameter.success ? [parameter.data] : [];
      }),
    },
  };
}

/** The text that asks for a function: its name, then `parameter:option` for each chosen option that the address holds. */
export const functionCall = (name: string, chosen: Readonly<Record<string, string>>): string =>
  [name, ...Object.entries(chosen).map(([id, option]) => `${id}:${option}`)].join(' ');
