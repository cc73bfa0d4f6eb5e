// A table as functions answer it: rows of cells, and columns that say how a page shows, sorts, filters and sums them up.

import type { Cell, FilledTable } from './agent-function.ts';

/** Rows of one answer: 5,000 processes are about 0.5 MB of JSON; the link takes 16 MiB, a page far less. */
export const maxRows = 5000;

export interface Column<Row> {
  key: string;
  /** For people. */
  name: string;
  type: 'string' | 'integer' | 'bar-with-integer' | 'duration';
  cell: (row: Row) => Cell;
  units?: string;
  decimals?: number;
  /** Hidden until somebody asks for it. */
  isHidden?: boolean;
  /** Whether it names the row, possibly together with other such columns. */
  isKey?: boolean;
  /** Stays in sight when the table is moved. */
  isSticky?: boolean;
  isWide?: boolean;
  /** The column whose value this one repeats, as a parent's process id does. */
  pointsTo?: string;
  filter?: 'none' | 'range' | 'multiselect';
  summary?: 'count' | 'sum' | 'max';
}

interface NamedColumns {
  name: string;
  columns: readonly string[];
}

export interface TableSpec<Row> {
  columns: readonly Column<Row>[];
  defaultSort: string;
  /** Ways to draw it. */
  charts: Readonly<Record<string, NamedColumns>>;
  /** Chart and the column to group by, those that are drawn first. */
  defaultCharts: readonly (readonly [chart: string, column: string])[];
  groupBy: Readonly<Record<string, NamedColumns>>;
}

const usual = {
  string: { visualization: 'value', transform: 'none', sort: 'ascending', summary: 'count', filter: 'multiselect' },
  integer: { visualization: 'value', transform: 'number', sort: 'ascending', summary: 'count', filter: 'multiselect' },
  'bar-with-integer': {
    visualization: 'bar',
    transform: 'number',
    sort: 'descending',
    summary: 'sum',
    filter: 'range',
  },
  duration: { visualization: 'bar', transform: 'duration', sort: 'descending', summary: 'max', filter: 'range' },
} as const;

/** `all`: in the order in which they may be cut off. */
export function fillTable<Row>(spec: TableSpec<Row>, all: readonly Row[]): FilledTable {
  const rows = all.slice(0, maxRows);
  const data = rows.map((row) => spec.columns.map(({ cell }) => plain(cell(row))));
  const columns = spec.columns.map((column, index) => [column.key, describeColumn(column, index, data)]);
  const charts = Object.entries(spec.charts).map(([key, chart]) => [key, { ...chart, type: 'stacked-bar' }]);
  const table = {
    data,
    columns: Object.fromEntries(columns),
    default_sort_column: spec.defaultSort,
    charts: Object.fromEntries(charts),
    default_charts: spec.defaultCharts,
    group_by: spec.groupBy,
  };
  return { table, total: all.length, shown: rows.length };
}

/** JSON has no NaN; nobody reads more than a hundredth. */
const plain = (cell: Cell): Cell =>
  typeof cell !== 'number' ? cell : Number.isFinite(cell) ? Math.round(cell * 100) / 100 : null;

function describeColumn<Row>(column: Column<Row>, index: number, data: readonly Cell[][]): object {
  const { type, units, pointsTo } = column;
  const { visualization, transform, sort, summary, filter } = usual[type];
  const unit = units === undefined ? {} : { units };
  return {
    index,
    unique_key: column.isKey ?? false,
    name: column.name,
    visible: !(column.isHidden ?? false),
    type,
    ...unit,
    visualization,
    value_options: { ...unit, transform, decimal_points: column.decimals ?? 0, default_value: null },
    ...(visualization === 'bar' ? { max: largest(data, index) } : {}),
    ...(pointsTo === undefined ? {} : { pointer_to: pointsTo }),
    sort,
    sortable: true,
    sticky: column.isSticky ?? false,
    summary: column.summary ?? summary,
    filter: column.filter ?? filter,
    full_width: column.isWide ?? false,
    wrap: false,
    default_expanded_filter: false,
  };
}

function largest(data: readonly Cell[][], index: number): number {
  let max = 0;
  for (const row of data) if (Number(row[index]) > max) max = Number(row[index]);
  return max;
}
