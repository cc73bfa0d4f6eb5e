// What the kernel has only so much of: open files and randomness, from /proc/sys.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const filesModule = '/proc/sys/fs/file-nr';

/** `341	0	2466170`: allocated, unused, limit → used and used in percent of the limit; NaN for what is missing. */
export function parseFileNumbers(cursor: Cursor): { used: number; utilization: number } {
  const used = cursor.number() - cursor.number();
  const limit = cursor.number();
  return { used, utilization: limit > 0 ? (used * 100) / limit : NaN };
}

/** Open files of all programs. */
export class FileDescriptorsCollector implements Collector {
  readonly name = filesModule;
  readonly everySeconds = 1;
  readonly #file: ProcFile;
  readonly #used: LiveChart;
  readonly #utilization: LiveChart;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#file = files.open('proc/sys/fs/file-nr');
    const both = { family: 'files', priority: 1000, module: filesModule };
    this.#used = new LiveChart(store, {
      ...both,
      id: 'system.file_nr_used',
      title: 'Open files of all programs',
      units: 'files',
      dimensions: [{ id: 'used' }],
    });
    this.#utilization = new LiveChart(store, {
      ...both,
      id: 'system.file_nr_utilization',
      title: 'Open files as a share of what the kernel allows',
      units: 'percentage',
      dimensions: [{ id: 'utilization' }],
    });
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    const { used, utilization } = parseFileNumbers(text);
    this.#used.set(0, used);
    this.#used.commit(tick);
    this.#utilization.set(0, utilization);
    this.#utilization.commit(tick);
    return 'collected';
  }
}

const entropyModule = '/proc/sys/kernel/random/entropy_avail';

/** Randomness that the kernel has gathered. */
export class EntropyCollector implements Collector {
  readonly name = entropyModule;
  readonly everySeconds = 1;
  readonly #file: ProcFile;
  readonly #chart: LiveChart;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#file = files.open('proc/sys/kernel/random/entropy_avail');
    this.#chart = new LiveChart(store, {
      id: 'system.entropy',
      family: 'entropy',
      title: 'Randomness that the kernel has gathered',
      units: 'entropy',
      priority: 1000,
      module: entropyModule,
      dimensions: [{ id: 'entropy' }],
    });
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    this.#chart.set(0, text.number());
    this.#chart.commit(tick);
    return 'collected';
  }
}
