// Alerts over a store whose seconds pass by hand.

import { MetricStore } from '../metrics/store.ts';
import type { Alert } from './alert-log.ts';
import type { AlertDefinition } from './definition.ts';
import { parseAlertFile } from './definition-file.ts';
import { Health } from './health.ts';

/** A second that begins a minute. */
export const start = 1_795_000_020;

export interface HealthWorld {
  store: MetricStore;
  health: Health;
  /** What was told when there were too many alerts. */
  bounds: number[];
  /** The first alert of this name. */
  alert(name: string): Alert | undefined;
  /** One second in which each of these charts, `id context`, gets these samples; then alerts are looked at. */
  second(second: number, charts: Record<string, Record<string, number>>): void;
}

/** `definitions` as they stand in a file, or read. The node has two cores. */
export function healthWorld(definitions: string | readonly AlertDefinition[]): HealthWorld {
  const read = typeof definitions === 'string' ? parseAlertFile(definitions, 'test.conf') : undefined;
  if (read !== undefined && read.findings.length > 0) throw new Error(read.findings.join(' '));
  const store = new MetricStore({ retentionSeconds: 3600, maxDimensions: 10_000, onBoundHit: () => undefined });
  const bounds: number[] = [];
  let ids = 0;
  const health = new Health({
    store,
    definitions: read?.definitions ?? (definitions as readonly AlertDefinition[]),
    cores: 2,
    startMs: start * 1000,
    newId: () => `transition-${++ids}`,
    onBoundHit: (most) => void bounds.push(most),
  });
  return {
    store,
    health,
    bounds,
    alert: (name) => [...health.alerts()].find(({ definition }) => definition.name === name),
    second(second, charts) {
      store.beginTick(second);
      for (const [idAndContext, samples] of Object.entries(charts)) {
        const [id = '', context = ''] = idAndContext.split(' ');
        const rest = { title: 'T', units: 'u', chartType: 'line', priority: 1, module: 'm' } as const;
        const chart = store.openChart({ id, context, family: `family of ${id}`, updateEverySeconds: 1, ...rest });
        for (const [name, value] of Object.entries(samples))
          store.openDimension(chart, name, name, name === 'idle')?.ring.write(second, value);
        store.touch(chart, second);
      }
      store.endTick(second);
      health.run(second);
    },
  };
}
