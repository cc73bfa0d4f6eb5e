import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DisksCollector } from './disks.ts';
import { FilesystemsCollector } from './filesystems.ts';
import { InterruptsCollector } from './interrupts.ts';
import { IpCollector } from './ip.ts';
import { MemoryCollector } from './memory.ts';
import { NetworkInterfacesCollector } from './network-interfaces.ts';
import { PressureCollector } from './pressure.ts';
import { noActivity } from '../metrics/api-activity.ts';
import { SelfCollector } from './self.ts';
import { SocketsCollector } from './sockets.ts';
import { StatCollector } from './stat.ts';
import { TestMachine } from './testing.ts';
import { VirtualMemoryCollector } from './virtual-memory.ts';

test('CPU: shares of the time since the last second', async () => {
  const machine = new TestMachine((store, files) => [new StatCollector(store, files)]);
  machine.write(
    'proc/stat',
    'cpu  100 0 50 1000 10 0 0 0 0 0\ncpu0 100 0 50 1000 10 0 0 0 0 0\nctxt 100\nprocs_running 3\nprocs_blocked 1\n',
  );
  await machine.tick();
  expect(machine.latest('system.cpu')).toEqual({});
  expect(machine.latest('system.processes')).toEqual({ running: 3, blocked: -1 });
  machine.write('proc/stat', 'cpu  150 0 60 1140 10 0 0 0 0 0\ncpu0 125 0 50 1075 10 0 0 0 0 0\nctxt 350\n');
  await machine.tick();
  expect(machine.latest('system.cpu')).toMatchObject({ user: 25, system: 5, iowait: 0, idle: 70 });
  expect(machine.latest('cpu.cpu0')).toMatchObject({ user: 25, idle: 75 });
  expect(machine.latest('system.ctxt')).toEqual({ switches: 250 });
  expect(machine.latest('system.processes')).toEqual({});
});

test('memory: used is what is neither free nor cache nor buffer; swap is shown where there is some', async () => {
  const machine = new TestMachine((store, files) => [new MemoryCollector(store, files)]);
  const ram =
    'MemTotal: 10240 kB\nMemFree: 2048 kB\nMemAvailable: 4096 kB\nBuffers: 1024 kB\nCached: 2048 kB\nShmem: 1024 kB\nSReclaimable: 1024 kB\n';
  machine.write('proc/meminfo', `${ram}SwapTotal: 0 kB\nSwapFree: 0 kB\n`);
  await machine.tick();
  expect(machine.latest('system.ram')).toEqual({ free: 2, used: 5, cached: 2, buffers: 1 });
  expect(machine.latest('mem.available')).toEqual({ avail: 4 });
  expect(machine.store.chart('mem.swap')).toBeUndefined();
  machine.write(
    'proc/meminfo',
    `${ram}SwapTotal: 4096 kB\nSwapFree: 1024 kB\nHugePages_Total: 4\nHugePages_Free: 3\nHugePages_Rsvd: 1\nHugePages_Surp: 0\nHugepagesize: 2048 kB\n`,
  );
  await machine.tick();
  expect(machine.latest('mem.swap')).toEqual({ free: 1, used: 3 });
  expect(machine.latest('mem.hugepages')).toEqual({ free: 4, used: 2, surplus: 0, reserved: 2 });
});

test('virtual memory: pages become KiB', async () => {
  const machine = new TestMachine((store, files) => [new VirtualMemoryCollector(store, files)]);
  machine.write('proc/vmstat', 'pgfault 100\npgmajfault 10\npswpin 5\npswpout 5\noom_kill 0\n');
  await machine.tick();
  machine.write('proc/vmstat', 'pgfault 150\npgmajfault 11\npswpin 7\npswpout 8\noom_kill 1\n');
  await machine.tick();
  expect(machine.latest('mem.pgfaults')).toEqual({ minor: 50, major: -1 });
  expect(machine.latest('mem.swapio')).toEqual({ in: 8, out: -12 });
  expect(machine.latest('mem.oom_kill')).toEqual({ kills: 1 });
});

function diskLine(name: string, numbers: readonly number[]): string {
  return `   8 0 ${name} ${[...numbers, ...Array(17).fill(0)].slice(0, 17).join(' ')}\n`;
}

