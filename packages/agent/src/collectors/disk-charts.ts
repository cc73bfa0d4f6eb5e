// The charts of one disk.

import type { Tick } from '../collect/collector.ts';
import { FieldCharts, type FieldChart } from '../collect/field-charts.ts';
import type { MetricStore } from '../metrics/store.ts';

/** Where a number of /proc/diskstats stands behind the name. */
export const diskField = {
  reads: 0,
  readsMerged: 1,
  readSectors: 2,
  readMs: 3,
  writes: 4,
  writesMerged: 5,
  writtenSectors: 6,
  writeMs: 7,
  inFlight: 8,
  busyMs: 9,
  backlogMs: 10,
  /** Since Linux 4.18. */
  discards: 11,
  discardsMerged: 12,
  discardedSectors: 13,
  discardMs: 14,
  /** Since Linux 5.5. */
  flushes: 15,
  flushMs: 16,
} as const;
export const diskFieldCount = 17;

/** What is computed from two readings, behind the fields that are read. */
const derived = { readAwait: 17, writeAwait: 18, readKiB: 19, writeKiB: 20, service: 21 } as const;
const allFieldCount = 22;

/** Sectors of the kernel are 512 bytes, whatever the disk has. */
const sectorKiB = 1 / 2;

const io = { units: 'KiB/s', chartType: 'area' } as const;
const perOperation = { algorithm: 'absolute', units: 'milliseconds/operation' } as const;

const charts: readonly FieldChart[] = [
  {
    ...io,
    prefix: 'disk',
    context: 'disk.io',
    title: 'Read from and written to the disk',
    priority: 2000,
    dimensions: [
      ['reads', diskField.readSectors, sectorKiB],
      ['writes', diskField.writtenSectors, -sectorKiB],
    ],
  },
  {
    ...io,
    prefix: 'disk_ext',
    context: 'disk_ext.io',
    title: 'Discarded on the disk',
    priority: 2001,
    dimensions: [['discards', diskField.discardedSectors, sectorKiB]],
  },
  {
    prefix: 'disk_ops',
    context: 'disk.ops',
    title: 'Operations finished',
    units: 'operations/s',
    priority: 2010,
    dimensions: [
      ['reads', diskField.reads],
      ['writes', diskField.writes, -1],
    ],
  },
  {
    prefix: 'disk_ext_ops',
    context: 'disk_ext.ops',
    title: 'Discards and flushes finished',
    units: 'operations/s',
    priority: 2011,
    dimensions: [
      ['discards', diskField.discards],
      ['flushes', diskField.flushes, -1],
    ],
  },
  {
    prefix: 'disk_qops',
    context: 'disk.qops',
    title: 'Operations under way',
    units: 'operations',
    priority: 2015,
    algorithm: 'absolute',
    dimensions: [['operations', diskField.inFlight]],
  },
  {
    prefix: 'disk_backlog',
    context: 'disk.backlog',
    title: 'Time that the waiting operations add up to',
    units: 'milliseconds',
    chartType: 'area',
    priority: 2020,
    dimensions: [['backlog', diskField.backlogMs]],
  },
  {
    prefix: 'disk_busy',
    context: 'disk.busy',
    title: 'Time that the disk was busy',
    units: 'milliseconds',
    chartType: 'area',
    priority: 2030,
    dimensions: [['busy', diskField.busyMs]],
  },
  {
    prefix: 'disk_util',
    context: 'disk.util',
    title: 'Share of the time that the disk was busy',
    units: '% of time working',
    chartType: 'area',
    priority: 2040,
    // 1,000 busy milliseconds per second are 100 %.
    dimensions: [['utilization', diskField.busyMs, 1 / 10]],
  },
  {
    ...perOperation,
    prefix: 'disk_await',
    context: 'disk.await',
    title: 'Time that an operation took, waiting included',
    priority: 2050,
    dimensions: [
      ['reads', derived.readAwait],
      ['writes', derived.writeAwait, -1],
    ],
  },
  {
    ...perOperation,
    prefix: 'disk_avgsz',
    context: 'disk.avgsz',
    title: 'Size of an operation',
    units: 'KiB/operation',
    chartType: 'area',
    priority: 2060,
    dimensions: [
      ['reads', derived.readKiB],
      ['writes', derived.writeKiB, -1],
    ],
  },
  {
    ...perOperation,
    prefix: 'disk_svctm',
    context: 'disk.svctm',
    title: 'Time that the disk worked on an operation',
    priority: 2070,
    dimensions: [['svctm', derived.service]],
  },
  {
    prefix: 'disk_mops',
    context: 'disk.mops',
    title: 'Operations merged with a neighbour',
    units: 'merged operations/s',
    priority: 2080,
    dimensions: [
      ['reads', diskField.readsMerged],
      ['writes', diskField.writesMerged, -1],
    ],
  },
  {
    prefix: 'disk_ext_mops',
    context: 'disk_ext.mops',
    title: 'Discards merged with a neighbour',
    units: 'merged operations/s',
    priority: 2081,
    dimensions: [['discards', diskField.discardsMerged]],
  },
  {
    prefix: 'disk_iotime',
    context: 'disk.iotime',
    title: 'Time of all operations together',
    units: 'milliseconds/s',
    priority: 2090,
    dimensions: [
      ['reads', diskField.readMs],
      ['writes', diskField.writeMs, -1],
    ],
  },
  {
    prefix: 'disk_ext_iotime',
    context: 'disk_ext.iotime',
    title: 'Time of all discards and flushes together',
    units: 'milliseconds/s',
    priority: 2091,
    dimensions: [
      ['discards', diskField.discardMs],
      ['flushes', diskField.flushMs, -1],
    ],
  },
];

export class DiskCharts {
  readonly #charts: FieldCharts;
  /** This reading and what is derived from it. */
  readonly #now = new Float64Array(allFieldCount);
  readonly #before = new Float64Array(diskFieldCount).fill(NaN);

  /** `numbers` (by `diskField`) tell what this kernel counts: what is NaN gets no dimension. */
  constructor(store: MetricStore, name: string, module: string, numbers: Float64Array) {
    this.#now.set(numbers);
    this.#charts = new FieldCharts(store, charts, { name, family: name, module }, this.#now);
  }

  commit(numbers: Float64Array, tick: Tick): void {
    const now = this.#now;
    now.set(numbers);
    const reads = this.#growth(diskField.reads);
    const writes = this.#growth(diskField.writes);
    now[derived.readAwait] = ratio(this.#growth(diskField.readMs), reads);
    now[derived.writeAwait] = ratio(this.#growth(diskField.writeMs), writes);
    now[derived.readKiB] = ratio(this.#growth(diskField.readSectors) * sectorKiB, reads);
    now[derived.writeKiB] = ratio(this.#growth(diskField.writtenSectors) * sectorKiB, writes);
    now[derived.service] = ratio(this.#growth(diskField.busyMs), reads + writes);
    this.#charts.commit(now, tick);
    this.#before.set(numbers);
  }

  /** Growth of a counter since the last tick; NaN in the first one and when it went back. */
  #growth(field: number): number {
    const growth = (this.#now[field] as number) - (this.#before[field] as number);
    return growth >= 0 ? growth : NaN;
  }
}

/** Per operation; 0 where there was none, NaN where it is not known. */
function ratio(total: number, operations: number): number {
  return operations === 0 ? 0 : total / operations;
}
