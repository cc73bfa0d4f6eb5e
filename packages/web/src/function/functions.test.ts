import { describe, expect, it } from 'vitest';
import { barShare, cellText, columnWidth } from './cell-text.ts';
import { functionLabel, missingAccess, parseFunctionList } from './function-list.ts';
import { functionCall, parseFunctionAnswer, type Column } from './function-table.ts';
import { rowKey, rowsMatching, sortedRows } from './row-order.ts';
import { rowWindow } from './row-window.ts';

describe('the list of functions', () => {
  const old = { functions: { processes: { help: 'Detailed information.', timeout: 10, options: ['GLOBAL'] } } };
  const recent = {
    v: 3,
    functions: {
      'systemd-journal': { help: '', timeout: 60, tags: 'logs', access: ['signed-in', 'same-space'], priority: 200 },
      processes: {
        help: 'h',
        timeout: 900,
        version: 3,
        options: 'GLOBAL',
        tags: 'top hosts',
        access: ['signed-in', 'same-space', 'sensitive-data', 'view-config'],
        priority: 100,
      },
      broken: 'text',
    },
  };
  it('is read in every era, the most important first', () => {
    expect(parseFunctionList(old)).toEqual([
      { name: 'processes', help: 'Detailed information.', timeoutSeconds: 10, tags: [], access: [], priority: 1000 },
    ]);
    expect(parseFunctionList(recent).map(({ name, timeoutSeconds, tags }) => [name, timeoutSeconds, tags])).toEqual([
      ['processes', 60, ['top', 'hosts']],
      ['systemd-journal', 60, ['logs']],
    ]);
    expect(() => parseFunctionList({ error: 'no' })).toThrow();
  });
  it('offers to a member what a member may do', () => {
    const [processes, journal] = parseFunctionList(recent);
    expect(processes && missingAccess(processes, 'member')).toEqual(['view-config']);
    expect(processes && missingAccess(processes, 'admin')).toEqual([]);
    expect(journal && missingAccess(journal, 'member')).toEqual([]);
  });
  it('functionLabel makes words', () => expect(functionLabel('mount-points')).toBe('Mount points'));
});

const field = (index: number, change: object = {}) => ({
  index,
  name: `Column ${index}`,
  type: 'string',
  visible: true,
  visualization: 'value',
  value_options: { transform: 'none', decimal_points: 0 },
  sort: 'ascending',
  sortable: true,
  ...change,
});

const answer = {
  status: 200,
  type: 'table',
  update_every: 5,
  has_history: false,
  help: 'What runs.',
  data: [
    [12, 'worker10', 1.5, 90_061, { severity: 'warning' }],
    [7, 'worker2', null, 59, null],
  ],
  columns: {
    PID: field(0, { type: 'integer', unique_key: true, sticky: true, value_options: { transform: 'number' } }),
    Cmd: field(1, { full_width: true }),
    CPU: field(2, {
      type: 'bar-with-integer',
      visualization: 'bar',
      sort: 'descending',
      max: 3,
      value_options: { units: '%', transform: 'number', decimal_points: 2 },
    }),
    Uptime: field(3, { type: 'duration', visible: false, value_options: { transform: 'duration' } }),
    rowOptions: field(4, { visualization: 'rowOptions', dummy: true }),
    odd: { index: 'x' },
  },
  default_sort_column: 'CPU',
  required_params: [{ id: 'sockets', name: 'Sockets', options: [{ id: 'aggregated', name: 'Aggregated' }] }, 7],
};

const tableOf = (value: unknown) => {
  const parsed = parseFunctionAnswer(value);
  if (parsed.kind !== 'table') throw new Error(`is ${parsed.kind}`);
  return parsed.table;
};
const columnsOf = (value: unknown): Record<string, Column> =>
  Object.fromEntries(tableOf(value).columns.map((column) => [column.key, column]));

describe('an answer', () => {
  it('is a table with the columns that can be read', () => {
    const { columns, sortFirst, updateEverySeconds, parameters } = tableOf(answer);
    expect(columns.map(({ key, kind, barMax }) => [key, kind, barMax])).toEqual([
      ['PID', 'number', null],
      ['Cmd', 'text', null],
      ['CPU', 'number', 3],
      ['Uptime', 'duration', null],
    ]);
    expect([sortFirst, updateEverySeconds, parameters.length]).toEqual(['CPU', 5, 1]);
    expect(columns.filter(({ isShownFirst }) => isShownFirst)).toHaveLength(3);
  });
  it('of an older agent says less and is a table all the same', () => {
    const {
      help: _help,
      update_every: _every,
      default_sort_column: _sort,
      required_params: _params,
      ...older
    } = answer;
    const table = tableOf({ ...older, columns: { CPU: { index: 2, type: 'bar-with-integer', name: 'CPU time' } } });
    expect(table).toMatchObject({ updateEverySeconds: 1, sortFirst: null, parameters: [] });
    // Without a `max` the largest value fills the bar; without `visible` all are shown.
    expect(table.columns[0]).toMatchObject({ barMax: 1.5, isShownFirst: true, units: '' });
  });
  it('says a unit only where it says more than the column and its values', () => {
    const { columns } = tableOf({
      ...answer,
      columns: {
        Threads: field(0, { type: 'integer', units: 'threads' }),
        Uptime: field(3, { type: 'duration', units: 'seconds' }),
        CPU: field(2, { type: 'integer', units: '%' }),
        'Busy%': field(4, { type: 'integer', units: '%' }),
        'Old Nodes': field(5, { type: 'integer', units: 'nodes' }),
      },
    });
    expect(columns.map(({ key, units }) => [key, units])).toEqual([
      ['Threads', ''],
      ['CPU', '%'],
      ['Uptime', ''],
      ['Busy%', ''],
      ['Old Nodes', ''],
    ]);
  });
  it('writes fine durations as numbers, whose unit stays', () => {
    const value_options = { units: 'ms', transform: 'duration', decimal_points: 2, default_value: null };
    const { RTT } = columnsOf({
      ...answer,
      columns: { RTT: field(2, { type: 'duration', units: 'ms', max: 14, value_options }) },
    });
    expect(RTT).toMatchObject({ kind: 'number', units: 'ms', barMax: null });
    expect(RTT && cellText(0.042, RTT)).toBe('0.04');
  });
  it('may be something else, or a refusal', () => {
    expect(parseFunctionAnswer({ status: 200, type: 'topology', nodes: [] })).toEqual({
      kind: 'other',
      type: 'topology',
    });
    expect(parseFunctionAnswer({ status: 404, error_message: 'no such' })).toEqual({
      kind: 'refused',
      status: 404,
      reason: 'no such',
    });
    expect(() => parseFunctionAnswer('text')).toThrow();
  });
  it('is asked for with the options that were chosen', () => {
    expect(functionCall('network-connections', { sockets: 'detailed' })).toBe('network-connections sockets:detailed');
    expect(functionCall('processes', {})).toBe('processes');
  });
});

