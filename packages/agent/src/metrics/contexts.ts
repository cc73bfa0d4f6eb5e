// What can be asked: the contexts of this node, each the sum of its charts.

import { firstSecondOf, type ChartType, type MetricStore, type StoredChart } from './store.ts';

export interface ContextSummary {
  id: string;
  title: string;
  units: string;
  family: string;
  chartType: ChartType;
  priority: number;
  /** Grows whenever something else than samples changes: the second since 1970 after that change. */
  version: number;
  /** Second of its first sample, kept or not. */
  startedSecond: number;
  /** Second of the oldest sample; 0 = none yet. */
  firstSecond: number;
  /** Second of the newest sample. */
  lastSecond: number;
  /** Whether at least one of its charts is being collected. */
  collected: boolean;
  charts: StoredChart[];
}

/** All contexts that have samples, by id. Title, units and family are those of the context's first chart. */
export function listContexts(store: MetricStore): ContextSummary[] {
  const contexts = new Map<string, ContextSummary>();
  for (const chart of store.charts()) {
    const firstSecond = firstSecondOf(chart);
    if (firstSecond === 0) continue;
    const known = contexts.get(chart.shape.context);
    if (known === undefined) contexts.set(chart.shape.context, summaryOf(store, chart, firstSecond));
    else addTo(known, chart, firstSecond);
  }
  return [...contexts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function summaryOf(store: MetricStore, chart: StoredChart, firstSecond: number): ContextSummary {
  const { context: id, title, units, family, chartType, priority } = chart.shape;
  const { startedSecond, lastSecond } = chart;
  return {
    id,
    title,
    units,
    family,
    chartType,
    priority,
    version: store.contextVersion(id),
    startedSecond,
    firstSecond,
    lastSecond,
    collected: !chart.obsolete,
    charts: [chart],
  };
}

function addTo(context: ContextSummary, chart: StoredChart, firstSecond: number): void {
  context.priority = Math.min(context.priority, chart.shape.priority);
  context.startedSecond = Math.min(context.startedSecond, chart.startedSecond);
  context.firstSecond = Math.min(context.firstSecond, firstSecond);
  context.lastSecond = Math.max(context.lastSecond, chart.lastSecond);
  context.collected ||= !chart.obsolete;
  context.charts.push(chart);
}
