// Interrupts and soft interrupts, in total and per core, from /proc/interrupts and /proc/softirqs.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { CpuTable, type CpuRow } from '../collect/cpu-table.ts';
import { LiveChart, type ChartSpec } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

/** Charts per core have a dimension for each thing counted; beyond this number of cores they would crowd out the rest. */
const maxCores = 32;

/** What tells the two files apart. */
interface TableKind {
  path: string;
  module: string;
  total: Omit<ChartSpec, 'dimensions' | 'module'>;
  /** `cpu.cpuN_suffix`. */
  suffix: string;
  context: string;
  title: string;
  priority: number;
  dimensionOf(row: CpuRow): { id: string; name: string };
}

/** A device's interrupt is named by the device and its number, as there can be several of both. */
export function interruptName(row: CpuRow): string {
  if (!/^\d+$/.test(row.name)) return row.name;
  const device = row.description.split(/\s+/).at(-1) ?? '';
  return device === '' ? row.name : `${device}_${row.name}`;
}

const interrupts: TableKind = {
  path: 'proc/interrupts',
  module: '/proc/interrupts',
  total: {
    id: 'system.interrupts',
    family: 'interrupts',
    title: 'Interrupts by device',
    units: 'interrupts/s',
    chartType: 'stacked',
    priority: 1000,
  },
  suffix: 'interrupts',
  context: 'cpu.interrupts',
  title: 'Interrupts of one core by device',
  priority: 1006,
  dimensionOf: (row) => ({ id: row.name, name: interruptName(row) }),
};

const softInterrupts: TableKind = {
  path: 'proc/softirqs',
  module: '/proc/softirqs',
  total: {
    id: 'system.softirqs',
    family: 'softirqs',
    title: 'Soft interrupts by type',
    units: 'softirqs/s',
    chartType: 'stacked',
    priority: 950,
  },
  suffix: 'softirqs',
  context: 'cpu.softirqs',
  title: 'Soft interrupts of one core by type',
  priority: 3000,
  dimensionOf: (row) => ({ id: row.name, name: row.name }),
};

/** A chart whose dimensions are the rows that ever counted something. */
class RowChart {
  readonly #chart: LiveChart;
  readonly #places = new Map<CpuRow, number>();
  readonly #dimensionOf: TableKind['dimensionOf'];

  constructor(store: MetricStore, spec: Omit<ChartSpec, 'dimensions'>, dimensionOf: TableKind['dimensionOf']) {
    this.#chart = new LiveChart(store, { ...spec, dimensions: [] });
    this.#dimensionOf = dimensionOf;
  }

  set(row: CpuRow, count: number): void {
    let place = this.#places.get(row);
    if (place === undefined) {
      if (!(count > 0)) return;
      place = this.#chart.add({ ...this.#dimensionOf(row), algorithm: 'incremental' });
      this.#places.set(row, place);
    }
    this.#chart.set(place, count);
  }

  commit(tick: Tick): void {
    this.#chart.commit(tick);
  }
}

class TableCollector implements Collector {
  readonly name: string;
  readonly everySeconds = 1;
  readonly #kind: TableKind;
  readonly #store: MetricStore;
  readonly #file: ProcFile;
  readonly #table = new CpuTable();
  #cpus: readonly number[] = [];
  #total: RowChart;
  #perCpu: RowChart[] = [];

  constructor(store: MetricStore, files: ProcFiles, kind: TableKind) {
    this.name = kind.module;
    this.#kind = kind;
    this.#store = store;
    this.#file = files.open(kind.path);
    this.#total = this.#openTotal();
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    this.#table.parse(text);
    // A core that went on- or offline changes the columns: the rows are new ones, too.
    if (this.#cpus !== this.#table.cpus) this.#openCharts();
    for (const row of this.#table.rows) {
      this.#total.set(row, row.total);
      for (let i = 0; i < this.#perCpu.length; i++) this.#perCpu[i]?.set(row, row.counts[i] as number);
    }
    this.#total.commit(tick);
    for (const chart of this.#perCpu) chart.commit(tick);
    return 'collected';
  }

  #openTotal(): RowChart {
    return new RowChart(this.#store, { ...this.#kind.total, module: this.#kind.module }, this.#kind.dimensionOf);
  }

  #openCharts(): void {
    const { module, suffix, context, title, priority, dimensionOf, total } = this.#kind;
    this.#cpus = this.#table.cpus;
    this.#total = this.#openTotal();
    this.#perCpu = this.#cpus.slice(0, maxCores).map((cpu) => {
      const { family, units } = total;
      const spec = {
        id: `cpu.cpu${cpu}_${suffix}`,
        context,
        family,
        title,
        units,
        chartType: 'stacked',
        priority,
      } as const;
      return new RowChart(this.#store, { ...spec, module }, dimensionOf);
    });
  }
}

/** Interrupts by device. */
export class InterruptsCollector extends TableCollector {
  constructor(store: MetricStore, files: ProcFiles) {
    super(store, files, interrupts);
  }
}

/** Soft interrupts by type. */
export class SoftInterruptsCollector extends TableCollector {
  constructor(store: MetricStore, files: ProcFiles) {
    super(store, files, softInterrupts);
  }
}
