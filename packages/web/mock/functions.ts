// The mock's functions: a list as agents of two eras give it, and tables of two thousand rows.

const access = ['signed-in', 'same-space', 'sensitive-data'];

export const functionsAnswer = (isOld: boolean) => ({
  functions: {
    processes: {
      help: 'Detailed information on the currently running processes.',
      timeout: 10,
      ...(isOld
        ? { options: ['GLOBAL'] }
        : { tags: 'top', access: [...access, 'view-config'], priority: 100, version: 3 }),
    },
    'network-connections': {
      help: 'Shows active network connections with protocol details, states, addresses, ports, and performance metrics.',
      timeout: 60,
      ...(isOld ? {} : { tags: 'top', access, priority: 100 }),
    },
    'mount-points': {
      help: 'View mount point disk space and inode usage.',
      timeout: 10,
      ...(isOld ? {} : { tags: 'top', access: ['signed-in', 'same-space', 'anonymous-data'], priority: 110 }),
    },
    'systemd-journal': {
      help: 'View, search and analyze systemd journal entries.',
      timeout: 60,
      ...(isOld ? {} : { tags: 'logs', access, priority: 200 }),
    },
    'topology:snmp': { help: 'Layer 2 neighbours.', timeout: 30, ...(isOld ? {} : { tags: 'topology', access }) },
  },
});

const field = (index: number, type: string, change: Record<string, unknown> = {}) => {
  const { units, transform = 'none', decimal_points = 0, ...rest } = change;
  return {
    index,
    name: change.name ?? type,
    type,
    visible: true,
    sortable: true,
    sticky: false,
    unique_key: false,
    visualization: type === 'bar-with-integer' ? 'bar' : 'value',
    value_options: { ...(units === undefined ? {} : { units }), transform, decimal_points },
    sort: type === 'string' ? 'ascending' : 'descending',
    summary: 'count',
    filter: 'multiselect',
    ...rest,
  };
};

const commands = [
  'nginx',
  'postgres',
  'kworker/u16:2',
  'sshd',
  'dockerd',
  'node',
  'python3',
  'systemd',
  'bash',
  'redis-server',
];
const wave = (n: number, every: number): number => Math.abs(Math.sin(n * 12.9898 + Date.now() / every)) ** 6;

const processes = () => ({
  status: 200,
  type: 'table',
  update_every: 1,
  has_history: false,
  help: 'Detailed information on the currently running processes.',
  data: Array.from({ length: 2_000 }, (_, n) => {
    const name = commands[n % commands.length] ?? '';
    return [
      400 + n * 3,
      n === 17 ? '<img src=x onerror=alert(1)>' : n === 23 ? '\u202egnp.exe' : name,
      n % 41 === 0 ? `${name} --config /etc/${name}/very/long/path/${'x'.repeat(90)}` : `/usr/bin/${name}`,
      n % 5 === 0 ? 'system' : 'apps',
      ['root', 'www-data', 'postgres', 'ada'][n % 4],
      Number((wave(n, 9000) * 100).toFixed(2)),
      Number((wave(n + 7, 60_000) * 60).toFixed(2)),
      Number((wave(n + 3, 90_000) * 4096).toFixed(2)),
      n % 6 === 0 ? null : Number((wave(n + 5, 5000) * 900).toFixed(2)),
      1 + (n % 12),
      60 * (n + 1) * 7,
      { severity: n === 3 ? 'warning' : 'normal' },
    ];
  }),
  columns: {
    PID: field(0, 'integer', {
      name: 'Process ID',
      transform: 'number',
      unique_key: true,
      sticky: true,
      sort: 'ascending',
    }),
    Cmd: field(1, 'string', { name: 'Process Name', sticky: true }),
    CmdLine: field(2, 'string', { name: 'Command Line', visible: false, full_width: true }),
    Category: field(3, 'string', { name: 'Category (apps_groups.conf)' }),
    User: field(4, 'string', { name: 'User Owner' }),
    CPU: field(5, 'bar-with-integer', {
      name: 'Total CPU Time (100% = 1 core)',
      units: '%',
      transform: 'number',
      decimal_points: 2,
      max: 100,
    }),
    Memory: field(6, 'bar-with-integer', {
      name: 'Memory Percentage',
      units: '%',
      transform: 'number',
      decimal_points: 2,
      max: 100,
    }),
    Resident: field(7, 'bar-with-integer', {
      name: 'Resident Set Size',
      units: 'MiB',
      transform: 'number',
      decimal_points: 2,
    }),
    PReads: field(8, 'bar-with-integer', {
      name: 'Physical I/O Reads',
      units: 'KiB/s',
      transform: 'number',
      decimal_points: 2,
    }),
    Threads: field(9, 'bar-with-integer', { name: 'Threads', units: 'threads', transform: 'number', max: 12 }),
    Uptime: field(10, 'duration', { name: 'Uptime in seconds', units: 'seconds', transform: 'duration', max: 98_000 }),
    rowOptions: field(11, 'none', { visualization: 'rowOptions', visible: false, dummy: true }),
  },
  default_sort_column: 'CPU',
});

