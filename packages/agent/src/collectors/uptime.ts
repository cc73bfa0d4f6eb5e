// How long this machine has been up, from /proc/uptime.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/uptime';

export class UptimeCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #file: ProcFile;
  readonly #chart: LiveChart;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#file = files.open('proc/uptime');
    this.#chart = new LiveChart(store, {
      id: 'system.uptime',
      family: 'uptime',
      title: 'Time since the machine was started',
      units: 'seconds',
      priority: 1000,
      module,
      dimensions: [{ id: 'uptime' }],
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