test('disks: bandwidth, time per operation, utilization; partitions and idle devices are left out', async () => {
  const machine = new TestMachine((store, files) => [new DisksCollector(store, files)]);
  machine.write('sys/block/sda/device/vendor', 'x');
  machine.write('sys/block/dm-0/size', '1');
  machine.write('sys/block/zram0/size', '1');
  const rest = diskLine('sda1', [10]) + diskLine('zram0', []) + diskLine('loop0', [5]);
  machine.write(
    'proc/diskstats',
    diskLine('sda', [10, 0, 100, 50, 10, 0, 100, 50, 0, 1000, 0]) + diskLine('dm-0', [1, 0, 100]) + rest,
  );
  await machine.tick();
  machine.write(
    'proc/diskstats',
    diskLine('sda', [20, 5, 300, 150, 12, 0, 104, 60, 3, 1250, 0]) + diskLine('dm-0', [1, 0, 300]) + rest,
  );
  await machine.tick();
  expect(machine.latest('disk.sda')).toEqual({ reads: 100, writes: -2 });
  expect(machine.latest('disk_ops.sda')).toEqual({ reads: 10, writes: -2 });
  expect(machine.latest('disk_await.sda')).toEqual({ reads: 10, writes: -5 });
  expect(machine.latest('disk_avgsz.sda')).toEqual({ reads: 10, writes: -1 });
  expect(machine.latest('disk_util.sda')).toEqual({ utilization: 25 });
  expect(machine.latest('disk_qops.sda')).toEqual({ operations: 3 });
  expect(machine.latest('disk.dm-0')).toEqual({ reads: 100, writes: 0 });
  // A volume on sda is not counted twice.
  expect(machine.latest('system.io')).toEqual({ in: 100, out: -2 });
  for (const name of ['sda1', 'zram0', 'loop0']) expect(machine.store.chart(`disk.${name}`)).toBeUndefined();
});

test('a disk that is pulled out and put in again has a gap, never a spike', async () => {
  const machine = new TestMachine((store, files) => [new DisksCollector(store, files)]);
  machine.write('sys/block/sda/device/vendor', 'x');
  const steps: [string, object][] = [
    [diskLine('sda', [1, 0, 1000]), {}],
    [diskLine('sda', [2, 0, 1010]), { reads: 5, writes: 0 }],
    ['', {}],
    [diskLine('sda', [9, 0, 900_000]), {}],
    [diskLine('sda', [9, 0, 900_002]), { reads: 1, writes: 0 }],
  ];
  for (const [text, expected] of steps) {
    machine.write('proc/diskstats', text);
    await machine.tick();
    expect(machine.latest('disk.sda')).toEqual(expected);
  }
});

test('a disk that is plugged in with its old counters is no spike in the total, nor is one that goes', async () => {
  const machine = new TestMachine((store, files) => [new DisksCollector(store, files)]);
  for (const name of ['sda', 'sdb']) machine.write(`sys/block/${name}/device/vendor`, 'x');
  const totals: (number | undefined)[] = [];
  for (const [a, b] of [
    [100, undefined],
    [102, undefined],
    [104, 5_000_000],
    [106, 5_000_002],
    [108, undefined],
  ]) {
    const text = diskLine('sda', [1, 0, a ?? 0]) + (b === undefined ? '' : diskLine('sdb', [1, 0, b]));
    machine.write('proc/diskstats', text);
    await machine.tick();
    totals.push(machine.latest('system.io')['in']);
  }
  expect(totals).toEqual([undefined, 1, 1, 2, 1]);
});

