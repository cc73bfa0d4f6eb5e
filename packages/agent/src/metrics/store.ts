// Charts with their dimensions, and the bound on how many of them are kept.

import { Ring } from './ring.ts';

export type ChartType = 'line' | 'area' | 'stacked';

/** What a chart is, apart from its samples. Names, units and contexts are those that a Netdata user knows. */
export interface ChartShape {
  /** `type.name`, unique on this node, e.g. `disk_ops.sda`. */
  readonly id: string;
  /** Charts that show the same thing of different instances share a context, e.g. `disk.ops`. */
  readonly context: string;
  readonly family: string;
  readonly title: string;
  readonly units: string;
  readonly chartType: ChartType;
  /** Lower comes first in a menu. */
  readonly priority: number;
  readonly module: string;
  readonly updateEverySeconds: number;
}

export interface StoredDimension {
  readonly id: string;
  readonly name: string;
  /** A hidden dimension is collected and counts in percentages, but is answered only when it is asked for by name. */
  readonly hidden: boolean;
  readonly ring: Ring;
}

export interface StoredChart {
  readonly shape: ChartShape;
  readonly dimensions: StoredDimension[];
  /** Second of the first sample that there ever was, kept or not; 0 before it. */
  startedSecond: number;
  /** Second of the newest sample; 0 before the first one. */
  lastSecond: number;
  /** Second in which something else than samples changed last: made, new dimension, obsolete, collected again. */
  changedSecond: number;
  /** True once its source has been silent for a while; it then leaves the lists, its samples can still be asked for. */
  obsolete: boolean;
}

export interface StoreOptions {
  /** How long a sample is kept. */
  retentionSeconds: number;
  /** Bound of all dimensions together; 4,000 × 14.1 KiB = 55 MiB. */
  maxDimensions: number;
  /** Told once, when a dimension is refused for the first time. */
  onBoundHit(maxDimensions: number): void;
}

/** A chart is obsolete after this long without a sample, or after six missed updates where that is longer. */
const obsoleteAfterSeconds = 60;

/** The oldest second that a chart can still answer for, or 0 when it has no sample. */
export function firstSecondOf(chart: StoredChart): number {
  let first = Infinity;
  for (const { ring } of chart.dimensions) {
    if (ring.newestSlot >= 0 && ring.oldestSlot < first) first = ring.oldestSlot;
  }
  return first === Infinity ? 0 : first * chart.shape.updateEverySeconds;
}

interface ContextVersion {
  version: number;
  /** The tick that it is of: what changes together is one version. */
  tick: number;
}

/** The samples of this node. Everything that is read from it is consistent between two ticks. */
export class MetricStore {
  readonly retentionSeconds: number;
  readonly #maxDimensions: number;
  readonly #onBoundHit: (maxDimensions: number) => void;
  readonly #charts = new Map<string, StoredChart>();
  /** By context, kept when its last chart goes: one that comes back is newer than it was. Contexts are as many as collectors name. */
  readonly #versions = new Map<string, ContextVersion>();
  readonly #watchers = new Set<() => void>();
  #dimensionCount = 0;
  #boundWasHit = false;
  #lastSecond = 0;
  #tickSecond = 0;
  #tick = 0;
  #hasChanged = false;

  constructor(options: StoreOptions) {
    this.retentionSeconds = options.retentionSeconds;
    this.#maxDimensions = options.maxDimensions;
    this.#onBoundHit = options.onBoundHit;
  }

  /** Dimensions kept now, obsolete ones included. */
  get dimensionCount(): number {
    return this.#dimensionCount;
  }

  get chartCount(): number {
    return this.#charts.size;
  }

