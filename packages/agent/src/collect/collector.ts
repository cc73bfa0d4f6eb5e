// How this machine is measured once a second.
// Reading order: collector.ts (this), scheduler.ts (when), runner.ts (what happens in a tick), live-chart.ts (from what
// the kernel counts to what a chart shows), key-charts.ts and field-charts.ts (charts as tables), cursor.ts,
// key-numbers.ts, cpu-table.ts (parsing), proc-file.ts (reading). The subjects are in ../collectors, one file each, and
// metrics-plane.ts there puts it all together.

/** `no-data`: the machine does not have this (no such file in /proc); that is no failure and is asked again rarely. */
export type Outcome = 'collected' | 'no-data';

/** One tick. The object is reused: nobody keeps it. */
export interface Tick {
  /** Second since 1970 that the samples are for; a multiple of the collector's `everySeconds`. */
  second: number;
  /** Time of the reading on a clock that is never set, in milliseconds; rates are differences over this. */
  monotonicMs: number;
}

/** One subject. Duration, outcome, failures and their log lines are the runner's, not the collector's. */
export interface Collector {
  /** Shown in charts and in the log, e.g. `/proc/stat`. */
  readonly name: string;
  readonly everySeconds: number;
  /** Reads once and writes its charts. A throw is a failure; a collector that waits for something returns a promise. */
  collect(tick: Tick): Outcome | Promise<Outcome>;
}
