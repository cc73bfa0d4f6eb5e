// The columns of `processes`.

import type { ProcessStat, ProcessStatus } from './process-files.ts';
import type { Column, TableSpec } from './table.ts';

export interface ProcessRow extends ProcessStat, ProcessStatus {
  pid: number;
  user: string;
  group: string;
  /** 100 = one core. */
  cpuPercent: number;
  userPercent: number;
  systemPercent: number;
  ageSeconds: number;
}

const MiB = 1024 * 1024;

type Cell = Column<ProcessRow>['cell'];

const bar = (key: string, name: string, units: string, cell: Cell, isHidden = false): Column<ProcessRow> => {
  return { key, name, type: 'bar-with-integer', units, decimals: units === 'threads' ? 0 : 2, cell, isHidden };
};

/** `memoryBytes`: of the machine; NaN when unknown. */
export function processTable(memoryBytes: number): TableSpec<ProcessRow> {
  return {
    columns: [
      { key: 'PID', name: 'Process id', type: 'integer', isKey: true, isSticky: true, cell: ({ pid }) => pid },
      { key: 'Cmd', name: 'Command', type: 'string', isSticky: true, cell: ({ command }) => command },
      {
        key: 'PPID',
        name: 'Id of the parent process',
        type: 'integer',
        isHidden: true,
        pointsTo: 'PID',
        cell: ({ parentId }) => parentId,
      },
      { key: 'State', name: 'State', type: 'string', cell: ({ state }) => state },
      { key: 'User', name: 'User', type: 'string', cell: ({ user }) => user },
      { key: 'Uid', name: 'Number of the user', type: 'integer', isHidden: true, cell: ({ userId }) => userId },
      { key: 'Group', name: 'Group', type: 'string', isHidden: true, cell: ({ group }) => group },
      { key: 'Gid', name: 'Number of the group', type: 'integer', isHidden: true, cell: ({ groupId }) => groupId },
      bar('CPU', 'CPU time (100 % = 1 core)', '%', ({ cpuPercent }) => cpuPercent),
      bar('UserCPU', 'CPU time in the program (100 % = 1 core)', '%', ({ userPercent }) => userPercent, true),
      bar('SysCPU', 'CPU time in the kernel (100 % = 1 core)', '%', ({ systemPercent }) => systemPercent, true),
      bar('Memory', 'Share of the memory', '%', ({ residentBytes }) => (residentBytes * 100) / memoryBytes),
      bar('Resident', 'Resident memory', 'MiB', ({ residentBytes }) => residentBytes / MiB),
      bar('Shared', 'Memory shared with others', 'MiB', ({ sharedBytes }) => sharedBytes / MiB),
      bar('Virtual', 'Virtual memory', 'MiB', ({ virtualBytes }) => virtualBytes / MiB),
      bar('Swap', 'Swapped memory', 'MiB', ({ swapBytes }) => swapBytes / MiB, true),
      bar('Threads', 'Threads', 'threads', ({ threads }) => threads, true),
      { key: 'Uptime', name: 'Age', type: 'duration', units: 'seconds', cell: ({ ageSeconds }) => ageSeconds },
    ],
    defaultSort: 'CPU',
    charts: {
      CPU: { name: 'CPU utilization', columns: ['UserCPU', 'SysCPU'] },
      Memory: { name: 'Memory', columns: ['Virtual', 'Resident', 'Shared', 'Swap'] },
      MemoryPercent: { name: 'Share of the memory', columns: ['Memory'] },
      Threads: { name: 'Threads', columns: ['Threads'] },
    },
    defaultCharts: [
      ['CPU', 'User'],
      ['Memory', 'User'],
    ],
    groupBy: {
      PID: { name: 'Tree of processes', columns: ['PPID'] },
      User: { name: 'User', columns: ['User', 'PPID'] },
      Group: { name: 'Group', columns: ['Group', 'PPID'] },
      State: { name: 'State', columns: ['State'] },
    },
  };
}
