// Sockets in use, from /proc/net/sockstat and /proc/net/sockstat6.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { KeyCharts, type KeyedChart } from '../collect/key-charts.ts';
import type { KeyNumbers } from '../collect/key-numbers.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/net/sockstat';
/** Where the file counts pages. */
const pageKiB = 4;

const plain = { algorithm: 'absolute', units: 'sockets' } as const;

export const socketCharts: KeyedChart[] = [
  {
    ...plain,
    id: 'ip.sockstat_sockets',
    family: 'sockets',
    title: 'Sockets of all kinds',
    priority: 4310,
    dimensions: [['sockets.used', 'used']],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_tcp_sockets',
    family: 'tcp',
    title: 'TCP sockets',
    priority: 5180,
    dimensions: [
      ['TCP.alloc', 'alloc'],
      ['TCP.orphan', 'orphan'],
      ['TCP.inuse', 'inuse'],
      ['TCP.tw', 'timewait'],
    ],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_tcp_mem',
    family: 'tcp',
    title: 'Memory of TCP sockets',
    units: 'KiB',
    chartType: 'area',
    priority: 5185,
    dimensions: [['TCP.mem', 'mem', pageKiB]],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_udp_sockets',
    family: 'udp',
    title: 'UDP sockets',
    priority: 5260,
    dimensions: [['UDP.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_udp_mem',
    family: 'udp',
    title: 'Memory of UDP sockets',
    units: 'KiB',
    chartType: 'area',
    priority: 5265,
    dimensions: [['UDP.mem', 'mem', pageKiB]],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_udplite_sockets',
    family: 'udplite',
    title: 'UDP-Lite sockets',
    priority: 5310,
    fromNonzero: true,
    dimensions: [['UDPLITE.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_raw_sockets',
    family: 'raw',
    title: 'Raw sockets',
    priority: 5450,
    dimensions: [['RAW.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_frag_sockets',
    family: 'fragments',
    title: 'IPv4 packets being put together',
    units: 'fragments',
    priority: 5410,
    dimensions: [['FRAG.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv4.sockstat_frag_mem',
    family: 'fragments',
    title: 'Memory of IPv4 packets being put together',
    units: 'KiB',
    chartType: 'area',
    priority: 5415,
    dimensions: [['FRAG.memory', 'mem', 1 / 1024]],
  },
  {
    ...plain,
    id: 'ipv6.sockstat6_tcp_sockets',
    family: 'tcp6',
    title: 'TCP sockets over IPv6',
    priority: 6140,
    dimensions: [['TCP6.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv6.sockstat6_udp_sockets',
    family: 'udp6',
    title: 'UDP sockets over IPv6',
    priority: 6215,
    dimensions: [['UDP6.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv6.sockstat6_udplite_sockets',
    family: 'udplite6',
    title: 'UDP-Lite sockets over IPv6',
    priority: 6265,
    fromNonzero: true,
    dimensions: [['UDPLITE6.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv6.sockstat6_raw_sockets',
    family: 'raw6',
    title: 'Raw sockets over IPv6',
    priority: 6400,
    dimensions: [['RAW6.inuse', 'inuse']],
  },
  {
    ...plain,
    id: 'ipv6.sockstat6_frag_sockets',
    family: 'fragments6',
    title: 'IPv6 packets being put together',
    units: 'fragments',
    priority: 6360,
    dimensions: [['FRAG6.inuse', 'inuse']],
  },
];

/** Lines of `TCP: inuse 1 orphan 0 …`, read into the keys `TCP.inuse`, `TCP.orphan`, …; the file is a dozen words long. */
export function parseSockets(cursor: Cursor, into: KeyNumbers): void {
  for (; !cursor.atEnd; cursor.nextLine()) {
    const group = cursor.word();
    if (!group.endsWith(':')) continue;
    while (!cursor.atLineEnd) {
      const key = Buffer.from(`${group.slice(0, -1)}.${cursor.word()}`);
      const value = cursor.number();
      if (Number.isNaN(value)) break;
      const place = into.indexOf(key, 0, key.length);
      if (place >= 0) into.values[place] = value;
    }
  }
}

export class SocketsCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #files: readonly ProcFile[];
  readonly #charts: KeyCharts;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#files = [files.open('proc/net/sockstat'), files.open('proc/net/sockstat6')];
    this.#charts = new KeyCharts(store, module, socketCharts);
  }

  collect(tick: Tick): Outcome {
    let found = false;
    this.#charts.numbers.clear();
    for (const file of this.#files) {
      const text = file.read();
      if (text === undefined) continue;
      parseSockets(text, this.#charts.numbers);
      found = true;
    }
    if (!found) return 'no-data';
    this.#charts.commit(tick);
    return 'collected';
  }
}
