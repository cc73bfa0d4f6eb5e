// The charts of the mock's agents.

export interface MockChart {
  id: string;
  /** Another name than the id. */
  name?: string;
  /** The kind of chart; the id where it is the only one. */
  context?: string;
  family: string;
  title: string;
  units: string;
  chartType: 'line' | 'area' | 'stacked' | 'heatmap';
  priority: number;
  /** Dimension → its usual value, how far it swings, and whether it is drawn below zero. */
  dimensions: Record<string, { around: number; swing: number }>;
  updateEvery?: number;
}

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
  {
    ...define('net_packets.eth1', 'eth1', 'Packets', 'packets/s', 'line', 6020, { received: [10, 3], sent: [-8, 2] }),
    name: 'net_packets.uplink',
  },
  ...['nginx', 'postgres', 'ssh'].flatMap((group, n) => [
    {
      ...define(
        `app.${group}_cpu_utilization`,
        group,
        'Apps CPU utilization (100% = 1 core)',
        'percentage',
        'stacked',
        20_000 + n * 100,
        { user: [4, 3], system: [2, 1] },
      ),
      context: 'app.cpu_utilization',
    },
    {
      ...define(`app.${group}_mem_usage`, group, 'Apps memory RSS usage', 'MiB', 'area', 20_010 + n * 100, {
        rss: [180, 20],
      }),
      context: 'app.mem_usage',
    },
  ]),
  define('apps.cpu', 'cpu', 'Apps CPU Time (100% = 1 core)', 'percentage', 'stacked', 20_400, {
    nginx: [8, 6],
    postgres: [14, 9],
    ssh: [0.4, 0.4],
    other: [3, 2],
  }),
  {
    ...define(
      'user.ada_cpu_utilization',
      'users/ada',
      'User CPU utilization (100% = 1 core)',
      'percentage',
      'stacked',
      20_500,
      { user: [4, 3], system: [2, 1] },
    ),
    context: 'user.cpu_utilization',
  },
  {
    ...define(
      'user.root_cpu_utilization',
      'users/root',
      'User CPU utilization (100% = 1 core)',
      'percentage',
      'stacked',
      20_510,
      { user: [2, 1], system: [3, 1] },
    ),
    context: 'user.cpu_utilization',
  },
  {
    ...define('cgroup_web.cpu_limit', 'cpu', 'CPU Usage within the limits', 'percentage', 'line', 40_000, {
      used: [12, 9],
    }),
    context: 'cgroup.cpu_limit',
  },
  {
    ...define('cgroup_web.mem_usage', 'mem', 'Used Memory', 'MiB', 'stacked', 40_100, { ram: [212, 9], swap: [3, 1] }),
    context: 'cgroup.mem_usage',
  },
  {
    ...define('cgroup_queue_1.cpu_limit', 'cpu', 'CPU Usage within the limits', 'percentage', 'line', 40_010, {
      used: [41, 9],
    }),
    context: 'cgroup.cpu_limit',
  },
  define(
    'nginx_local.connections',
    'active connections',
    'Active Client Connections Including Waiting Connections',
    'connections',
    'line',
    70_000,
    { active: [21, 12] },
    10,
  ),
  define(
    'prometheus_app.request_seconds',
    'latency',
    'Request duration',
    'observations/s',
    'heatmap',
    80_000,
    { '0.01': [30, 20], '0.1': [55, 25], '1': [9, 8], '+Inf': [1, 1] },
    10,
  ),
];
