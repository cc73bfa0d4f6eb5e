// Who collects: by the names that users of Netdata know.

import type { ChartShape, MetricStore } from './store.ts';

export interface CollectorName {
  module: string;
  plugin: string;
}

export const pluginOf = ({ module }: Pick<ChartShape, 'module'>): string =>
  module === 'agent' ? 'netdata' : 'proc.plugin';

/** Every pair once, of the charts that are collected now, in the order in which they were made. */
export function listCollectors(store: MetricStore): CollectorName[] {
  const collected = [...store.charts()].filter(({ obsolete, lastSecond }) => !obsolete && lastSecond > 0);
  const modules = new Set(collected.map(({ shape }) => shape.module));
  return [...modules].map((module) => ({ module, plugin: pluginOf({ module }) }));
}
