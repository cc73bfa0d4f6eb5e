// Disks: bandwidth, operations, how busy and how slow, from /proc/diskstats.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { DeviceCounter } from '../collect/device-total.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';
import { DiskCharts, diskField, diskFieldCount } from './disk-charts.ts';

const module = '/proc/diskstats';

/** Loop devices and RAM disks mirror what is on a real disk. */
const ignored = /^(loop|ram)\d/;

/** One device of the last reading. */
export interface DiskLine {
  name: string;
  nameBytes: Buffer;
  /** By `diskField`; NaN for what this kernel does not count. */
  numbers: Float64Array;
}

/** The lines of /proc/diskstats, in the order of the file; lines without a name and numbers are skipped. */
export class DiskLines {
  readonly lines: DiskLine[] = [];

  parse(cursor: Cursor): void {
    let count = 0;
    for (; !cursor.atEnd; cursor.nextLine()) {
      cursor.number();
      cursor.number();
      cursor.skipBlanks();
      const from = cursor.at;
      cursor.skipWord();
      if (cursor.at === from || cursor.atLineEnd) continue;
      const { numbers } = this.#lineAt(count, cursor.bytes, from, cursor.at);
      for (let i = 0; i < diskFieldCount; i++) numbers[i] = cursor.number();
      if (!Number.isNaN(numbers[0])) count++;
    }
    this.lines.length = count;
  }

  #lineAt(index: number, bytes: Buffer, from: number, to: number): DiskLine {
    const known = this.lines[index];
    if (known !== undefined && known.nameBytes.length === to - from && known.nameBytes.compare(bytes, from, to) === 0) {
      return known;
    }
    const nameBytes = Buffer.from(bytes.subarray(from, to));
    const line = { name: nameBytes.toString('utf8'), nameBytes, numbers: new Float64Array(diskFieldCount) };
    this.lines[index] = line;
    return line;
  }
}

/** A device that was seen: its charts, or undefined for one that is not shown. */
interface SeenDisk {
  charts: DiskCharts | undefined;
  /** A disk, not a partition of one. */
  isWhole: boolean;
  /** Has hardware of its own; a volume of several disks has not, and would count twice in the total. */
  isPhysical: boolean;
  read: DeviceCounter;
  written: DeviceCounter;
  seenSecond: number;
}

export class DisksCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #store: MetricStore;
  readonly #files: ProcFiles;
  readonly #file: ProcFile;
  readonly #lines = new DiskLines();
  readonly #seen = new Map<string, SeenDisk>();
  readonly #total: LiveChart;
  #readSectors = 0;
  #writtenSectors = 0;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#store = store;
    this.#files = files;
    this.#file = files.open('proc/diskstats');
    this.#total = new LiveChart(store, {
      id: 'system.io',
      family: 'disk',
      title: 'Read from and written to all physical disks',
      units: 'KiB/s',
      chartType: 'area',
      priority: 150,
      module,
      dimensions: [
        { id: 'in', algorithm: 'incremental', scale: 1 / 2 },
        { id: 'out', algorithm: 'incremental', scale: -1 / 2 },
      ],
    });
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    this.#lines.parse(text);
    for (const line of this.#lines.lines) {
      const disk = this.#see(line, tick.second);
      if (!disk.isWhole) continue;
      if (disk.isPhysical) {
        this.#readSectors += disk.read.growth(line.numbers[diskField.readSectors] as number);
        this.#writtenSectors += disk.written.growth(line.numbers[diskField.writtenSectors] as number);
      }
      // A disk that never did anything (an empty drive, an unused zram) is shown when it first does.
      if (disk.charts === undefined && line.numbers.some((number) => number > 0)) {
        disk.charts = new DiskCharts(this.#store, line.name, module, line.numbers);
      }
      disk.charts?.commit(line.numbers, tick);
    }
    this.#total.set(0, this.#readSectors);
    this.#total.set(1, this.#writtenSectors);
    this.#total.commit(tick);
    for (const [name, disk] of this.#seen) if (disk.seenSecond !== tick.second) this.#seen.delete(name);
    return 'collected';
  }

  #see(line: DiskLine, second: number): SeenDisk {
    let disk = this.#seen.get(line.name);
    if (disk === undefined) {
      // In /sys a slash in a name ("cciss/c0d0") is an exclamation mark.
      const folder = `sys/block/${line.name.replaceAll('/', '!')}`;
      const isWhole = !ignored.test(line.name) && this.#files.has(folder);
      const isPhysical = this.#files.has(`${folder}/device`);
      const counters = { read: new DeviceCounter(), written: new DeviceCounter() };
      disk = { charts: undefined, isWhole, isPhysical, ...counters, seenSecond: second };
      this.#seen.set(line.name, disk);
    }
    disk.seenSecond = second;
    return disk;
  }
}
