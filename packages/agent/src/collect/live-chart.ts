// From what the kernel counts to what a chart shows: the numbers of one chart, tick by tick.

import type { ChartShape, ChartType, MetricStore, StoredChart, StoredDimension } from '../metrics/store.ts';
import type { Tick } from './collector.ts';

/**
 * How a raw number becomes a sample:
 * - `absolute`: as it is;
 * - `incremental`: growth per second of a counter; a counter that goes back (reset, wrap, other device) is a gap;
 * - `share`: growth in percent of the growth of all dimensions of the chart; going back counts as no growth.
 */
export type Algorithm = 'absolute' | 'incremental' | 'share';

export interface DimensionSpec {
  id: string;
  /** The id where absent. */
  name?: string;
  /** `absolute` where absent. */
  algorithm?: Algorithm;
  /** Samples are multiplied by this; negative for what goes out, so that it is drawn below the axis. 1 where absent. */
  scale?: number;
  hidden?: boolean;
}

export interface ChartSpec {
  id: string;
  /** The id where absent. */
  context?: string;
  family: string;
  title: string;
  units: string;
  /** `line` where absent. */
  chartType?: ChartType;
  priority: number;
  /** What it is read from, e.g. `/proc/stat`. */
  module: string;
  /** 1 where absent. */
  updateEverySeconds?: number;
  dimensions: readonly DimensionSpec[];
}

/** A dimension that the store had no room for is left out silently: the store has told so. */
interface LiveDimension {
  readonly stored: StoredDimension;
  readonly algorithm: Algorithm;
  readonly scale: number;
}

/** One chart being collected: `set` what was read, then `commit`. What was not set since the last commit is a gap. */
export class LiveChart {
  readonly #store: MetricStore;
  readonly #chart: StoredChart;
  readonly #dimensions: (LiveDimension | undefined)[] = [];
  #raw = new Float64Array(8).fill(NaN);
  #before = new Float64Array(8).fill(NaN);
  #beforeMs = NaN;

  constructor(store: MetricStore, spec: ChartSpec) {
    this.#store = store;
    const {
      id,
      context = id,
      family,
      title,
      units,
      chartType = 'line',
      priority,
      module,
      updateEverySeconds = 1,
    } = spec;
    const shape: ChartShape = { id, context, family, title, units, chartType, priority, module, updateEverySeconds };
    this.#chart = store.openChart(shape);
    for (const dimension of spec.dimensions) this.add(dimension);
  }

  /** Adds a dimension that turned up later; returns its place. */
  add({ id, name = id, algorithm = 'absolute', scale = 1, hidden = false }: DimensionSpec): number {
    const stored = this.#store.openDimension(this.#chart, id, name, hidden);
    const place = this.#dimensions.push(stored && { stored, algorithm, scale }) - 1;
    if (place >= this.#raw.length) {
      this.#raw = widened(this.#raw);
      this.#before = widened(this.#before);
    }
    return place;
  }

  /** What was read for the dimension at `place` (their order in the spec). NaN is a gap. */
  set(place: number, raw: number): void {
    this.#raw[place] = raw;
  }

  /** Writes one sample per dimension. The first tick of a counter, and one after a pause of its source, has no sample. */
  commit(tick: Tick): void {
    const seconds = (tick.monotonicMs - this.#beforeMs) / 1000;
    const growth = this.#totalGrowth();
    const slot = Math.floor(tick.second / this.#chart.shape.updateEverySeconds);
    let sampled = false;
    for (let place = 0; place < this.#dimensions.length; place++) {
      const dimension = this.#dimensions[place];
      if (dimension === undefined) continue;
      // + 0: nothing sent is 0, not -0.
      const value = this.#sample(dimension.algorithm, place, seconds, growth) * dimension.scale + 0;
      if (value !== value) continue;
      dimension.stored.ring.write(slot, value);
      sampled = true;
    }
    if (sampled) this.#store.touch(this.#chart, tick.second);
    const before = this.#before;
    this.#before = this.#raw;
    this.#raw = before.fill(NaN);
    this.#beforeMs = tick.monotonicMs;
  }

  #sample(algorithm: Algorithm, place: number, seconds: number, totalGrowth: number): number {
    const raw = this.#raw[place] as number;
    if (algorithm === 'absolute') return raw;
    const growth = raw - (this.#before[place] as number);
    if (algorithm === 'incremental') return growth >= 0 && seconds > 0 ? growth / seconds : NaN;
    return totalGrowth > 0 ? (Math.max(0, growth) * 100) / totalGrowth : NaN;
  }

  #totalGrowth(): number {
    let total = 0;
    for (let place = 0; place < this.#dimensions.length; place++) {
      const growth = (this.#raw[place] as number) - (this.#before[place] as number);
      if (growth > 0) total += growth;
    }
    return total;
  }
}

function widened(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(values.length * 2).fill(NaN);
  wider.set(values);
  return wider;
}