  /** Bytes of all samples. */
  get sampleBytes(): number {
    let bytes = 0;
    for (const chart of this.#charts.values()) for (const { ring } of chart.dimensions) bytes += ring.bytes;
    return bytes;
  }

  /** The second of the newest complete tick: "now" for every question. 0 before the first one. */
  get lastSecond(): number {
    return this.#lastSecond;
  }

  chart(id: string): StoredChart | undefined {
    return this.#charts.get(id);
  }

  /** Every chart, obsolete ones included, in the order in which they were made. */
  charts(): IterableIterator<StoredChart> {
    return this.#charts.values();
  }

  /**
   * Grows whenever something else than samples changes in a context, charts that go included: one more than the second of that change, so
   * that it is above the context's first second from the beginning, or than the version before. 0 for a context that never was.
   */
  contextVersion(context: string): number {
    return this.#versions.get(context)?.version ?? 0;
  }

  /** Calls back at the end of every tick in which something else than samples changed, until what it returns is called. */
  watchChanges(onChange: () => void): () => void {
    // An object of its own, so that the same function can watch twice.
    const watcher = (): void => onChange();
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** The chart of this id, made if needed. A device that comes back continues its old chart. */
  openChart(shape: ChartShape): StoredChart {
    const known = this.#charts.get(shape.id);
    if (known !== undefined) return known;
    const chart: StoredChart = {
      shape,
      dimensions: [],
      startedSecond: 0,
      lastSecond: 0,
      changedSecond: this.#tickSecond,
      obsolete: false,
    };
    this.#charts.set(shape.id, chart);
    return chart;
  }

  /** The dimension of this id on a chart, made if needed; undefined where the bound on dimensions leaves no room. */
  openDimension(chart: StoredChart, id: string, name: string, hidden: boolean): StoredDimension | undefined {
    const known = chart.dimensions.find((dimension) => dimension.id === id);
    if (known !== undefined) return known;
    if (this.#dimensionCount >= this.#maxDimensions && !this.#dropOldestObsolete()) {
      if (!this.#boundWasHit) this.#onBoundHit(this.#maxDimensions);
      this.#boundWasHit = true;
      return undefined;
    }
    const slots = Math.max(1, Math.ceil(this.retentionSeconds / chart.shape.updateEverySeconds));
    const dimension = { id, name, hidden, ring: new Ring(slots) };
    chart.dimensions.push(dimension);
    this.#change(chart, this.#tickSecond);
    this.#dimensionCount++;
    return dimension;
  }

  /** Says that a chart got samples for `second`, after they were written to the rings of its dimensions. */
  touch(chart: StoredChart, second: number): void {
    chart.lastSecond = second;
    // The first sample, or the first one after the clock was set back.
    const starts = chart.startedSecond === 0 || second < chart.startedSecond;
    if (starts) chart.startedSecond = second;
    if (starts || chart.obsolete) {
      chart.obsolete = false;
      this.#change(chart, second);
    }
    // An evicted chart whose device turned up again before its collector noticed.
    if (!this.#charts.has(chart.shape.id)) this.#adopt(chart);
  }

  /** Starts a tick: what is made from now on is of `second`. */
  beginTick(second: number): void {
    this.#tickSecond = second;
    this.#tick++;
  }

  /** Ends a tick: `second` becomes "now"; silent charts become obsolete, and go when their last sample is too old. */
  endTick(second: number): void {
    this.#lastSecond = second;
    if (second % 10 === 0) this.#retireSilent(second);
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    for (const watcher of this.#watchers) watcher();
  }

  #retireSilent(second: number): void {
    for (const chart of this.#charts.values()) {
      const silentSeconds = second - Math.max(chart.lastSecond, chart.changedSecond);
      if (silentSeconds > this.retentionSeconds) this.#drop(chart);
      else if (!chart.obsolete && silentSeconds > Math.max(obsoleteAfterSeconds, 6 * chart.shape.updateEverySeconds)) {
        chart.obsolete = true;
        this.#change(chart, second);
      }
    }
  }

  #change(chart: StoredChart, second: number): void {
    chart.changedSecond = second;
    this.#renew(chart.shape.context);
  }

  #renew(context: string): void {
    const known = this.#versions.get(context);
    if (known?.tick !== this.#tick) {
      const version = Math.max(this.#tickSecond, known?.version ?? 0) + 1;
      this.#versions.set(context, { version, tick: this.#tick });
    }
    this.#hasChanged = true;
  }

  #adopt(chart: StoredChart): void {
    this.#charts.set(chart.shape.id, chart);
    this.#dimensionCount += chart.dimensions.length;
    this.#renew(chart.shape.context);
  }

  #drop(chart: StoredChart): void {
    this.#charts.delete(chart.shape.id);
    this.#dimensionCount -= chart.dimensions.length;
    this.#renew(chart.shape.context);
  }

  #dropOldestObsolete(): boolean {
    let oldest: StoredChart | undefined;
    for (const chart of this.#charts.values()) {
      const candidate = chart.obsolete && chart.dimensions.length > 0;
      if (candidate && (oldest === undefined || chart.lastSecond < oldest.lastSecond)) oldest = chart;
    }
    if (oldest === undefined) return false;
    this.#drop(oldest);
    return true;
  }
}
