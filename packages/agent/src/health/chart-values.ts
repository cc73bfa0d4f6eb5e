// The numbers that an alert decides about: what its lookup gives, and its variables.

import { runQuery } from '../metrics/query.ts';
import { firstSecondOf, type MetricStore, type StoredChart } from '../metrics/store.ts';
import { alertStatuses, rankOf, type AlertStatus } from './alert-status.ts';
import type { AlertLookup } from './definition.ts';
import type { Variables } from './expression.ts';

/** Whether samples reach back far enough, or as far as they ever will: an average of the first seconds would cry wolf. */
export function hasEnough(lookup: AlertLookup, chart: StoredChart, store: MetricStore): boolean {
  const first = firstSecondOf(chart);
  const every = chart.shape.updateEverySeconds;
  const needed = store.lastSecond - Math.min(lookup.lengthSeconds + lookup.beforeSeconds, store.retentionSeconds);
  return first > 0 && first <= needed + 2 * every;
}

/** The one value of a lookup: its dimensions summed. NaN where all are gaps. */
export function lookupValue(lookup: AlertLookup, chart: StoredChart, store: MetricStore): number {
  const { dimensions } = runQuery(
    {
      charts: [chart],
      range: {
        after: -lookup.lengthSeconds,
        before: -lookup.beforeSeconds,
        points: 1,
        groupTimeSeconds: 0,
        aligned: lookup.aligned,
      },
      group: lookup.method,
      dimensions: lookup.dimensions,
      percentage: lookup.percentage,
      absolute: lookup.absolute,
      nonzero: false,
      nullToZero: false,
    },
    { nowSecond: store.lastSecond, retentionSeconds: store.retentionSeconds },
  );
  let total = NaN;
  for (const { values } of dimensions) {
    const value = values.at(-1) ?? NaN;
    if (!Number.isNaN(value)) total = Number.isNaN(total) ? value : total + value;
  }
  return total;
}

/** What the expressions of one alert can name. */
export interface VariableParts {
  chart: StoredChart;
  store: MetricStore;
  /** The value so far: NaN before `calc`, where there is no lookup. */
  value: number;
  status: AlertStatus;
  lookup: AlertLookup | undefined;
  nowSecond: number;
  /** CPU cores; 0 where unknown. */
  cores: number;
}

/**
 * `$this`, `$status` and the names of statuses, `$now`, `$after` and `$before` (of the lookup), `$last_collected_t`, `$update_every`,
 * `$active_processors`, the newest sample of a dimension by its id or name, and that of another chart as `$chart.dimension`.
 */
export const variablesOf =
  (parts: VariableParts): Variables =>
  (name) =>
    ownVariables.get(name)?.(parts) ?? statusConstants.get(name) ?? sampleOf(parts, name);

const ownVariables = new Map<string, (parts: VariableParts) => number>(
  Object.entries<(parts: VariableParts) => number>({
    this: ({ value }) => value,
    status: ({ status }) => rankOf(status),
    now: ({ nowSecond }) => nowSecond,
    after: ({ store, lookup }) =>
      lookup === undefined ? NaN : store.lastSecond - lookup.beforeSeconds - lookup.lengthSeconds,
    before: ({ store, lookup }) => (lookup === undefined ? NaN : store.lastSecond - lookup.beforeSeconds),
    last_collected_t: ({ chart }) => chart.lastSecond,
    update_every: ({ chart }) => chart.shape.updateEverySeconds,
    active_processors: ({ cores }) => (cores > 0 ? cores : NaN),
  }),
);

const statusConstants = new Map(alertStatuses.map((status) => [status.toUpperCase(), rankOf(status)]));

function sampleOf({ chart, store }: VariableParts, name: string): number | undefined {
  const own = newestSample(chart, name);
  if (own !== undefined) return own;
  // Ids of charts and of dimensions both hold dots, so that each dot may be the one between them.
  for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) {
    const other = store.chart(name.slice(0, at));
    const sample = other === undefined ? undefined : newestSample(other, name.slice(at + 1));
    if (sample !== undefined) return sample;
  }
  return undefined;
}

function newestSample({ dimensions }: StoredChart, name: string): number | undefined {
  const found = dimensions.find(({ id }) => id === name) ?? dimensions.find((dimension) => dimension.name === name);
  return found?.ring.read(found.ring.newestSlot);
}