describe('cells', () => {
  const plain = { kind: 'text', decimals: null } as const;
  it.each([
    [1234.5, { kind: 'number', decimals: 2 }, '1,234.50'],
    [1234, { kind: 'number', decimals: 0 }, '1234'],
    [Number.NaN, { kind: 'number', decimals: 0 }, '–'],
    [90_061, { kind: 'duration', decimals: null }, '1 d 1 h'],
    [0, { kind: 'time-ms', decimals: null }, '–'],
    [9e99, { kind: 'time-us', decimals: null }, '9e+96'],
    [1, { kind: 'boolean', decimals: null }, 'yes'],
    [null, plain, '–'],
    [false, plain, 'no'],
    ['\u202egnp', plain, '\ufffdgnp'],
    [['a', 1, { b: 2 }], plain, 'a, 1, {"b":2}'],
    [{ severity: 'x' }, plain, '{"severity":"x"}'],
  ] as const)('%j as %j is %s', (value, column, said) => expect(cellText(value, column)).toBe(said));
  it('moments are the same in both grains', () => {
    const ms = Date.UTC(2026, 0, 2, 12);
    expect(cellText(ms * 1000, { kind: 'time-us', decimals: null })).toBe(
      cellText(ms, { kind: 'time-ms', decimals: null }),
    );
  });
  it('bars are between nothing and full', () => {
    expect([1.5, 9, -1, null, 'x'].map((value) => barShare(value, { barMax: 3 }))).toEqual([0.5, 1, 0, null, null]);
  });
  it('a column is as wide as its longest text, within bounds', () => {
    const { PID, Cmd } = columnsOf(answer);
    if (!PID || !Cmd) throw new Error('columns');
    expect(columnWidth({ ...PID, label: 'P' }, [[1]])).toBe(72);
    expect(columnWidth({ ...PID, label: 'P', units: 'switches/s' }, [[1]])).toBeGreaterThan(120);
    expect(columnWidth(Cmd, [[1, 'x'.repeat(900)]])).toBe(460);
  });
});

describe('rows', () => {
  const { PID, Cmd, CPU } = columnsOf(answer);
  if (!PID || !Cmd || !CPU) throw new Error('columns');
  const rows = tableOf(answer).rows;
  const pids = (list: readonly (readonly unknown[])[]) => list.map(([pid]) => pid);
  it('are sorted by number and by nature, without a value last', () => {
    expect(pids(sortedRows(rows, PID, false))).toEqual([7, 12]);
    expect(pids(sortedRows(rows, Cmd, false))).toEqual([7, 12]);
    expect(pids(sortedRows(rows, CPU, true))).toEqual([12, 7]);
    expect(pids(sortedRows(rows, CPU, false))).toEqual([12, 7]);
    expect(pids(sortedRows(rows, null, true))).toEqual([12, 7]);
  });
  it('are found by every word in any cell', () => {
    expect(pids(rowsMatching(rows, [PID, Cmd], 'WORKER 12'))).toEqual([12]);
    expect(rowsMatching(rows, [PID], ' ')).toBe(rows);
  });
  it('are named by what is unique', () => {
    expect(rowKey([7, 'a'], [PID, Cmd], 3)).toBe('7\u0000a');
    expect(rowKey([7, 'a'], [], 3)).toBe('3');
  });
});

describe('rowWindow', () => {
  it.each([
    [2_000, 0],
    [2_000, 34_000],
    [2_000, 1e9],
    [5, 0],
    [0, 0],
  ])('of %i rows at %i px covers what is in sight and keeps the height', (count, scrolledPx) => {
    const { from, to, abovePx, belowPx } = rowWindow(count, 34, scrolledPx, 600);
    expect(abovePx + (to - from) * 34 + belowPx).toBe(count * 34);
    expect(to - from).toBeLessThanOrEqual(72);
    const first = Math.min(Math.floor(scrolledPx / 34), Math.max(0, count - 18));
    expect(from).toBeLessThanOrEqual(first);
    expect(to).toBeGreaterThanOrEqual(Math.min(count, first + 18));
  });
});
