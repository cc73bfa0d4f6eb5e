// One tick: every collector that is due, one after the other, measured.

import type { Log } from '../log.ts';
import type { MetricStore } from '../metrics/store.ts';
import type { Collector, Outcome, Tick } from './collector.ts';

/** A collector that failed or found nothing is asked again after this long; every second would fill log and CPU. */
const retryAfterSeconds = 60;

/** How a collector is doing. */
export interface CollectorRun {
  readonly collector: Collector;
  outcome: Outcome | 'failed' | 'not-yet';
  /** How long the last run took, in milliseconds. */
  durationMs: number;
  /** A run that waits for something is not started a second time. */
  busy: boolean;
  notBeforeSecond: number;
}

export interface RunnerParts {
  collectors: readonly Collector[];
  store: MetricStore;
  log: Log;
  /** Milliseconds of a clock that is never set. */
  monotonic(): number;
}

/** Runs collectors; a failing one never stops the others, and is told to the log when it begins and when it ends. */
export class CollectorRunner {
  readonly runs: readonly CollectorRun[];
  readonly #parts: RunnerParts;
  readonly #tick: Tick = { second: 0, monotonicMs: 0 };
  readonly #pending = new Set<Promise<void>>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.runs = parts.collectors.map((collector) => {
      return { collector, outcome: 'not-yet', durationMs: 0, busy: false, notBeforeSecond: 0 };
    });
  }

  /** Collects the samples of one second. What waits (a file system that does not answer) is not waited for. */
  run(second: number): void {
    const { store } = this.#parts;
    store.beginTick(second);
    for (const run of this.runs) {
      // A clock that was set back must not make a collector wait for hours.
      if (run.notBeforeSecond > second + retryAfterSeconds) run.notBeforeSecond = second;
      if (run.busy || second < run.notBeforeSecond || second % run.collector.everySeconds !== 0) continue;
      this.#runOne(run, second);
    }
    store.endTick(second);
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #runOne(run: CollectorRun, second: number): void {
    const startMs = this.#parts.monotonic();
    this.#tick.second = second;
    this.#tick.monotonicMs = startMs;
    try {
      const outcome = run.collector.collect(this.#tick);
      if (typeof outcome === 'string') this.#ended(run, second, startMs, outcome);
      else this.#await(run, second, startMs, outcome);
    } catch (error) {
      this.#failed(run, second, startMs, error);
    }
  }

  #await(run: CollectorRun, second: number, startMs: number, outcome: Promise<Outcome>): void {
    run.busy = true;
    const pending = outcome
      .then(
        (result) => this.#ended(run, second, startMs, result),
        (error: unknown) => this.#failed(run, second, startMs, error),
      )
      .finally(() => {
        run.busy = false;
        this.#pending.delete(pending);
      });
    this.#pending.add(pending);
  }

  #ended(run: CollectorRun, second: number, startMs: number, outcome: Outcome): void {
    if (run.outcome === 'failed') this.#parts.log.info('COLLECT', `${run.collector.name} is being collected again`);
    run.outcome = outcome;
    run.durationMs = this.#parts.monotonic() - startMs;
    run.notBeforeSecond = outcome === 'no-data' ? second + retryAfterSeconds : 0;
  }

  #failed(run: CollectorRun, second: number, startMs: number, error: unknown): void {
    if (run.outcome !== 'failed') {
      const reason = error instanceof Error ? error.message : String(error);
      const again = `it is tried again every ${retryAfterSeconds} seconds`;
      this.#parts.log.error('COLLECT', `${run.collector.name} cannot be collected: ${reason}; ${again}`);
    }
    run.outcome = 'failed';
    run.durationMs = this.#parts.monotonic() - startMs;
    run.notBeforeSecond = second + retryAfterSeconds;
  }
}
