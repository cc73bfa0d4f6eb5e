// What this machine is asked, one subject per file. A collector reads (ProcFile), parses (a pure function over a cursor)
// and writes charts (LiveChart, KeyCharts). Reading order: load.ts (this, the simplest), stat.ts, memory.ts (a table of
// keys), disks.ts (devices that come and go), all.ts (the explicit list).
// Ids, contexts, dimensions and units are those that users of Netdata know.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/loadavg';

export interface LoadNumbers {
  load1: number;
  load5: number;
  load15: number;
  /** Threads and processes that exist. */
  active: number;
}

/** `0.00 0.09 0.08 1/80 3541`: three averages, running/existing, last process id. NaN for what is missing. */
export function parseLoad(cursor: Cursor, into: LoadNumbers): void {
  into.load1 = cursor.number();
  into.load5 = cursor.number();
  into.load15 = cursor.number();
  cursor.number();
  cursor.at++; // the slash
  into.active = cursor.number();
}

/** The load averages every 5 seconds, which is how often the kernel computes them, and the number of tasks. */
export class LoadCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #file: ProcFile;
  readonly #load: LiveChart;
  readonly #active: LiveChart;
  readonly #numbers: LoadNumbers = { load1: NaN, load5: NaN, load15: NaN, active: NaN };

  constructor(store: MetricStore, files: ProcFiles) {
    this.#file = files.open('proc/loadavg');
    this.#load = new LiveChart(store, {
      id: 'system.load',
      family: 'load',
      title: 'Average number of tasks that run or wait',
      units: 'load',
      priority: 100,
      module,
      updateEverySeconds: 5,
      dimensions: [{ id: 'load1' }, { id: 'load5' }, { id: 'load15' }],
    });
    this.#active = new LiveChart(store, {
      id: 'system.active_processes',
      family: 'processes',
      title: 'Processes and threads that exist',
      units: 'processes',
      priority: 750,
      module,
      dimensions: [{ id: 'active' }],
    });
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    const numbers = this.#numbers;
    parseLoad(text, numbers);
    if (tick.second % 5 === 0) {
      this.#load.set(0, numbers.load1);
      this.#load.set(1, numbers.load5);
      this.#load.set(2, numbers.load15);
      this.#load.commit(tick);
    }
    this.#active.set(0, numbers.active);
    this.#active.commit(tick);
    return 'collected';
  }
}
