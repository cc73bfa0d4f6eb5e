// Mounted file systems. The numbers are those that the collector of file systems measured last: a mount that does not answer holds up one
// collector and not every asker.

import { chooseMounts, parseMounts } from '../collectors/filesystems.ts';
import { cursorOver } from '../collect/cursor.ts';
import type { MetricStore } from '../metrics/store.ts';
import type { AgentFunction } from './agent-function.ts';
import type { MachineFiles } from './machine-files.ts';
import { fillTable, type Column, type TableSpec } from './table.ts';

/** 5,000 mounts. */
const maxMountsBytes = 1024 * 1024;

interface Usage {
  available: number;
  used: number;
  reserved: number;
}

interface MountRow {
  mountPoint: string;
  type: string;
  root: string;
  /** GiB. */
  space: Usage;
  inodes: Usage;
}

/** As `df` counts: what is reserved for root is neither used nor available. NaN without a measurement. */
const usedPercent = ({ available, used }: Usage): number => {
  const total = available + used;
  return total === 0 ? 0 : (used * 100) / total;
};

const bar = (key: string, name: string, units: string, cell: Column<MountRow>['cell']): Column<MountRow> => {
  return { key, name, type: 'bar-with-integer', units, decimals: 2, filter: 'none', cell };
};
const hidden = (column: Column<MountRow>): Column<MountRow> => ({ ...column, isHidden: true });

const spec: TableSpec<MountRow> = {
  columns: [
    {
      key: 'Mountpoint',
      name: 'Mount point',
      type: 'string',
      isKey: true,
      isSticky: true,
      isWide: true,
      cell: ({ mountPoint }) => mountPoint,
    },
    { key: 'Filesystem', name: 'Type of the file system', type: 'string', isKey: true, cell: ({ type }) => type },
    { key: 'Root', name: 'Mounted folder', type: 'string', isKey: true, isHidden: true, cell: ({ root }) => root },
    bar('Used%', 'Used space', '%', ({ space }) => usedPercent(space)),
    bar('Avail', 'Available space', 'GiB', ({ space }) => space.available),
    bar('Used', 'Used space', 'GiB', ({ space }) => space.used),
    bar('Reserved', 'Space reserved for root', 'GiB', ({ space }) => space.reserved),
    bar('Size', 'All space', 'GiB', ({ space }) => space.available + space.used + space.reserved),
    hidden(bar('iUsed%', 'Used inodes', '%', ({ inodes }) => usedPercent(inodes))),
    hidden(bar('iAvail', 'Available inodes', 'inodes', ({ inodes }) => inodes.available)),
    hidden(bar('iUsed', 'Used inodes', 'inodes', ({ inodes }) => inodes.used)),
    hidden(bar('iReserved', 'Inodes reserved for root', 'inodes', ({ inodes }) => inodes.reserved)),
  ],
  defaultSort: 'Used%',
  charts: {
    Utilization: { name: 'Utilization', columns: ['Used%'] },
    Usage: { name: 'Usage', columns: ['Avail', 'Used', 'Reserved'] },
    Inodes: { name: 'Inodes', columns: ['iAvail', 'iUsed', 'iReserved'] },
  },
  defaultCharts: [
    ['Utilization', 'Mountpoint'],
    ['Usage', 'Mountpoint'],
  ],
  groupBy: { Filesystem: { name: 'File system', columns: ['Filesystem'] } },
};

export function mountPoints(store: MetricStore, files: MachineFiles): AgentFunction {
  return {
    name: 'mount-points',
    help: 'Shows the mounted file systems with their used, available and reserved space and inodes.',
    timeoutSeconds: 10,
    updateEverySeconds: 10,
    priority: 100,
    run: async () => {
      const text = files.text('proc/self/mountinfo', maxMountsBytes) ?? '';
      const mounts = chooseMounts(parseMounts(cursorOver(text)));
      return fillTable(
        spec,
        mounts
          .filter(({ mountPoint }) => store.chart(`disk_space.${mountPoint}`) !== undefined)
          .map(({ mountPoint, type, root }) => ({
            mountPoint,
            type,
            root,
            space: newest(store, `disk_space.${mountPoint}`),
            inodes: newest(store, `disk_inodes.${mountPoint}`),
          })),
      );
    },
  };
}

function newest(store: MetricStore, chartId: string): Usage {
  const dimensions = store.chart(chartId)?.dimensions ?? [];
  const value = (id: string): number => {
    const ring = dimensions.find((dimension) => dimension.id === id)?.ring;
    return ring === undefined ? NaN : ring.read(ring.newestSlot);
  };
  return { available: value('avail'), used: value('used'), reserved: value('reserved_for_root') };
}
