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

/** The samples of this node. Everything that is read from it is consistent between two ticks. */
export class MetricStore {
  readonly retentionSeconds: number;
  readonly #maxDimensions: number;
  readonly #onBoundHit: (maxDimensions: number) => void;
  readonly #charts = new Map<string, StoredChart>();
  #dimensionCount = 0;
  #boundWasHit = false;
  #lastSecond = 0;
  #tickSecond = 0;

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

  /** The chart of this id, made if needed. A device that comes back continues its old chart. */
  openChart(shape: ChartShape): StoredChart {
    const known = this.#charts.get(shape.id);
    if (known !== undefined) return known;
    const chart: StoredChart = {
      shape,
      dimensions: [],
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
    chart.changedSecond = this.#tickSecond;
    this.#dimensionCount++;
    return dimension;
  }

  /** Says that a chart got samples for `second`, after they were written to the rings of its dimensions. */
  touch(chart: StoredChart, second: number): void {
    chart.lastSecond = second;
    if (chart.obsolete) {
      chart.obsolete = false;
      chart.changedSecond = second;
    }
    // An evicted chart whose device turned up again before its collector noticed.
    if (!this.#charts.has(chart.shape.id)) this.#adopt(chart);
  }

  /** Starts a tick: what is made from now on is of `second`. */
  beginTick(second: number): void {
    this.#tickSecond = second;
  }

  /** Ends a tick: `second` becomes "now"; silent charts become obsolete, and go when their last sample is too old. */
  endTick(second: number): void {
    this.#lastSecond = second;
    if (second % 10 !== 0) return;
    for (const chart of this.#charts.values()) {
      const silentSeconds = second - Math.max(chart.lastSecond, chart.changedSecond);
      if (silentSeconds > this.retentionSeconds) this.#drop(chart);
      else if (!chart.obsolete && silentSeconds > Math.max(obsoleteAfterSeconds, 6 * chart.shape.updateEverySeconds)) {
        chart.obsolete = true;
        chart.changedSecond = second;
      }
    }
  }

  #adopt(chart: StoredChart): void {
    this.#charts.set(chart.shape.id, chart);
    this.#dimensionCount += chart.dimensions.length;
  }

  #drop(chart: StoredChart): void {
    this.#charts.delete(chart.shape.id);
    this.#dimensionCount -= chart.dimensions.length;
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
