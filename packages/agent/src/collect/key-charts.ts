// Charts that are a table of keys of one file: which key is which dimension of which chart.

import type { MetricStore } from '../metrics/store.ts';
import type { Tick } from './collector.ts';
import { KeyNumbers } from './key-numbers.ts';
import { LiveChart, type Algorithm, type ChartSpec } from './live-chart.ts';

/** One dimension: a key of the file, the dimension's id, and the scale where it is not 1. */
export type KeyedDimension = readonly [key: string, id: string, scale?: number];

export interface KeyedChart extends Omit<ChartSpec, 'dimensions' | 'module'> {
  algorithm: Algorithm;
  /** Whether the chart waits for the first number that is not zero: for what most machines do not have. */
  fromNonzero?: boolean;
  dimensions: readonly KeyedDimension[];
}

interface Entry {
  spec: KeyedChart;
  /** Where each dimension's number is in `numbers.values`. */
  places: number[];
  chart: LiveChart | undefined;
}

/**
 * Charts over the keys of one file. A chart is made when the file first has one of its keys, with the dimensions whose
 * keys are there: kernels differ in what they count.
 */
export class KeyCharts {
  /** To be filled (`parseLines`, `PairedLines`) before `commit`; keys named in `derivedKeys` are filled by the collector. */
  readonly numbers: KeyNumbers;
  readonly #store: MetricStore;
  readonly #module: string;
  readonly #keys: string[];
  readonly #entries: Entry[];

  constructor(store: MetricStore, module: string, specs: readonly KeyedChart[], otherKeys: readonly string[] = []) {
    this.#store = store;
    this.#module = module;
    this.#keys = [...new Set([...specs.flatMap(({ dimensions }) => dimensions.map(([key]) => key)), ...otherKeys])];
    this.numbers = new KeyNumbers(this.#keys);
    this.#entries = specs.map((spec) => ({
      spec,
      places: spec.dimensions.map(([key]) => this.placeOf(key)),
      chart: undefined,
    }));
  }

  /** Where the number of a key is in `numbers.values`. */
  placeOf(key: string): number {
    return this.#keys.indexOf(key);
  }

  commit(tick: Tick): void {
    for (const entry of this.#entries) {
      if (entry.chart === undefined && !this.#open(entry)) continue;
      const chart = entry.chart as unknown as LiveChart;
      for (let i = 0; i < entry.places.length; i++) {
        chart.set(i, this.numbers.values[entry.places[i] as number] as number);
      }
      chart.commit(tick);
    }
  }

  #open(entry: Entry): boolean {
    const { spec } = entry;
    const { values } = this.numbers;
    const present = (place: number): boolean => !Number.isNaN(values[place]);
    if (!entry.places.some((place) => present(place) && (!spec.fromNonzero || values[place] !== 0))) return false;
    const dimensions = spec.dimensions.filter((_, i) => present(entry.places[i] as number));
    entry.places = entry.places.filter(present);
    entry.chart = new LiveChart(this.#store, {
      ...spec,
      module: this.#module,
      dimensions: dimensions.map(([, id, scale = 1]) => ({ id, scale, algorithm: spec.algorithm })),
    });
    return true;
  }
}
