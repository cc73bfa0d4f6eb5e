import { expect, test } from 'vitest';
import { cursorOver } from '../collect/cursor.ts';
import { DiskLines } from './disks.ts';
import { chooseMounts, parseMounts } from './filesystems.ts';
import { interruptName } from './interrupts.ts';
import { parseFileNumbers } from './kernel-limits.ts';
import { parseLoad } from './load.ts';
import { InterfaceLines } from './network-interfaces.ts';
import { parsePressure, type PressureNumbers } from './pressure.ts';
import { parseSoftnet } from './softnet.ts';
import { parseStat, StatNumbers } from './stat.ts';

test('/proc/loadavg', () => {
  const numbers = { load1: 0, load5: 0, load15: 0, active: 0 };
  parseLoad(cursorOver('0.50 1.09 12.08 1/80 3541\n'), numbers);
  expect(numbers).toEqual({ load1: 0.5, load5: 1.09, load15: 12.08, active: 80 });
  parseLoad(cursorOver('0.50 1.09'), numbers);
  expect(numbers).toEqual({ load1: 0.5, load5: 1.09, load15: NaN, active: NaN });
});

test('/proc/stat: guests are taken out of user and nice, offline cores leave a hole', () => {
  const numbers = new StatNumbers();
  parseStat(
    cursorOver(
      'cpu  100 50 3 4 5 6 7 8 30 20\ncpu0 1 2 3 4 5 6 7 8 0 0\ncpu3 9 8 7 6 5 4 3 2 1 0\nintr 267717 0 0\nctxt 694728\nprocesses 3540\nprocs_running 2\nprocs_blocked 1\nnew 1\n',
    ),
    numbers,
  );
  expect([...numbers.times.subarray(0, 10)]).toEqual([70, 30, 3, 4, 5, 6, 7, 8, 30, 20]);
  expect([...numbers.times.subarray(20, 30)]).toEqual([8, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(numbers).toMatchObject({
    cores: [0, 3],
    interrupts: 267717,
    contextSwitches: 694728,
    forks: 3540,
    running: 2,
    blocked: 1,
    hasTotal: true,
  });
});

test('/proc/stat of an old kernel, of many cores, and of none', () => {
  const numbers = new StatNumbers();
  parseStat(cursorOver('cpu  1 2 3 4\n'), numbers);
  expect([...numbers.times.subarray(0, 10)]).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 0, 0]);
  parseStat(cursorOver(Array.from({ length: 300 }, (_, core) => `cpu${core} ${core} 0 0 0\n`).join('')), numbers);
  expect(numbers.cores).toHaveLength(300);
  expect(numbers.times[300 * 10]).toBe(299);
  parseStat(cursorOver(''), numbers);
  expect(numbers).toMatchObject({ cores: [], hasTotal: false, interrupts: NaN });
});

test('/proc/diskstats of three kernels, names with a slash', () => {
  const disks = new DiskLines();
  disks.parse(
    cursorOver(
      '   8  0 sda 1 2 3 4 5 6 7 8 9 10 11\n 104 0 cciss/c0d0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n 254 0 vda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18\n   7 0 loop0\nodd\n',
    ),
  );
  expect(disks.lines.map(({ name }) => name)).toEqual(['sda', 'cciss/c0d0', 'vda']);
  expect([...(disks.lines[0]?.numbers ?? [])].slice(10, 12)).toEqual([11, NaN]);
  expect([...(disks.lines[2]?.numbers ?? [])]).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
  const kept = disks.lines[0];
  disks.parse(cursorOver('   8  0 sda 2 2 3 4 5 6 7 8 9 10 11\n'));
  expect(disks.lines).toHaveLength(1);
  expect(disks.lines[0]).toBe(kept);
});

