// What kind of machine this is: read once at the start, for /api/v1/info and for the Cloud.

import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';

/** '' = unknown, in every field. */
export interface OsInfo {
  name: string;
  id: string;
  idLike: string;
  version: string;
  versionId: string;
  /** The file that said so. */
  detection: string;
}

/** Facts of the machine that do not change while the agent runs. Texts are '' and numbers 0 where unknown. */
export interface HostInfo {
  os: OsInfo;
  /** Only inside a container whose host's system is known, too. */
  containerOs: OsInfo | undefined;
  kernelName: string;
  kernelVersion: string;
  architecture: string;
  cores: number;
  cpuFrequencyHz: number;
  ramBytes: number;
  /** Of all physical disks. */
  diskBytes: number;
  /** `none`, or what the machine runs on: `kvm`, `vmware`, … */
  virtualization: string;
  virtualizationDetection: string;
  /** `none`, or what the agent runs in: `docker`, `podman`, `lxc`, … */
  container: string;
  containerDetection: string;
  /** Name of the time zone, e.g. `Europe/Berlin`. */
  timezone: string;
}

/** Reads the facts below `root`. What is missing is left empty: an agent on an odd machine still starts. */
export function readHostInfo(root: string): HostInfo {
  const read = (path: string): string => readText(join(root, path));
  const ownOs = parseOsRelease(read('etc/os-release') || read('usr/lib/os-release'), '/etc/os-release');
  const [container, containerDetection] = detectContainer(root, read);
  // A container that mounts its host's file knows both.
  const hostOs = container === 'none' ? '' : read('host/etc/os-release');
  const [virtualization, virtualizationDetection] = detectVirtualization(read);
  const cpuText = read('proc/cpuinfo');
  return {
    os: hostOs === '' ? ownOs : parseOsRelease(hostOs, '/host/etc/os-release'),
    containerOs: hostOs === '' ? undefined : ownOs,
    kernelName: read('proc/sys/kernel/ostype') || 'Linux',
    kernelVersion: read('proc/sys/kernel/osrelease'),
    architecture: machine(),
    cores: (cpuText.match(/^processor\s*:/gm) ?? []).length,
    cpuFrequencyHz: cpuFrequency(cpuText, read('sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq')),
    ramBytes: Number(/^MemTotal:\s*(\d+) kB/m.exec(read('proc/meminfo'))?.[1] ?? 0) * 1024,
    diskBytes: diskBytes(root, read),
    virtualization,
    virtualizationDetection,
    container,
    containerDetection,
    timezone: timezone(root, read),
  };
}

/** The labels that stock agents give a host. */
export function hostLabels(info: HostInfo): Record<string, string> {
  return {
    _os_name: info.os.name,
    _os_version: info.os.version,
    _kernel_version: info.kernelVersion,
    _architecture: info.architecture,
    _virtualization: info.virtualization,
    _container: info.container,
    _container_detection: info.containerDetection,
    _virt_detection: info.virtualizationDetection,
    _system_cores: String(info.cores),
    _system_cpu_freq: String(info.cpuFrequencyHz),
    _system_ram_total: String(info.ramBytes),
    _system_disk_space: String(info.diskBytes),
    _is_master: 'false',
    _streams_to: '',
  };
}

/** Of the machine's clock, east positive. */
export function utcOffsetSeconds(nowMs: number): number {
  return -new Date(nowMs).getTimezoneOffset() * 60;
}

/** `KEY=value` lines, values quoted or not. [os-release(5)] */
export function parseOsRelease(text: string, detection: string): OsInfo {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]{1,64})=(.*)$/.exec(line.trim());
    if (match?.[1] !== undefined) values.set(match[1], (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2').slice(0, 256));
  }
  const get = (key: string): string => values.get(key) ?? '';
  const found = values.size > 0 ? detection : '';
  return {
    name: get('NAME'),
    id: get('ID'),
    idLike: get('ID_LIKE'),
    version: get('VERSION'),
    versionId: get('VERSION_ID'),
    detection: found,
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function cpuFrequency(cpuText: string, maxKHz: string): number {
  if (/^\d{1,12}$/.test(maxKHz)) return Number(maxKHz) * 1000;
  const mhz = Number(/^cpu MHz\s*:\s*([\d.]+)/m.exec(cpuText)?.[1] ?? 0);
  return Math.round(mhz * 1_000_000) || 0;
}

/** Sectors of the kernel are 512 bytes, whatever the disk has. */
function diskBytes(root: string, read: (path: string) => string): number {
  let names: string[] = [];
  try {
    names = readdirSync(join(root, 'sys/block'));
  } catch {
    return 0;
  }
  const physical = names.filter((name) => existsSync(join(root, 'sys/block', name, 'device')));
  return physical.reduce((bytes, name) => bytes + (Number(read(`sys/block/${name}/size`)) || 0) * 512, 0);
}

const virtualVendors: readonly [RegExp, string][] = [
  [/KVM|OpenStack|Amazon EC2|Google|DigitalOcean|Hetzner|Firecracker/i, 'kvm'],
  [/QEMU/i, 'qemu'],
  [/VMware/i, 'vmware'],
  [/VirtualBox|innotek/i, 'oracle'],
  [/Virtual Machine|Hyper-V/i, 'microsoft'],
  [/Xen/i, 'xen'],
  [/Parallels/i, 'parallels'],
  [/BHYVE/i, 'bhyve'],
];

function detectVirtualization(read: (path: string) => string): [string, string] {
  const dmi = ['product_name', 'sys_vendor', 'bios_vendor'].map((name) => read(`sys/class/dmi/id/${name}`)).join(' ');
  for (const [pattern, name] of virtualVendors) if (pattern.test(dmi)) return [name, 'dmi'];
  if (read('sys/hypervisor/type') === 'xen') return ['xen', '/sys/hypervisor/type'];
  if (/^flags\s*:.*\bhypervisor\b/m.test(read('proc/cpuinfo'))) return ['unknown', '/proc/cpuinfo'];
  return ['none', 'none'];
}

function detectContainer(root: string, read: (path: string) => string): [string, string] {
  if (existsSync(join(root, '.dockerenv'))) return ['docker', '/.dockerenv'];
  if (existsSync(join(root, 'run/.containerenv'))) return ['podman', '/run/.containerenv'];
  const named = read('run/systemd/container');
  if (/^[a-z-]{1,32}$/.test(named)) return [named, '/run/systemd/container'];
  const group = /\b(docker|lxc|kubepods|libpod)\b/.exec(read('proc/1/cgroup'))?.[1];
  return group === undefined ? ['none', 'none'] : [group, '/proc/1/cgroup'];
}

function timezone(root: string, read: (path: string) => string): string {
  const named = read('etc/timezone');
  if (/^[A-Za-z0-9_+/-]{1,64}$/.test(named)) return named;
  try {
    return readlinkSync(join(root, 'etc/localtime')).replace(/^.*zoneinfo\//, '');
  } catch {
    return 'UTC';
  }
}
