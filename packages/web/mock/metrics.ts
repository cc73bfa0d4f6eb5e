// Synthetic metrics: every value is a function of chart, dimension and second, so history and live rows always agree.

export interface MockChart {
  id: string;
  family: string;
  title: string;
  units: string;
  chartType: 'line' | 'area' | 'stacked';
  priority: number;
  /** Dimension → its usual value, how far it swings, and whether it is drawn below zero. */
  dimensions: Record<string, { around: number; swing: number }>;
  updateEvery?: number;
}

const hash = (text: string): number => {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16777619);
  // Texts that differ in their last character only shall differ everywhere.
  value = Math.imul(value ^ (value >>> 16), 2246822507);
  value = Math.imul(value ^ (value >>> 13), 3266489909);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
};

const dims = (all: Record<string, [around: number, swing: number]>): MockChart['dimensions'] =>
  Object.fromEntries(Object.entries(all).map(([name, [around, swing]]) => [name, { around, swing }]));

const define = (
  id: string,
  family: string,
  title: string,
  units: string,
  chartType: MockChart['chartType'],
  priority: number,
  dimensions: Record<string, [number, number]>,
  updateEvery = 1,
): MockChart => ({ id, family, title, units, chartType, priority, dimensions: dims(dimensions), updateEvery });

const cores = Array.from({ length: 8 }, (_, n) =>
  define(`cpu.cpu${n}`, 'utilization', 'Core utilization', 'percentage', 'stacked', 2000 + n, {
    user: [14, 12],
    system: [6, 4],
    iowait: [1, 1],
    softirq: [0.5, 0.4],
  }),
);

export const mockCharts: readonly MockChart[] = [
  define('system.cpu', 'cpu', 'Total CPU utilization', 'percentage', 'stacked', 100, {
    softirq: [0.6, 0.4],
    irq: [0.2, 0.1],
    user: [16, 11],
    system: [6, 4],
    nice: [0.4, 0.4],
    iowait: [1.4, 1.3],
    steal: [0.1, 0.1],
  }),
  define(
    'system.load',
    'load',
    'System load average',
    'load',
    'line',
    110,
    { load1: [1.8, 1.1], load5: [1.6, 0.4], load15: [1.5, 0.2] },
    5,
  ),
  define('system.io', 'disk', 'Disk I/O', 'KiB/s', 'area', 120, { in: [2200, 2100], out: [-5200, 4600] }),
  define('system.ram', 'ram', 'System RAM', 'MiB', 'stacked', 130, {
    free: [2600, 300],
    used: [7400, 500],
    cached: [5200, 200],
    buffers: [640, 20],
  }),
  define('system.net', 'network', 'Physical network interfaces aggregated bandwidth', 'kilobits/s', 'area', 140, {
    received: [18_000, 15_000],
    sent: [-7_200, 6_000],
  }),
  define('system.processes', 'processes', 'System processes', 'processes', 'line', 150, {
    running: [3, 3],
    blocked: [0.4, 0.5],
  }),
  define('system.ctxt', 'processes', 'CPU context switches', 'context switches/s', 'line', 160, {
    switches: [24_000, 9_000],
  }),
  define('system.intr', 'interrupts', 'CPU interrupts', 'interrupts/s', 'line', 170, { interrupts: [9_800, 3_000] }),
  define(
    'system.cpu_some_pressure',
    'cpu',
    'CPU some pressure',
    'percentage',
    'line',
    180,
    { 'some 10': [2, 2], 'some 60': [1.6, 1], 'some 300': [1.4, 0.4] },
    2,
  ),
  define('system.uptime', 'uptime', 'System uptime', 'seconds', 'line', 190, { uptime: [0, 0] }),
  ...cores,
  define('mem.swap', 'swap', 'System swap', 'MiB', 'stacked', 3000, { free: [1900, 20], used: [148, 20] }),
  define('mem.kernel', 'kernel', 'Memory used by kernel', 'MiB', 'stacked', 3010, {
    Slab: [420, 20],
    VmallocUsed: [61, 2],
    KernelStack: [14, 1],
    PageTables: [38, 3],
  }),
  define('disk.nvme0n1', 'nvme0n1', 'Disk I/O bandwidth', 'KiB/s', 'area', 4000, {
    reads: [2100, 2000],
    writes: [-4800, 4400],
  }),
  define('disk_ops.nvme0n1', 'nvme0n1', 'Disk completed I/O operations', 'operations/s', 'line', 4010, {
    reads: [120, 110],
    writes: [-260, 200],
  }),
  define('disk.sda', 'sda', 'Disk I/O bandwidth', 'KiB/s', 'area', 4020, { reads: [60, 60], writes: [-180, 170] }),
  define(
    'disk_space./',
    '/',
    'Disk space usage for /',
    'GiB',
    'stacked',
    5000,
    { avail: [61.2, 0.1], used: [32.8, 0.1], 'reserved for root': [5, 0] },
    5,
  ),
  define(
    'disk_space./srv/données été',
    '/srv/données été',
    'Disk space usage for /srv/données été',
    'GiB',
    'stacked',
    5010,
    { avail: [812, 1], used: [140, 1] },
    5,
  ),
  define('net.eth0', 'eth0', 'Bandwidth', 'kilobits/s', 'area', 6000, {
    received: [17_000, 14_500],
    sent: [-6_900, 5_800],
  }),
  define('net_packets.eth0', 'eth0', 'Packets', 'packets/s', 'line', 6010, {
    received: [2100, 1500],
    sent: [-1500, 1000],
    multicast: [4, 3],
  }),
  define('ip.sockstat_sockets', 'sockets', 'IPv4 sockets used', 'sockets', 'line', 7000, { used: [312, 14] }),
  define('ipv4.tcpsock', 'tcp', 'IPv4 TCP connections', 'active connections', 'line', 7010, { connections: [88, 16] }),
  define('netdata.server_cpu', 'netdata', 'Agent CPU usage', 'milliseconds/s', 'stacked', 9000, {
    user: [4.2, 1.4],
    system: [2.1, 0.8],
  }),
];