function interfaceLine(name: string, received: number, sent: number): string {
  return `${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;
}

test('network interfaces: kilobits, sent is negative; the loopback and unused virtual ones are left out', async () => {
  const machine = new TestMachine((store, files) => [new NetworkInterfacesCollector(store, files)]);
  for (const name of ['lo', 'docker0', 'ifb0']) machine.write(`sys/devices/virtual/net/${name}/mtu`, '1500');
  for (const [file, text] of [
    ['speed', '1000'],
    ['duplex', 'full'],
    ['operstate', 'up'],
    ['carrier', '1'],
    ['mtu', '1500'],
  ]) {
    machine.write(`sys/class/net/eth0/${file}`, `${text}\n`);
  }
  const idle = 'ifb0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n';
  for (let i = 0; i < 11; i++) {
    machine.write(
      'proc/net/dev',
      interfaceLine('lo', i, i) +
        interfaceLine('eth0', i * 1000, i * 500) +
        interfaceLine('docker0', i * 250, 0) +
        idle,
    );
    await machine.tick();
  }
  expect(machine.latest('net.eth0')).toEqual({ received: 8, sent: -4 });
  expect(machine.latest('net.docker0')).toEqual({ received: 2, sent: 0 });
  expect(machine.latest('system.net')).toEqual({ received: 8, sent: -4 });
  expect(machine.latest('net_speed.eth0')).toEqual({ speed: 1_000_000 });
  expect(machine.latest('net_duplex.eth0')).toEqual({ full: 1, half: 0, unknown: 0 });
  expect(machine.latest('net_carrier.eth0')).toEqual({ up: 1, down: 0 });
  for (const name of ['lo', 'ifb0']) expect(machine.store.chart(`net.${name}`)).toBeUndefined();
  expect(machine.store.chart('net_speed.docker0')).toBeUndefined();
});

test('IP: one chart may take its dimensions from both files; a file that is missing leaves the other', async () => {
  const machine = new TestMachine((store, files) => [new IpCollector(store, files)]);
  machine.write('proc/net/snmp', 'Tcp: EstabResets OutRsts AttemptFails CurrEstab\nTcp: 1 2 3 7\n');
  machine.write('proc/net/netstat', 'TcpExt: TCPSynRetrans\nTcpExt: 5\nIpExt: InOctets OutOctets\nIpExt: 0 0\n');
  await machine.tick();
  machine.write('proc/net/snmp', 'Tcp: EstabResets OutRsts AttemptFails CurrEstab\nTcp: 2 4 6 9\n');
  machine.write('proc/net/netstat', 'TcpExt: TCPSynRetrans\nTcpExt: 9\nIpExt: InOctets OutOctets\nIpExt: 1000 2000\n');
  await machine.tick();
  expect(machine.latest('ip.tcphandshake')).toEqual({ EstabResets: 1, OutRsts: 2, AttemptFails: 3, SynRetrans: 4 });
  expect(machine.latest('ip.tcpsock')).toEqual({ connections: 9 });
  expect(machine.latest('system.ip')).toEqual({ received: 8, sent: -16 });
});

test('sockets of both versions', async () => {
  const machine = new TestMachine((store, files) => [new SocketsCollector(store, files)]);
  machine.write(
    'proc/net/sockstat',
    'sockets: used 10\nTCP: inuse 1 orphan 0 tw 2 alloc 3 mem 384\nFRAG: inuse 0 memory 2048\n',
  );
  machine.write('proc/net/sockstat6', 'TCP6: inuse 4\n');
  await machine.tick();
  expect(machine.latest('ip.sockstat_sockets')).toEqual({ used: 10 });
  expect(machine.latest('ipv4.sockstat_tcp_sockets')).toEqual({ alloc: 3, orphan: 0, inuse: 1, timewait: 2 });
  expect(machine.latest('ipv4.sockstat_tcp_mem')).toEqual({ mem: 1536 });
  expect(machine.latest('ipv4.sockstat_frag_mem')).toEqual({ mem: 2 });
  expect(machine.latest('ipv6.sockstat6_tcp_sockets')).toEqual({ inuse: 4 });
});

test('interrupts: dimensions appear when something first counts', async () => {
  const machine = new TestMachine((store, files) => [new InterruptsCollector(store, files)]);
  const text = (disk: number, late: number): string =>
    `  CPU0 CPU1\n 24: ${disk} 0 IO-APIC 5-edge disk\n 25: 0 ${late} IO-APIC 6-edge late\n`;
  for (const [disk, late] of [
    [10, 0],
    [15, 0],
    [15, 3],
    [15, 5],
  ] as const) {
    machine.write('proc/interrupts', text(disk, late));
    await machine.tick();
    if (disk === 15 && late === 0) expect(machine.latest('system.interrupts')).toEqual({ disk_24: 5 });
  }
  expect(machine.latest('system.interrupts')).toEqual({ disk_24: 0, late_25: 2 });
  expect(machine.latest('cpu.cpu0_interrupts')).toEqual({ disk_24: 0 });
  expect(machine.latest('cpu.cpu1_interrupts')).toEqual({ late_25: 2 });
});

test('pressure: microseconds become milliseconds; a kernel without interrupts in it has the others', async () => {
  const machine = new TestMachine((store, files) => [new PressureCollector(store, files)]);
  machine.write(
    'proc/pressure/io',
    'some avg10=1.5 avg60=1.0 avg300=0.5 total=1000\nfull avg10=0 avg60=0 avg300=0 total=0\n',
  );
  await machine.tick();
  machine.write(
    'proc/pressure/io',
    'some avg10=2.5 avg60=1.0 avg300=0.5 total=251000\nfull avg10=0 avg60=0 avg300=0 total=0\n',
  );
  await machine.tick();
  expect(machine.latest('system.io_some_pressure')).toEqual({ 'some 10': 2.5, 'some 60': 1, 'some 300': 0.5 });
  expect(machine.latest('system.io_some_pressure_stall_time')).toEqual({ time: 250 });
  expect(machine.latest('system.irq_full_pressure')).toEqual({});
});

test('file systems: what is free and used adds up to what there is', async () => {
  const machine = new TestMachine((store, files) => [new FilesystemsCollector(store, files)]);
  machine.write('proc/self/mountinfo', '27 1 254:0 / / rw - ext4 /dev/vda rw\n30 27 9:9 / /gone rw - ext4 /dev/x rw\n');
  for (let i = 0; i < 10; i++) await machine.tick();
  const space = machine.latest('disk_space./');
  expect(Object.keys(space)).toEqual(['avail', 'used', 'reserved for root']);
  expect(Object.values(space).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
  expect(machine.store.chart('disk_space./gone')).toBeUndefined();
  expect(machine.failures).toEqual([]);
});

test('mounts that do not answer hold up two calls at most, and the others go on', async () => {
  const asked: string[] = [];
  const ask = (path: string): Promise<StatsFs> => {
    asked.push(path.slice(-2));
    return path.endsWith('dead') || path.endsWith('/d2') ? new Promise(() => undefined) : statfs('/');
  };
  const machine = new TestMachine((store, files) => [new FilesystemsCollector(store, files, ask, 10)]);
  const mounts = ['/dead', '/ok', '/d2', '/d3', '/'].map((path, i) => {
    return `3${i} 1 0:${i} / ${path} rw - ${path === '/' ? 'ext4' : 'nfs4'} source rw\n`;
  });
  machine.write('proc/self/mountinfo', mounts.join(''));
  for (let i = 0; i < 20; i++) await machine.tick();
  expect(asked.map((path) => path.replace(/^.*\//, ''))).toEqual(['ad', 'ok', 'd2', '', '']);
  expect(machine.latest('disk_space./')).not.toEqual({});
  expect(machine.failures).toEqual([]);
});

test('the agent itself', async () => {
  const activity = noActivity();
  let cpuUs = 0;
  const machine: TestMachine = new TestMachine((store) => [
    new SelfCollector({
      store,
      activity,
      usage: {
        cpuUsage: () => ({ user: (cpuUs += 3000), system: 0 }),
        memoryBytes: () => ({ resident: 1024, heapUsed: 512 }),
      },
      runs: () => machine.runner.runs,
    }),
  ]);
  await machine.tick();
  activity.localRequests += 4;
  await machine.tick();
  expect(machine.latest('netdata.server_cpu')).toEqual({ user: 3, system: 0 });
  expect(machine.latest('netdata.requests')).toEqual({ local: 4, relayed: 0, failed: 0 });
  expect(machine.latest('netdata.dimensions')).toEqual({ dimensions: machine.store.dimensionCount });
  expect(machine.latest('netdata.plugin_proc_modules')).toEqual({ agent: 0 });
});
