import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hostLabels, parseOsRelease, readHostInfo } from './host-info.ts';

function machineOf(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'host-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const debian =
  'NAME="Debian GNU/Linux"\nID=debian\nVERSION="12 (bookworm)"\nVERSION_ID=\'12\'\n# a comment\nodd line\n';

test('a virtual machine', () => {
  const info = readHostInfo(
    machineOf({
      'etc/os-release': debian,
      'etc/timezone': 'Europe/Berlin\n',
      'proc/sys/kernel/ostype': 'Linux\n',
      'proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
      'proc/meminfo': 'MemTotal:       24684084 kB\n',
      'proc/cpuinfo': 'processor\t: 0\ncpu MHz\t\t: 2593.904\nflags\t\t: fpu hypervisor\n\nprocessor\t: 1\n',
      'sys/block/vda/size': '2097152\n',
      'sys/block/vda/device/vendor': '0x1af4\n',
      'sys/block/loop0/size': '4096\n',
      'sys/class/dmi/id/sys_vendor': 'QEMU\n',
    }),
  );
  expect(info).toEqual({
    os: {
      name: 'Debian GNU/Linux',
      id: 'debian',
      idLike: '',
      version: '12 (bookworm)',
      versionId: '12',
      detection: '/etc/os-release',
    },
    containerOs: undefined,
    kernelName: 'Linux',
    kernelVersion: '6.1.0-18-amd64',
    architecture: info.architecture,
    cores: 2,
    cpuFrequencyHz: 2_593_904_000,
    ramBytes: 24684084 * 1024,
    diskBytes: 1024 ** 3,
    virtualization: 'qemu',
    virtualizationDetection: 'dmi',
    container: 'none',
    containerDetection: 'none',
    timezone: 'Europe/Berlin',
  });
  expect(hostLabels(info)).toMatchObject({ _os_name: 'Debian GNU/Linux', _system_cores: '2', _virtualization: 'qemu' });
});

test('a container that can see the system of its host', () => {
  const alpine = 'NAME=Alpine\nID=alpine\n';
  const info = readHostInfo(machineOf({ '.dockerenv': '', 'etc/os-release': alpine, 'host/etc/os-release': debian }));
  expect(info).toMatchObject({ container: 'docker', os: { id: 'debian' }, containerOs: { id: 'alpine' } });
});

test.each([
  [{ 'run/.containerenv': '' }, 'podman'],
  [{ 'run/systemd/container': 'lxc\n' }, 'lxc'],
  [{ 'proc/1/cgroup': '0::/kubepods/pod1\n' }, 'kubepods'],
  [{ 'proc/1/cgroup': '0::/init.scope\n' }, 'none'],
])('container %j is %s', (files, container) => {
  expect(readHostInfo(machineOf(files)).container).toBe(container);
});

test('an odd machine is unknown, not an error', () => {
  const info = readHostInfo(machineOf({}));
  expect(info).toMatchObject({ cores: 0, ramBytes: 0, diskBytes: 0, timezone: 'UTC', virtualization: 'none' });
  expect(info.os.detection).toBe('');
});

test('os-release', () => {
  expect(parseOsRelease('', 'f').detection).toBe('');
  expect(parseOsRelease('NAME="a \\"b\\""\nNAME2=x', 'f').name).toBe('a \\"b\\"');
  expect(parseOsRelease(`NAME=${'x'.repeat(1000)}`, 'f').name).toHaveLength(256);
});