test('/proc/net/dev: headings are no interfaces, a name may touch its first number', () => {
  const lines = new InterfaceLines();
  const numbers = Array.from({ length: 16 }, (_, i) => i + 1).join(' ');
  lines.parse(
    cursorOver(
      `Inter-|   Receive    |  Transmit\n face |bytes packets|bytes\n    lo: ${numbers}\neth0:${numbers}\n cut: 1 2 3\n`,
    ),
  );
  expect(lines.lines.map(({ name }) => name)).toEqual(['lo', 'eth0']);
  expect([...(lines.lines[1]?.numbers ?? [])]).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
});

test('/proc/net/softnet_stat', () => {
  const line =
    '00002147 0000000a 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000002 00000003 00000000';
  expect(parseSoftnet(cursorOver(`${line}\n${line}\n`)).map((numbers) => [...numbers])).toEqual([
    [0x2147, 10, 1, 2, 3],
    [0x2147, 10, 1, 2, 3],
  ]);
  expect(parseSoftnet(cursorOver('00000001 00000002 00000003\n')).map((numbers) => [...numbers])).toEqual([
    [1, 2, 3, NaN, NaN],
  ]);
  expect(parseSoftnet(cursorOver('no numbers\n'))).toEqual([]);
});

test('/proc/pressure', () => {
  const numbers: Record<'some' | 'full', PressureNumbers> = { some: [0, 0, 0, 0], full: [0, 0, 0, 0] };
  parsePressure(cursorOver('some avg10=2.34 avg60=1.41 avg300=0.80 total=10882580\n'), numbers);
  expect(numbers).toEqual({ some: [2.34, 1.41, 0.8, 10882580], full: [NaN, NaN, NaN, NaN] });
  parsePressure(cursorOver('full avg10= avg60 avg300=1\nsome'), numbers);
  expect(numbers.full).toEqual([NaN, NaN, 1, NaN]);
});

test('/proc/sys/fs/file-nr', () => {
  expect(parseFileNumbers(cursorOver('500\t100\t1000\n'))).toEqual({ used: 400, utilization: 40 });
  expect(parseFileNumbers(cursorOver('500'))).toEqual({ used: NaN, utilization: NaN });
});

test('names of interrupts', () => {
  const row = { nameBytes: Buffer.alloc(0), counts: new Float64Array(0), total: 0 };
  expect(interruptName({ ...row, name: '41', description: 'PCI-MSIX-0000:00:04.0   1-edge      virtio3-rx' })).toBe(
    'virtio3-rx_41',
  );
  expect(interruptName({ ...row, name: 'LOC', description: 'Local timer interrupts' })).toBe('LOC');
  expect(interruptName({ ...row, name: '9', description: '' })).toBe('9');
});

const mountText = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw
31 27 254:0 /var/lib/docker/volumes /data rw - ext4 /dev/vda rw
32 27 8:1 / /mnt/my\\040disk rw,noatime - xfs /dev/sda1 rw
33 27 8:2 / /mnt/cd ro - ext4 /dev/sdb rw
34 27 0:30 / /dev/shm rw - tmpfs tmpfs rw
35 27 0:31 / /run/user/1000 rw - tmpfs tmpfs rw
36 27 7:0 / /snap/core/1 rw - squashfs /dev/loop0 rw
37 27 0:40 / /over rw - ext4 hidden rw
38 27 0:41 / /over rw - xfs shown rw
39 27 0:42 / /cut rw
`;

test('/proc/self/mountinfo', () => {
  const mounts = parseMounts(cursorOver(mountText));
  expect(mounts[3]).toEqual({ device: '8:1', root: '/', mountPoint: '/mnt/my disk', type: 'xfs', readOnly: false });
  expect(mounts.map(({ mountPoint }) => mountPoint)).not.toContain('/cut');
  expect(chooseMounts(mounts).map(({ mountPoint, type }) => `${mountPoint} ${type}`)).toEqual([
    '/ ext4',
    '/mnt/my disk xfs',
    '/dev/shm tmpfs',
    '/over xfs',
  ]);
});
