import type { StatsFs } from 'node:fs';
import { expect, test } from 'vitest';
import { FilesystemsCollector } from '../collectors/filesystems.ts';
import { TestMachine } from '../collectors/testing.ts';
import { machineFiles } from './machine-files.ts';
import { mountPoints } from './mount-points.ts';
import { notAborted, rowsOf } from './testing.ts';

const GiB = 1024 ** 3;

test('mounts with what the collector measured last; what is not measured yet is left out', async () => {
  const stats = { bsize: GiB, blocks: 10, bfree: 5, bavail: 4, files: 100, ffree: 75 } as StatsFs;
  const machine = new TestMachine((store, files) => [
    new FilesystemsCollector(store, files, async (path) =>
      path.endsWith('/broken') ? Promise.reject(new Error('EIO')) : stats,
    ),
  ]);
  machine.write(
    'proc/self/mountinfo',
    '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 /data /srv/my\\040data rw - xfs /dev/sdb1 rw\n3 1 8:3 / /broken rw - ext4 /dev/sdc1 rw\n4 1 0:5 / /proc rw - proc proc rw\n',
  );
  for (let second = 0; second < 10; second++) await machine.tick();
  const called = mountPoints(machine.store, machineFiles(machine.root));
  const [root, data, ...rest] = rowsOf(await called.run(notAborted));
  expect(root).toEqual({
    Mountpoint: '/',
    Filesystem: 'ext4',
    Root: '/',
    'Used%': 55.56,
    Avail: 4,
    Used: 5,
    Reserved: 1,
    Size: 10,
    'iUsed%': 25,
    iAvail: 75,
    iUsed: 25,
    iReserved: 0,
  });
  expect(data).toMatchObject({ Mountpoint: '/srv/my data', Filesystem: 'xfs', Root: '/data' });
  expect(rest).toEqual([]);
});
