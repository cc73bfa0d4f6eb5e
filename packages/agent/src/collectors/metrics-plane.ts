// The data plane in one piece: store, collectors, clock.

import { performance } from 'node:perf_hooks';
import { ProcFiles } from '../collect/proc-file.ts';
import { CollectorRunner, type CollectorRun } from '../collect/runner.ts';
import { startTicking } from '../collect/scheduler.ts';
import type { Log } from '../log.ts';
import { noActivity, type ApiActivity } from '../metrics/api-activity.ts';
import { MetricStore } from '../metrics/store.ts';
import { machineCollectors } from './all.ts';
import { SelfCollector } from './self.ts';

/** 4,000 dimensions × 3,600 samples × 4 bytes = 55 MiB; a machine with two cores and one disk has about 400. */
const maxDimensions = 4000;

export interface MetricsOptions {
  /** Where /proc and /sys are found: `/`, or a copy of them. */
  root: string;
  /** Milliseconds since 1970. */
  now(): number;
  log: Log;
  retentionSeconds: number;
}

export interface Metrics {
  store: MetricStore;
  /** How each collector is doing, in the order of a tick. */
  collectors: readonly CollectorRun[];
  /** Counted by the routes, shown as charts of the agent itself. */
  activity: ApiActivity;
  /** Collects once a second from now on. */
  start(): void;
  /** Collects no more; resolves when nothing is under way. */
  stop(): Promise<void>;
}

/** Makes the data plane; nothing is read before `start`. */
export function createMetrics({ root, now, log, retentionSeconds }: MetricsOptions): Metrics {
  const store = new MetricStore({
    retentionSeconds,
    maxDimensions,
    onBoundHit: (bound) => {
      log.error('COLLECT', `this machine has more than ${bound} dimensions; those found from now on are not collected`);
    },
  });
  const files = new ProcFiles(root);
  const activity = noActivity();
  const self = new SelfCollector({
    store,
    activity,
    usage: {
      cpuUsage: () => process.cpuUsage(),
      memoryBytes: () => {
        const { rss, heapUsed } = process.memoryUsage();
        return { resident: rss, heapUsed };
      },
    },
    runs: () => runner.runs,
  });
  const collectors = [...machineCollectors(store, files), self];
  const runner: CollectorRunner = new CollectorRunner({ collectors, store, log, monotonic: () => performance.now() });
  let stopTicking: (() => void) | undefined;
  return {
    store,
    collectors: runner.runs,
    activity,
    start: () => {
      const clock = { now, after: callAfter };
      stopTicking ??= startTicking(clock, (second) => runner.run(second));
    },
    stop: async () => {
      stopTicking?.();
      await runner.settle();
      files.closeAll();
    },
  };
}

function callAfter(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
