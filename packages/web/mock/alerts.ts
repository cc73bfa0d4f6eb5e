// The mock's alerts: what is raised (as the Cloud tells it), and what the node's own agent says of all of them.

import type { AlertDefinition, AlertView } from '@claimstead/wire/cloud-api/alerts';

interface Kind {
  name: string;
  chart: string;
  chartName?: string;
  context: string;
  summary: string;
  info: string;
  units: string;
  value: number;
  warning: string;
  critical: string;
}

const kinds: readonly [Kind, ...Kind[]] = [
  {
    name: 'disk_space_usage',
    chart: 'disk_space./',
    context: 'disk.space',
    summary: 'Disk / space usage',
    info: 'Total space utilization of disk /',
    units: '%',
    value: 93.2,
    warning: '$this > (($status >= $WARNING) ? (80) : (90))',
    critical: '$this > (($status == $CRITICAL) ? (90) : (98))',
  },
  {
    name: '10min_cpu_usage',
    chart: 'system.cpu',
    context: 'system.cpu',
    summary: 'System CPU utilization',
    info: 'Average CPU utilization over the last 10 minutes (excluding iowait, nice and steal)',
    units: '%',
    value: 88.1,
    warning: '$this > (($status >= $WARNING) ? (75) : (85))',
    critical: '',
  },
  {
    name: 'ram_in_use',
    chart: 'system.ram',
    context: 'system.ram',
    summary: 'System memory utilization',
    info: 'System memory utilization',
    units: '%',
    value: 96.7,
    warning: '$this > 80',
    critical: '$this > 90',
  },
  {
    name: '1m_received_packets_rate',
    chart: 'net_packets.eth0',
    chartName: 'net_packets.uplink',
    context: 'net.packets',
    summary: '',
    info: 'average number of packets received by the network interface eth0 over the last minute',
    units: 'packets',
    value: 20_412,
    warning: '',
    critical: '',
  },
  {
    name: 'ünsafe <b>name</b>',
    chart: 'system.load',
    context: 'system.load',
    summary: '\u202eegasu <script>alert(1)</script>',
    info: 'A text that does not end: '.repeat(14),
    units: '',
    value: 12,
    warning: '$this > 4',
    critical: '',
  },
];

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** Raised alerts of a node, as many as its counts say. */
export function raisedAlerts(nodeId: string, counts: { critical: number; warning: number }): AlertView[] {
  const total = counts.critical + counts.warning;
  return Array.from({ length: total }, (_, n): AlertView => {
    const kind = kinds[n % kinds.length] ?? kinds[0];
    const again = Math.floor(n / kinds.length);
    return {
      nodeId,
      name: again === 0 ? kind.name : `${kind.name}_${again}`,
      chart: kind.chart,
      chartName: kind.chartName ?? kind.chart,
      context: kind.context,
      status: n < counts.critical ? 'critical' : 'warning',
      since: ago(95 + 1_900 * n + Number(nodeId.slice(-2)) * 61),
      previous: n % 2 === 0 ? 'clear' : 'warning',
      summary: kind.summary,
      info: kind.info,
      silenced: n === 1,
      configHash: `hash-${n % kinds.length}`,
    };
  });
}

export function alertDefinition(configHash: string): AlertDefinition | null {
  const kind = kinds[Number(configHash.replace('hash-', ''))];
  if (!kind) return null;
  const { name, context, units, warning, critical, summary, info } = kind;
  return {
    configHash,
    name,
    units,
    warning,
    critical,
    summary,
    info,
    on: context,
    class: 'Utilization',
    type: 'System',
    component: 'Disk',
    lookup: 'average -10m unaligned of user,system,softirq,irq,guest',
    calculation: '$used * 100 / ($avail + $used)',
    every: '1m',
    delay: 'up 1m down 15m multiplier 1.5 max 1h',
    repeat: '',
    recipient: 'sysadmin',
  };
}

/** `/api/v1/alarms?all`: what is raised, and many that are quiet. */
export const alarmsAnswer = (raised: AlertView[]) => ({
  hostname: 'mock',
  status: true,
  now: Math.floor(Date.now() / 1000),
  alarms: Object.fromEntries([
    ...raised.map((alert) => {
      const kind = kinds.find(({ name }) => alert.name.startsWith(name)) ?? kinds[0];
      const value = kind.value + Math.sin(Date.now() / 4000);
      return [
        `${alert.chartName}.${alert.name}`,
        {
          name: alert.name,
          chart: alert.chartName,
          summary: alert.summary,
          info: alert.info,
          status: alert.status.toUpperCase(),
          config_hash_id: alert.configHash,
          units: kind.units,
          silenced: alert.silenced,
          last_status_change: Math.floor(Date.parse(alert.since) / 1000),
          value,
          value_string: `${value.toFixed(1)}${kind.units === '%' ? '%' : ` ${kind.units}`}`,
        },
      ];
    }),
    ...Array.from({ length: 160 }, (_, n) => [
      `disk.dev${n}.backlog`,
      {
        name: n % 7 === 6 ? 'lost_lines' : 'disk_backlog',
        chart: `disk_backlog.dev${n}`,
        config_hash_id: 'hash-1',
        status: n % 7 === 6 ? 'UNDEFINED' : 'CLEAR',
        info: 'average backlog size of the disk over the last 10 minutes',
        units: 'ms',
        silenced: false,
        last_status_change: n % 7 === 6 ? 0 : Math.floor(Date.now() / 1000) - 90_000,
        value: n % 7 === 6 ? null : n * 1.7,
        value_string: n % 7 === 6 ? '-' : `${(n * 1.7).toFixed(1)} ms`,
      },
    ]),
  ]),
});

/** `/api/v1/alarm_log?chart=`: a history of everything on that chart. */
export function alarmLogAnswer(raised: AlertView[], chart: string): object[] {
  const states = ['WARNING', 'CLEAR', 'CRITICAL', 'WARNING', 'CLEAR', 'REMOVED'];
  return raised
    .filter((alert) => alert.chart === chart)
    .flatMap((alert) =>
      Array.from({ length: 24 }, (_, n) => ({
        unique_id: 1000 - n,
        alarm_id: 7,
        name: alert.name,
        chart: alert.chart,
        status: n === 0 ? alert.status.toUpperCase() : states[n % states.length],
        old_status: states[(n + 1) % states.length],
        when: Math.floor(Date.parse(alert.since) / 1000) - n * 5_400,
        duration: 5_400,
        value: 80 + n,
        value_string: `${80 + n}.3%`,
        units: '%',
        silenced: 'false',
      })),
    );
}
