// The agent itself: what it costs and how much it does.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { LiveChart, type ChartSpec } from '../collect/live-chart.ts';
import type { CollectorRun } from '../collect/runner.ts';
import type { ApiActivity } from '../metrics/api-activity.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = 'agent';
/** Asking the engine for its memory is dearer than all other numbers of this file. */
const memoryEverySeconds = 5;
const failuresEverySeconds = 10;

/** What the process says about itself; handed in, so that tests need no process of a certain size. */
export interface ProcessUsage {
  /** Microseconds of CPU time since the start. */
  cpuUsage(): { user: number; system: number };
  memoryBytes(): { resident: number; heapUsed: number };
}

export interface SelfParts {
  store: MetricStore;
  activity: ApiActivity;
  usage: ProcessUsage;
  runs(): readonly CollectorRun[];
}

export class SelfCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #parts: SelfParts;
  readonly #cpu: LiveChart;
  readonly #memory: LiveChart;
  readonly #durations: LiveChart;
  readonly #failures: LiveChart;
  readonly #requests: LiveChart;
  readonly #traffic: LiveChart;
  readonly #time: LiveChart;
  readonly #dimensions: LiveChart;
  readonly #charts: LiveChart;
  #runPlaces = 0;

  constructor(parts: SelfParts) {
    this.#parts = parts;
    const open = (spec: Omit<ChartSpec, 'module'>): LiveChart => new LiveChart(parts.store, { ...spec, module });
    this.#cpu = open({
      id: 'netdata.server_cpu',
      family: 'agent',
      title: 'CPU time of the agent',
      units: 'milliseconds/s',
      chartType: 'stacked',
      priority: 130000,
      dimensions: [
        { id: 'user', algorithm: 'incremental', scale: 1 / 1000 },
        { id: 'system', algorithm: 'incremental', scale: 1 / 1000 },
      ],
    });
    this.#memory = open({
      id: 'netdata.memory',
      family: 'agent',
      title: 'Memory of the agent',
      units: 'bytes',
      priority: 130001,
      updateEverySeconds: memoryEverySeconds,
      dimensions: [{ id: 'resident' }, { id: 'heap' }, { id: 'samples' }],
    });
    this.#requests = open({
      id: 'netdata.requests',
      family: 'api',
      title: 'Requests answered',
      units: 'requests/s',
      priority: 130200,
      dimensions: [
        { id: 'local', algorithm: 'incremental' },
        { id: 'relayed', algorithm: 'incremental' },
        { id: 'failed', algorithm: 'incremental', scale: -1 },
      ],
    });
    this.#traffic = open({
      id: 'netdata.net',
      family: 'api',
      title: 'Size of the answers before compression',
      units: 'kilobits/s',
      chartType: 'area',
      priority: 130201,
      dimensions: [{ id: 'out', algorithm: 'incremental', scale: -8 / 1000 }],
    });
    this.#time = open({
      id: 'netdata.response_time',
      family: 'api',
      title: 'Time spent on answers',
      units: 'milliseconds/s',
      priority: 130202,
      dimensions: [{ id: 'total', algorithm: 'incremental' }],
    });
    this.#dimensions = open({
      id: 'netdata.dimensions',
      family: 'store',
      title: 'Dimensions kept',
      units: 'dimensions',
      priority: 130300,
      dimensions: [{ id: 'dimensions' }],
    });
    this.#charts = open({
      id: 'netdata.charts',
      family: 'store',
      title: 'Charts kept',
      units: 'charts',
      priority: 130301,
      dimensions: [{ id: 'charts' }],
    });
    this.#durations = open({
      id: 'netdata.plugin_proc_modules',
      family: 'collectors',
      title: 'Time that each collector took',
      units: 'milliseconds/run',
      chartType: 'stacked',
      priority: 132001,
      dimensions: [],
    });
    this.#failures = open({
      id: 'netdata.collector_failures',
      family: 'collectors',
      title: 'Collectors that fail',
      units: 'collectors',
      chartType: 'stacked',
      priority: 132002,
      updateEverySeconds: failuresEverySeconds,
      dimensions: [],
    });
  }

  collect(tick: Tick): Outcome {
    const { activity, store } = this.#parts;
    const cpu = this.#parts.usage.cpuUsage();
    commit(this.#cpu, tick, cpu.user, cpu.system);
    if (tick.second % memoryEverySeconds === 0) {
      const memory = this.#parts.usage.memoryBytes();
      commit(this.#memory, tick, memory.resident, memory.heapUsed, store.sampleBytes);
    }
    commit(this.#requests, tick, activity.localRequests, activity.relayedRequests, activity.failedRequests);
    commit(this.#traffic, tick, activity.answeredBytes);
    commit(this.#time, tick, activity.totalMs);
    commit(this.#dimensions, tick, store.dimensionCount);
    commit(this.#charts, tick, store.chartCount);
    const runs = this.#parts.runs();
    for (; this.#runPlaces < runs.length; this.#runPlaces++) {
      const id = runs[this.#runPlaces]?.collector.name ?? '';
      this.#durations.add({ id });
      this.#failures.add({ id });
    }
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i] as CollectorRun;
      this.#durations.set(i, run.outcome === 'collected' ? run.durationMs : NaN);
    }
    this.#durations.commit(tick);
    if (tick.second % failuresEverySeconds !== 0) return 'collected';
    for (let i = 0; i < runs.length; i++) this.#failures.set(i, runs[i]?.outcome === 'failed' ? 1 : 0);
    this.#failures.commit(tick);
    return 'collected';
  }
}

function commit(chart: LiveChart, tick: Tick, ...values: number[]): void {
  for (let i = 0; i < values.length; i++) chart.set(i, values[i] as number);
  chart.commit(tick);
}
