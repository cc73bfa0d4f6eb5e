// How each core gets on with packets that came in, from /proc/net/softnet_stat.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { LiveChart, type DimensionSpec } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/net/softnet_stat';
const maxCores = 32;

/** Columns of a line: packets, drops, times out of budget, (six unused), packets from other cores, flow limit. */
const columns = [0, 1, 2, 9, 10];
const lastColumn = 10;
const names = ['processed', 'dropped', 'squeezed', 'received_rps', 'flow_limit_count'];
const dimensions: DimensionSpec[] = names.map((id) => ({ id, algorithm: 'incremental' }));

/** Five numbers per line, by `names`; one line per core that is online. Columns that an old kernel lacks are NaN. */
export function parseSoftnet(cursor: Cursor): Float64Array[] {
  const lines: Float64Array[] = [];
  for (; !cursor.atEnd; cursor.nextLine()) {
    const numbers = new Float64Array(columns.length).fill(NaN);
    for (let column = 0; column <= lastColumn; column++) {
      const value = cursor.hexNumber();
      const place = columns.indexOf(column);
      if (place >= 0) numbers[place] = value;
    }
    if (!Number.isNaN(numbers[0])) lines.push(numbers);
  }
  return lines;
}

export class SoftnetCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #store: MetricStore;
  readonly #file: ProcFile;
  #total: LiveChart;
  #cores: LiveChart[] = [];
  #coreCount = 0;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#store = store;
    this.#file = files.open('proc/net/softnet_stat');
    this.#total = this.#openTotal();
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    const lines = parseSoftnet(text);
    if (lines.length !== this.#coreCount) this.#openCores(lines.length);
    for (let i = 0; i < columns.length; i++) {
      let total = 0;
      for (const [core, numbers] of lines.entries()) {
        total += numbers[i] as number;
        this.#cores[core]?.set(i, numbers[i] as number);
      }
      this.#total.set(i, total);
    }
    this.#total.commit(tick);
    for (const core of this.#cores) core.commit(tick);
    return 'collected';
  }

  /** Lines have no name; when their number changes (a core went offline), they belong to other cores than before. */
  #openCores(count: number): void {
    this.#coreCount = count;
    this.#total = this.#openTotal();
    this.#cores = Array.from({ length: Math.min(count, maxCores) }, (_, core) => {
      return this.#open(`cpu.cpu${core}_softnet_stat`, 'cpu.softnet_stat', 'Incoming packets of one core', 4101);
    });
  }

  #openTotal(): LiveChart {
    return this.#open('system.softnet_stat', 'system.softnet_stat', 'Incoming packets of all cores', 955);
  }

  #open(id: string, context: string, title: string, priority: number): LiveChart {
    const family = 'softnet_stat';
    return new LiveChart(this.#store, { id, context, family, title, units: 'events/s', priority, module, dimensions });
  }
}