const connections = (isDetailed: boolean) => ({
  status: 200,
  type: 'table',
  update_every: 5,
  has_history: false,
  required_params: [
    {
      id: 'sockets',
      name: 'Sockets',
      type: 'select',
      options: [
        { id: 'aggregated', name: 'Aggregated view of sockets' },
        { id: 'detailed', name: 'Detailed view of all sockets' },
      ],
    },
  ],
  data: Array.from({ length: isDetailed ? 240 : 18 }, (_, n) => [
    n % 3 === 0 ? 'listen' : 'inbound',
    n % 2 ? 'tcp6' : 'tcp4',
    400 + n,
    commands[n % commands.length],
    `192.0.2.${n % 255}`,
    n % 3 === 0 ? null : Date.now() - n * 86_000,
    ['a', n],
  ]),
  columns: {
    Direction: field(0, 'string', { sticky: true }),
    Protocol: field(1, 'string'),
    PID: field(2, 'integer'),
    Process: field(3, 'string', { full_width: true }),
    RemoteIP: field(4, 'string'),
    Since: field(5, 'timestamp', { transform: 'datetime' }),
    Tags: field(6, 'array', { visible: false, visualization: 'pill' }),
  },
  default_sort_column: 'Direction',
});

const mountPoints = () => ({
  status: 200,
  type: 'table',
  update_every: 1,
  has_history: false,
  data: [
    ['/', 'ext4', 38.1, 61.24, 37.69],
    ['/srv/données été', 'xfs', 14.6, 812.4, 139.2],
    ['/boot', 'ext4', 71.9, 0.24, 0.61],
  ],
  columns: {
    Mountpoint: field(0, 'string', { unique_key: true, full_width: true }),
    Filesystem: field(1, 'string'),
    'Used%': field(2, 'bar-with-integer', { units: '%', transform: 'number', decimal_points: 2, max: 100 }),
    Avail: field(3, 'bar-with-integer', { units: 'GiB', transform: 'number', decimal_points: 2, max: 812.4 }),
    Used: field(4, 'bar-with-integer', { units: 'GiB', transform: 'number', decimal_points: 2, max: 139.2 }),
  },
  default_sort_column: 'Used%',
});

/** Status and body of `/api/v1/function`. */
export function functionAnswer(call: string): { status: number; body: object } {
  const [name = '', ...words] = call.split(' ');
  if (name === 'processes') return { status: 200, body: processes() };
  if (name === 'network-connections') return { status: 200, body: connections(words.includes('sockets:detailed')) };
  if (name === 'mount-points') return { status: 200, body: mountPoints() };
  if (name === 'topology:snmp') return { status: 200, body: { status: 200, type: 'topology', nodes: [] } };
  if (name === 'systemd-journal')
    return {
      status: 412,
      body: { status: 412, error_message: 'You need to be signed in to the space of this agent to see its journal.' },
    };
  return { status: 404, body: { status: 404, error_message: 'No collector offers this function now.' } };
}
