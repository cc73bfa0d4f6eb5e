// Memory and swap, from /proc/meminfo. The kernel says KiB, charts show MiB.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { KeyCharts, type KeyedChart } from '../collect/key-charts.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/meminfo';
const MiB = 1 / 1024;

const plain = { units: 'MiB', algorithm: 'absolute' } as const;

/** Keys with a leading `=` are derived below. */
export const memoryCharts: KeyedChart[] = [
  {
    ...plain,
    id: 'system.ram',
    family: 'ram',
    title: 'Memory and what it is used for',
    chartType: 'stacked',
    priority: 200,
    dimensions: [
      ['MemFree', 'free', MiB],
      ['=used', 'used', MiB],
      ['=cached', 'cached', MiB],
      ['Buffers', 'buffers', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.available',
    family: 'overview',
    title: 'Memory that programs could get without swapping',
    chartType: 'area',
    priority: 1010,
    dimensions: [['MemAvailable', 'avail', MiB]],
  },
  {
    ...plain,
    id: 'mem.committed',
    family: 'overview',
    title: 'Memory promised to programs',
    chartType: 'area',
    priority: 1030,
    dimensions: [['Committed_AS', 'Committed_AS', MiB]],
  },
  {
    ...plain,
    id: 'mem.swap',
    family: 'swap',
    title: 'Swap space',
    chartType: 'stacked',
    priority: 1035,
    fromNonzero: true,
    dimensions: [
      ['SwapFree', 'free', MiB],
      ['=swapUsed', 'used', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.swap_cached',
    family: 'swap',
    title: 'Swapped memory that is also in memory',
    chartType: 'stacked',
    priority: 1036,
    fromNonzero: true,
    dimensions: [['SwapCached', 'cached', MiB]],
  },
  {
    ...plain,
    id: 'mem.zswap',
    family: 'zswap',
    title: 'Compressed swap in memory',
    chartType: 'stacked',
    priority: 1036,
    fromNonzero: true,
    dimensions: [
      ['Zswap', 'in-ram', MiB],
      ['Zswapped', 'on-disk', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.hwcorrupt',
    family: 'ecc',
    title: 'Memory that the hardware found to be broken',
    priority: 1500,
    fromNonzero: true,
    dimensions: [['HardwareCorrupted', 'HardwareCorrupted', MiB]],
  },
  {
    ...plain,
    id: 'mem.writeback',
    family: 'writeback',
    title: 'Memory that waits to be written to disk',
    priority: 1100,
    dimensions: [
      ['Dirty', 'Dirty', MiB],
      ['Writeback', 'Writeback', MiB],
      ['WritebackTmp', 'FuseWriteback', MiB],
      ['NFS_Unstable', 'NfsWriteback', MiB],
      ['Bounce', 'Bounce', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.kernel',
    family: 'kernel',
    title: 'Memory of the kernel itself',
    chartType: 'stacked',
    priority: 1100,
    dimensions: [
      ['Slab', 'Slab', MiB],
      ['KernelStack', 'KernelStack', MiB],
      ['PageTables', 'PageTables', MiB],
      ['VmallocUsed', 'VmallocUsed', MiB],
      ['Percpu', 'Percpu', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.slab',
    family: 'slab',
    title: 'Slab memory of the kernel, by whether it can be given back',
    chartType: 'stacked',
    priority: 1200,
    dimensions: [
      ['SReclaimable', 'reclaimable', MiB],
      ['SUnreclaim', 'unreclaimable', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.reclaiming',
    family: 'reclaiming',
    title: 'Memory by how soon it could be reclaimed',
    priority: 1210,
    dimensions: [
      ['Active', 'Active', MiB],
      ['Inactive', 'Inactive', MiB],
      ['Active(anon)', 'Active(anon)', MiB],
      ['Inactive(anon)', 'Inactive(anon)', MiB],
      ['Active(file)', 'Active(file)', MiB],
      ['Inactive(file)', 'Inactive(file)', MiB],
      ['Unevictable', 'Unevictable', MiB],
      ['Mlocked', 'Mlocked', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.cma',
    family: 'cma',
    title: 'Contiguous memory area',
    chartType: 'stacked',
    priority: 1212,
    fromNonzero: true,
    dimensions: [
      ['=cmaUsed', 'used', MiB],
      ['CmaFree', 'free', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.hugepages',
    family: 'hugepages',
    title: 'Huge pages that were set aside',
    chartType: 'stacked',
    priority: 1250,
    fromNonzero: true,
    dimensions: [
      ['=hugeFree', 'free', MiB],
      ['=hugeUsed', 'used', MiB],
      ['=hugeSurplus', 'surplus', MiB],
      ['=hugeReserved', 'reserved', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.thp',
    family: 'hugepages',
    title: 'Transparent huge pages',
    chartType: 'stacked',
    priority: 1250,
    dimensions: [
      ['AnonHugePages', 'anonymous', MiB],
      ['ShmemHugePages', 'shmem', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.thp_details',
    family: 'hugepages',
    title: 'Transparent huge pages of files and shared memory',
    priority: 1251,
    dimensions: [
      ['ShmemPmdMapped', 'ShmemPmdMapped', MiB],
      ['FileHugePages', 'FileHugePages', MiB],
      ['FilePmdMapped', 'FilePmdMapped', MiB],
    ],
  },
  {
    ...plain,
    id: 'mem.directmaps',
    family: 'overview',
    title: 'Memory that the kernel maps directly, by page size',
    chartType: 'stacked',
    priority: 1260,
    dimensions: [
      ['DirectMap4k', '4k', MiB],
      ['DirectMap2M', '2m', MiB],
      ['DirectMap4M', '4m', MiB],
      ['DirectMap1G', '1g', MiB],
    ],
  },
];

/** Keys that only derivations need. */
const otherKeys = [
  'MemTotal',
  'Cached',
  'Shmem',
  'SwapTotal',
  'CmaTotal',
  'HugePages_Total',
  'HugePages_Free',
  'HugePages_Rsvd',
  'HugePages_Surp',
  'Hugepagesize',
];

/** The charts of /proc/meminfo over a table of its keys. */
export class MemoryCharts {
  readonly charts: KeyCharts;

  constructor(store: MetricStore) {
    this.charts = new KeyCharts(store, module, memoryCharts, otherKeys);
  }

  /** Fills in what the file does not say itself. A missing part makes the result NaN. */
  derive(): void {
    // The page cache with what the slabs can give back; shared memory is counted in it, but is not given back.
    const cached = this.#get('Cached') + (this.#get('SReclaimable') || 0) - (this.#get('Shmem') || 0);
    this.#put('=cached', cached);
    const used = this.#get('MemTotal') - this.#get('MemFree') - cached - this.#get('Buffers');
    this.#put('=used', Math.max(0, used));
    if (this.#get('SwapTotal') > 0) this.#put('=swapUsed', this.#get('SwapTotal') - this.#get('SwapFree'));
    this.#put('=cmaUsed', this.#get('CmaTotal') - this.#get('CmaFree'));
    const pageKiB = this.#get('Hugepagesize');
    const free = this.#get('HugePages_Free');
    const reserved = this.#get('HugePages_Rsvd');
    const surplus = this.#get('HugePages_Surp');
    this.#put('=hugeFree', (free - reserved) * pageKiB);
    this.#put('=hugeUsed', (this.#get('HugePages_Total') - free - surplus) * pageKiB);
    this.#put('=hugeSurplus', surplus * pageKiB);
    this.#put('=hugeReserved', reserved * pageKiB);
  }

  #get(key: string): number {
    return this.charts.numbers.values[this.charts.placeOf(key)] as number;
  }

  #put(key: string, value: number): void {
    this.charts.numbers.values[this.charts.placeOf(key)] = value;
  }
}

export class MemoryCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #file: ProcFile;
  readonly #memory: MemoryCharts;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#file = files.open('proc/meminfo');
    this.#memory = new MemoryCharts(store);
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    this.#memory.charts.numbers.parseLines(text);
    this.#memory.derive();
    this.#memory.charts.commit(tick);
    return 'collected';
  }
}
