// The columns of `network-connections`.

import { addressSpaceOf, type Direction, type Socket } from './socket-files.ts';
import type { Column, TableSpec } from './table.ts';

export interface Owner {
  pid: number;
  command: string;
}

interface ConnectionRow extends Socket {
  direction: Direction;
  user: string;
  /** Undefined where no process has it, or none that this agent may look at. */
  owner: Owner | undefined;
}

type Cell = Column<ConnectionRow>['cell'];

const text = (
  key: string,
  name: string,
  cell: Cell,
  rest: Partial<Column<ConnectionRow>> = {},
): Column<ConnectionRow> => {
  return { key, name, type: 'string', cell, ...rest };
};
const port = (key: string, name: string, cell: Cell): Column<ConnectionRow> => {
  return { key, name, type: 'integer', filter: 'none', cell };
};
const group = (name: string, key: string): { name: string; columns: string[] } => ({ name, columns: [key] });

const serverPort: Cell = ({ direction, local, remote }) => (direction === 'outbound' ? remote.port : local.port);

export const connectionTable: TableSpec<ConnectionRow> = {
  columns: [
    text('Direction', 'Direction', ({ direction }) => direction, { isSticky: true }),
    text('Protocol', 'Protocol', ({ protocol }) => protocol),
    text('State', 'State', ({ state }) => state),
    { key: 'PID', name: 'Process id', type: 'integer', filter: 'none', cell: ({ owner }) => owner?.pid ?? 0 },
    text('Process', 'Command of the process', ({ owner }) => owner?.command ?? '[unknown]', { isWide: true }),
    text('User', 'User', ({ user }) => user),
    text('LocalIP', 'Own address', ({ local }) => local.address || '*', { isWide: true, filter: 'none' }),
    port('LocalPort', 'Own port', ({ local }) => local.port),
    text('LocalAddressSpace', 'Kind of the own address', ({ local }) => addressSpaceOf(local.address), {
      isHidden: true,
    }),
    text('RemoteIP', 'Other address', ({ remote }) => remote.address, { isWide: true, filter: 'none' }),
    port('RemotePort', 'Other port', ({ remote }) => remote.port),
    text('RemoteAddressSpace', 'Kind of the other address', ({ remote }) => addressSpaceOf(remote.address), {
      isHidden: true,
    }),
    { key: 'ServerPort', name: 'Port that is served', type: 'integer', isHidden: true, cell: serverPort },
    { key: 'Count', name: 'Sockets', type: 'integer', isHidden: true, summary: 'sum', filter: 'none', cell: () => 1 },
  ],
  defaultSort: 'Direction',
  charts: { Count: { name: 'Sockets', columns: ['Count'] } },
  defaultCharts: [
    ['Count', 'Direction'],
    ['Count', 'Process'],
  ],
  groupBy: {
    Direction: group('Direction', 'Direction'),
    Protocol: group('Protocol', 'Protocol'),
    State: group('State', 'State'),
    Process: group('Process', 'Process'),
    User: group('User', 'User'),
    LocalIP: group('Own address', 'LocalIP'),
    LocalPort: group('Own port', 'LocalPort'),
    RemoteIP: group('Other address', 'RemoteIP'),
    RemotePort: group('Other port', 'RemotePort'),
  },
};
