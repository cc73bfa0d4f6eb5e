// Charts of one device that are a table of its numbers: which field is which dimension of which chart.

import type { MetricStore } from '../metrics/store.ts';
import type { Tick } from './collector.ts';
import { LiveChart, type Algorithm, type ChartSpec } from './live-chart.ts';

/** One dimension: its id, the field of the device's numbers, and the scale where it is not 1. */
export type FieldDimension = readonly [id: string, field: number, scale?: number];

/** The chart's id is `prefix.device`. */
export interface FieldChart extends Pick<ChartSpec, 'title' | 'units' | 'priority' | 'chartType'> {
  prefix: string;
  context: string;
  /** `incremental` where absent. */
  algorithm?: Algorithm;
  dimensions: readonly FieldDimension[];
}

export interface Device {
  /** Ends the id of each chart, e.g. `sda`. */
  name: string;
  family: string;
  module: string;
}

/** The charts of one device. A chart none of whose fields the device has at first is left out. */
export class FieldCharts {
  readonly #charts: { live: LiveChart; fields: number[] }[] = [];

  constructor(store: MetricStore, specs: readonly FieldChart[], device: Device, numbers: Float64Array) {
    const { name, family, module } = device;
    for (const { prefix, dimensions, algorithm = 'incremental', ...rest } of specs) {
      const known = dimensions.filter(([, field]) => !Number.isNaN(numbers[field]));
      if (known.length === 0) continue;
      const specsOfChart = known.map(([id, , scale = 1]) => ({ id, scale, algorithm }));
      const live = new LiveChart(store, { ...rest, id: `${prefix}.${name}`, family, module, dimensions: specsOfChart });
      this.#charts.push({ live, fields: known.map(([, field]) => field) });
    }
  }

  commit(numbers: Float64Array, tick: Tick): void {
    for (const { live, fields } of this.#charts) {
      for (let i = 0; i < fields.length; i++) live.set(i, numbers[fields[i] as number] as number);
      live.commit(tick);
    }
  }
}
