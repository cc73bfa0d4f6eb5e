// What the memory management does (page faults, paging, swapping, out-of-memory kills), from /proc/vmstat.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { KeyCharts, type KeyedChart } from '../collect/key-charts.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/vmstat';
/** Where the file counts pages. Linux has 4 KiB pages on nearly all machines that run Node. */
const pageKiB = 4;

const rate = { algorithm: 'incremental', family: 'hugepages', units: 'events/s' } as const;

export const virtualMemoryCharts: KeyedChart[] = [
  {
    ...rate,
    id: 'system.pgpgio',
    family: 'disk',
    title: 'Memory paged in from and out to disks',
    units: 'KiB/s',
    chartType: 'area',
    priority: 151,
    dimensions: [
      ['pgpgin', 'in'],
      ['pgpgout', 'out', -1],
    ],
  },
  {
    ...rate,
    id: 'mem.oom_kill',
    family: 'overview',
    title: 'Processes killed because memory ran out',
    units: 'kills/s',
    priority: 1020,
    dimensions: [['oom_kill', 'kills']],
  },
  {
    ...rate,
    id: 'mem.swapio',
    family: 'swap',
    title: 'Memory swapped in and out',
    units: 'KiB/s',
    chartType: 'area',
    priority: 1038,
    fromNonzero: true,
    dimensions: [
      ['pswpin', 'in', pageKiB],
      ['pswpout', 'out', -pageKiB],
    ],
  },
  {
    ...rate,
    id: 'mem.zswapio',
    family: 'zswap',
    title: 'Memory moved into and out of compressed swap',
    units: 'KiB/s',
    chartType: 'area',
    priority: 1037,
    fromNonzero: true,
    dimensions: [
      ['zswpin', 'in', pageKiB],
      ['zswpout', 'out', -pageKiB],
    ],
  },
  {
    ...rate,
    id: 'mem.pgfaults',
    family: 'page faults',
    title: 'Page faults; major ones had to read from disk',
    units: 'faults/s',
    priority: 1050,
    dimensions: [
      ['pgfault', 'minor'],
      ['pgmajfault', 'major', -1],
    ],
  },
  {
    ...rate,
    id: 'mem.thp_faults',
    title: 'Huge pages wanted at page faults',
    priority: 1252,
    dimensions: [
      ['thp_fault_alloc', 'alloc'],
      ['thp_fault_fallback', 'fallback'],
      ['thp_fault_fallback_charge', 'fallback_charge'],
    ],
  },
  {
    ...rate,
    id: 'mem.thp_file',
    title: 'Huge pages for files',
    priority: 1253,
    dimensions: [
      ['thp_file_alloc', 'alloc'],
      ['thp_file_fallback', 'fallback'],
      ['thp_file_mapped', 'mapped'],
      ['thp_file_fallback_charge', 'fallback_charge'],
    ],
  },
  {
    ...rate,
    id: 'mem.thp_zero',
    title: 'Huge pages of zeros',
    priority: 1254,
    dimensions: [
      ['thp_zero_page_alloc', 'alloc'],
      ['thp_zero_page_alloc_failed', 'failed'],
    ],
  },
  {
    ...rate,
    id: 'mem.thp_collapse',
    title: 'Pages collapsed into huge ones',
    priority: 1255,
    dimensions: [
      ['thp_collapse_alloc', 'alloc'],
      ['thp_collapse_alloc_failed', 'failed'],
    ],
  },
  {
    ...rate,
    id: 'mem.thp_split',
    title: 'Huge pages split',
    priority: 1256,
    dimensions: [
      ['thp_split_page', 'split'],
      ['thp_split_page_failed', 'failed'],
      ['thp_split_pmd', 'split_pmd'],
      ['thp_deferred_split_page', 'split_deferred'],
    ],
  },
  {
    ...rate,
    id: 'mem.thp_compact',
    title: 'Memory compacted to make huge pages',
    priority: 1258,
    dimensions: [
      ['compact_success', 'success'],
      ['compact_fail', 'fail'],
      ['compact_stall', 'stall'],
    ],
  },
  {
    ...rate,
    id: 'mem.balloon',
    family: 'balloon',
    title: 'Memory handed to and taken from the host',
    units: 'KiB/s',
    priority: 1350,
    fromNonzero: true,
    dimensions: [
      ['balloon_inflate', 'inflate', pageKiB],
      ['balloon_deflate', 'deflate', -pageKiB],
      ['balloon_migrate', 'migrate', pageKiB],
    ],
  },
  {
    ...rate,
    id: 'mem.ksm_cow',
    family: 'ksm',
    title: 'Merged pages copied because they were written to',
    units: 'KiB/s',
    priority: 1303,
    fromNonzero: true,
    dimensions: [
      ['ksm_swpin_copy', 'swapin', pageKiB],
      ['cow_ksm', 'write', pageKiB],
    ],
  },
  {
    ...rate,
    id: 'mem.numa',
    family: 'numa',
    title: 'Memory taken from the near and from other nodes',
    priority: 1400,
    fromNonzero: true,
    dimensions: [
      ['numa_local', 'local'],
      ['numa_foreign', 'foreign'],
      ['numa_interleave', 'interleave'],
      ['numa_other', 'other'],
      ['numa_pte_updates', 'pte_updates'],
      ['numa_huge_pte_updates', 'huge_pte_updates'],
      ['numa_hint_faults', 'hint_faults'],
      ['numa_hint_faults_local', 'hint_faults_local'],
      ['numa_pages_migrated', 'pages_migrated'],
    ],
  },
];

export class VirtualMemoryCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #file: ProcFile;
  readonly #charts: KeyCharts;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#file = files.open('proc/vmstat');
    this.#charts = new KeyCharts(store, module, virtualMemoryCharts);
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    this.#charts.numbers.parseLines(text);
    this.#charts.commit(tick);
    return 'collected';
  }
}