/** A dimension's value at a second; null = the collector missed it. `seed` makes nodes differ. */
export function mockValue(seed: string, chart: MockChart, dimension: string, second: number): number | null {
  const { around, swing } = chart.dimensions[dimension] ?? { around: 0, swing: 0 };
  if (chart.id === 'system.uptime') return second - 1_780_000_000 + hash(seed) * 1e6;
  const phase = hash(seed + chart.id + dimension) * 1000;
  // Some seconds are missing in every chart of a node, as after a suspend.
  if (Math.floor((second + hash(seed) * 900) % 900) < 14) return null;
  const waves =
    Math.sin((second + phase) / 37) * 0.45 +
    Math.sin((second + phase) / 11) * 0.22 +
    Math.sin((second + phase) / 173) * 0.33;
  const noise = (hash(`${seed}${chart.id}${dimension}${second}`) - 0.5) * 0.5;
  const burst = Math.floor((second + phase) / 120) % 5 === 0 ? 0.6 : 0;
  const value = around + swing * (waves + noise + burst) * Math.sign(around || 1);
  return around >= 0 ? Math.max(0, value) : Math.min(0, value);
}

/** What GET /api/v1/charts of an agent answers. */
export const chartsAnswer = (firstSecond: number, nowSecond: number) => ({
  charts: Object.fromEntries(
    mockCharts.map((one) => [
      one.id,
      {
        id: one.id,
        name: one.id,
        type: one.id.split('.')[0],
        family: one.family,
        context: one.id,
        title: `${one.title} (${one.id})`,
        priority: one.priority,
        units: one.units,
        chart_type: one.chartType,
        update_every: one.updateEvery ?? 1,
        first_entry: firstSecond,
        last_entry: nowSecond,
        dimensions: Object.fromEntries(Object.keys(one.dimensions).map((name) => [name, { name }])),
      },
    ]),
  ),
});

/** What GET /api/v1/data of an agent answers: averages over at most `points` rows, newest first. */
export function dataAnswer(
  seed: string,
  query: URLSearchParams,
  nowSecond: number,
  firstSecond: number,
): { labels: string[]; data: (number | null)[][] } | null {
  const one = mockCharts.find(({ id }) => id === query.get('chart'));
  if (!one) return null;
  const names = Object.keys(one.dimensions);
  const every = one.updateEvery ?? 1;
  const relative = (value: number, from: number): number => (value <= 0 ? from + value : value);
  const before = Math.min(nowSecond, relative(Number(query.get('before') ?? 0), nowSecond));
  const after = relative(Number(query.get('after') ?? -600), before);
  const asked = Number(query.get('points') ?? 0);
  const step = Math.max(every, asked > 0 ? Math.ceil((before - after) / asked) : 1);
  const data: (number | null)[][] = [];
  for (let at = Math.floor(before / step) * step; at > after; at -= step) {
    if (at <= firstSecond) break;
    data.push([at, ...names.map((name) => average(seed, one, name, at, step, every))]);
  }
  return { labels: ['time', ...names], data };
}

function average(seed: string, one: MockChart, name: string, at: number, step: number, every: number): number | null {
  let sum = 0;
  let count = 0;
  for (let second = at; second > at - step; second -= every) {
    const value = mockValue(seed, one, name, second);
    if (value === null) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? null : Number((sum / count).toFixed(4));
}
