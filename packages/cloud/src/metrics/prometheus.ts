// The port over prom-client. A registry of its own, so that several Clouds in one process (tests) do not share numbers.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics, MetricSources } from './metrics.ts';

export function createPrometheusMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Heap, event-loop delay, garbage collection, processor time, open files.
  collectDefaultMetrics({ register: registry });

  new Gauge({ name: 'claimstead_build_info', help: 'Always 1.', labelNames: ['version'], registers }).set(
    { version: sources.version },
    1,
  );
  gauge('claimstead_links', 'Agents that are connected now.', (set) => set({}, sources.links()));
  gauge('claimstead_database_bytes', 'The database with what is not merged into it yet.', (set) =>
    set({}, sources.databaseBytes()),
  );
  gauge(
    'claimstead_nodes',
    'Nodes by their state.',
    async (set) => {
      for (const [state, count] of Object.entries(await sources.nodes())) set({ state }, count);
    },
    ['state'],
  );
  registry.registerMetric(
    new Counter({
      name: 'claimstead_events_total',
      help: 'What happened since the start, as the log names it.',
      labelNames: ['event'],
      registers: [],
      collect() {
        this.reset();
        for (const [event, count] of Object.entries(sources.events())) this.inc({ event }, count);
      },
    }),
  );
  const counter = (name: string, help: string): Counter<'outcome'> =>
    new Counter({ name, help, labelNames: ['outcome'], registers });
  const claims = counter('claimstead_claims_total', 'Claims by what became of them.');
  const signIns = counter('claimstead_sign_ins_total', 'Sign-ins by what became of them.');
  const relays = new Histogram({
    name: 'claimstead_relay_duration_seconds',
    help: 'How long questions to agents took, by what became of them.',
    labelNames: ['outcome'],
    // From a fast agent in the same house to a function that may take two minutes.
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
    registers,
  });

  function gauge(
    name: string,
    help: string,
    read: (set: (labels: Record<string, string>, value: number) => void) => void | Promise<void>,
    labelNames: string[] = [],
  ): void {
    // The library calls `collect` on the gauge whenever somebody asks.
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames,
        registers: [],
        async collect() {
          this.reset();
          await read((labels, value) => this.set(labels, value));
        },
      }),
    );
  }

  return {
    claim: (outcome) => claims.inc({ outcome }),
    signIn: (outcome) => signIns.inc({ outcome }),
    relayed: (outcome, seconds) => relays.observe({ outcome }, seconds),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
