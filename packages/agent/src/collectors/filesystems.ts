// Space and inodes of the mounted file systems, from /proc/self/mountinfo and statfs.

import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/self/mountinfo';
const GiB = 1024 ** 3;

/** A mount that does not answer (a file server that is gone) is given up after this long. */
const answerWithinMs = 2000;

/**
 * Node has four threads for file system calls, and a call on a dead mount holds one until the kernel gives up. With
 * two of them held no other file server is asked, so that configuration, sockets and names still have the other two.
 */
const maxUnanswered = 2;
const remoteTypes = /^(nfs|cifs|smb|fuse|9p|ceph|gluster|lustre|afs|gfs|ocfs|beegfs)/;

/** File systems that hold no files of users, or only mirror another one. */
const ignoredTypes =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|efivarfs|fuse\.lxcfs|fuse\.portal|fuse\.gvfsd-fuse|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|pstore|ramfs|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/;
const ignoredMounts =
  /^\/(proc|sys|snap|var\/lib\/(docker|containers|kubelet)|run\/(user|docker|credentials)|var\/run\/user)\//;

export interface Mount {
  /** `major:minor` of the device; mounts of the same file system share it. */
  device: string;
  /** Which folder of the file system is mounted. */
  root: string;
  mountPoint: string;
  type: string;
  readOnly: boolean;
}

/**
 * One line: `36 35 98:0 /root /mount options [tags] - type source options`. Lines that are cut off are skipped.
 * Blanks in names are written as `\040`.
 */
export function parseMounts(cursor: Cursor): Mount[] {
  const mounts: Mount[] = [];
  for (; !cursor.atEnd; cursor.nextLine()) {
    cursor.skipWord();
    cursor.skipWord();
    const device = cursor.word();
    const root = cursor.word();
    const mountPoint = unescaped(cursor.word());
    const options = cursor.word();
    let word = cursor.word();
    while (word !== '-' && word !== '') word = cursor.word();
    const type = cursor.word();
    if (type === '' || !mountPoint.startsWith('/')) continue;
    mounts.push({ device, root, mountPoint, type, readOnly: options.split(',').includes('ro') });
  }
  return mounts;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The mounts worth showing: each file system once, at its shortest path; what is mounted over is hidden. */
export function chooseMounts(mounts: readonly Mount[]): Mount[] {
  const visible = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  const byDevice = new Map<string, Mount>();
  for (const mount of visible.values()) {
    const isRoot = mount.mountPoint === '/';
    if (!isRoot && (ignoredTypes.test(mount.type) || ignoredMounts.test(mount.mountPoint))) continue;
    // A small read-only tmpfs is how containers hide files; a read-only disk says nothing that changes.
    if (!isRoot && mount.readOnly) continue;
    const known = byDevice.get(mount.device);
    if (known === undefined || mount.mountPoint.length < known.mountPoint.length) byDevice.set(mount.device, mount);
  }
  return [...byDevice.values()];
}

interface MountCharts {
  space: LiveChart;
  inodes: LiveChart;
}

export class FilesystemsCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 10;
  readonly #store: MetricStore;
  readonly #root: string;
  readonly #file: ProcFile;
  readonly #charts = new Map<string, MountCharts>();
  readonly #unanswered = new Set<string>();

  readonly #statfs: (path: string) => Promise<StatsFs>;
  readonly #answerWithinMs: number;

  /** `ask` and `withinMs` are for tests, which cannot mount a file server that is gone. */
  constructor(
    store: MetricStore,
    files: ProcFiles,
    ask: (path: string) => Promise<StatsFs> = statfs,
    withinMs = answerWithinMs,
  ) {
    this.#statfs = ask;
    this.#answerWithinMs = withinMs;
    this.#store = store;
    this.#root = files.root;
    this.#file = files.open('proc/self/mountinfo');
  }

  /** One mount after the other, so that never more than one thread waits for a new one. */
  async collect({ second, monotonicMs }: Tick): Promise<Outcome> {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    const mounts = chooseMounts(parseMounts(text));
    for (const mount of mounts) {
      if (this.#unanswered.has(mount.mountPoint)) continue;
      if (this.#unanswered.size >= maxUnanswered && remoteTypes.test(mount.type)) continue;
      const stats = await this.#ask(mount.mountPoint);
      if (stats !== undefined && stats.blocks > 0) this.#commit(mount, stats, { second, monotonicMs });
    }
    const points = new Set(mounts.map(({ mountPoint }) => mountPoint));
    for (const known of this.#charts.keys()) if (!points.has(known)) this.#charts.delete(known);
    return 'collected';
  }

  /** undefined where the mount does not answer in time, or refuses. */
  async #ask(mountPoint: string): Promise<StatsFs | undefined> {
    const answer = this.#statfs(join(this.#root, mountPoint)).catch(() => undefined);
    this.#unanswered.add(mountPoint);
    const settled = answer.finally(() => this.#unanswered.delete(mountPoint));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#answerWithinMs);
    });
    try {
      return await Promise.race([settled, patience]);
    } finally {
      clearTimeout(timer);
    }
  }

  #commit(mount: Mount, stats: StatsFs, tick: Tick): void {
    let charts = this.#charts.get(mount.mountPoint);
    if (charts === undefined) {
      charts = this.#open(mount);
      this.#charts.set(mount.mountPoint, charts);
    }
    const { bsize, blocks, bfree, bavail, files, ffree } = stats;
    charts.space.set(0, (bavail * bsize) / GiB);
    charts.space.set(1, ((blocks - bfree) * bsize) / GiB);
    charts.space.set(2, ((bfree - bavail) * bsize) / GiB);
    charts.space.commit(tick);
    // Some file systems make inodes as they need them and say 0.
    if (files > 0) {
      charts.inodes.set(0, ffree);
      charts.inodes.set(1, files - ffree);
      charts.inodes.set(2, 0);
      charts.inodes.commit(tick);
    }
  }

  #open({ mountPoint, type }: Mount): MountCharts {
    const both = { family: mountPoint, chartType: 'stacked', module, updateEverySeconds: this.everySeconds } as const;
    const dimensions = [{ id: 'avail' }, { id: 'used' }, { id: 'reserved_for_root', name: 'reserved for root' }];
    return {
      space: new LiveChart(this.#store, {
        ...both,
        id: `disk_space.${mountPoint}`,
        context: 'disk.space',
        title: `Space of the ${type} file system`,
        units: 'GiB',
        priority: 2023,
        dimensions,
      }),
      inodes: new LiveChart(this.#store, {
        ...both,
        id: `disk_inodes.${mountPoint}`,
        context: 'disk.inodes',
        title: `Files and folders of the ${type} file system`,
        units: 'inodes',
        priority: 2024,
        dimensions,
      }),
    };
  }
}
