// What tells who operates the Cloud how it is, put together: metrics, readiness, and what a restore left to do.

import { listAccounts } from './account/account-list-store.ts';
import { createOrphans } from './backup/orphans.ts';
import { lastRestore } from './backup/restore-store.ts';
import type { Clock } from './clock.ts';
import type { CloudConfig } from './config/load.ts';
import type { OperationCommandsParts } from './control/operation-commands.ts';
import { createEvents, type Events } from './events.ts';
import { healthRoutes } from './http/health-routes.ts';
import { createReadiness } from './http/readiness.ts';
import type { RouteEntry } from './http/routes.ts';
import type { LinkPlane, LinkPlaneParts } from './link-plane.ts';
import type { Log } from './log.ts';
import { measuredEvents, measuredRelay } from './metrics/measured.ts';
import { metricsAccess } from './metrics/metrics-access.ts';
import { openMetricsListener, type MetricsListener } from './metrics/metrics-listener.ts';
import { metricsRoutes } from './metrics/metrics-routes.ts';
import { createPrometheusMetrics } from './metrics/prometheus.ts';
import { countStates } from './node/count-states.ts';
import type { Node } from './node/node.ts';
import { databaseBytes } from './storage/sqlite.ts';
import type { Storage } from './storage/storage.ts';
import { cloudVersion } from './version.ts';
import { listWebhooks } from './webhook/webhook-store.ts';

export interface OperationPlaneParts {
  config: Pick<CloudConfig, 'metricsListen' | 'metricsTokenFile'>;
  clock: Clock;
  storage: Storage;
  databaseFile: string;
  log: Log;
  /** These two are made later, with what is made here; they are asked for when somebody reads the metrics. */
  links: () => LinkPlane;
  allNodes: () => Promise<Node[]>;
}

export interface OperationPlane {
  /** With meters at them. */
  events: Events;
  /** For the links: their relay gets a meter, and who asks under a claim that nobody knows is noted after a restore. */
  forLinks: Pick<LinkPlaneParts, 'measure' | 'onUnknownClaim'>;
  /** For the private socket. */
  forCommands: Pick<OperationCommandsParts, 'listAccounts' | 'listWebhooks' | 'restored' | 'orphans'>;
  routes: RouteEntry[];
  /** Opens the port for metrics, where there is to be one. Throws StartError. */
  listen(): Promise<void>;
  /** From now on the Cloud is not ready. */
  stop(): Promise<void>;
}

/** Throws StartError. */
export async function createOperationPlane(parts: OperationPlaneParts): Promise<OperationPlane> {
  const { config, clock, storage, log } = parts;
  const plain = createEvents(log);
  const metrics = createPrometheusMetrics({
    version: cloudVersion,
    links: () => parts.links().linkCount(),
    nodes: async () => countStates(await parts.allNodes(), parts.links().presence),
    events: plain.counts,
    databaseBytes: () => databaseBytes(parts.databaseFile),
  });
  const events = measuredEvents(plain, metrics);
  const mayRead = config.metricsTokenFile === undefined ? undefined : metricsAccess(config.metricsTokenFile);
  const readiness = createReadiness({ storage, clock });
  const restored = await lastRestore(storage);
  const orphans = createOrphans({ nowMs: () => clock.nowMs(), onFirst: events.orphanAsked });
  let listener: MetricsListener | undefined;
  return {
    events,
    forLinks: {
      measure: (relay) => measuredRelay(relay, metrics, clock),
      onUnknownClaim(claimId, sourceNetwork) {
        if (restored !== undefined) orphans.asked(claimId, sourceNetwork);
      },
    },
    forCommands: {
      listAccounts: () => listAccounts(storage),
      listWebhooks: () => listWebhooks(storage),
      restored,
      orphans,
    },
    routes: [...healthRoutes(readiness), ...metricsRoutes({ metrics, mayRead })],
    async listen() {
      if (config.metricsListen === undefined) return;
      listener = await openMetricsListener(config.metricsListen, metrics, log);
      log.info('serving metrics', { port: listener.port });
    },
    async stop() {
      readiness.beginStopping();
      await listener?.close();
      listener = undefined;
    },
  };
}
