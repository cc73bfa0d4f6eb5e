// Webhooks, put together: what the bus tells becomes deliveries.

import type { WebhookKind } from '@claimstead/wire/cloud-api/webhooks';
import type { NodeId, SpaceId } from '@claimstead/wire/ids';
import { lookup } from 'node:dns/promises';
import type { Bus } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import type { RouteEntry } from './http/routes.ts';
import type { RateLimit, RateLimitOptions } from './limit/rate-limit.ts';
import type { Log } from './log.ts';
import type { Node } from './node/node.ts';
import type { Presence } from './node/presence.ts';
import type { Seal } from './seal/seal.ts';
import type { SpaceStore } from './space/space.ts';
import type { Storage } from './storage/storage.ts';
import { cloudVersion } from './version.ts';
import { createDeliveries } from './webhook/deliveries.ts';
import { createNodeWatch } from './webhook/node-watch.ts';
import { createPost } from './webhook/post.ts';
import { addressGuard, type WebhookAllowance } from './webhook/private-addresses.ts';
import { webhookRoutes, webhookTestsLimit } from './webhook/webhook-routes.ts';
import { createWebhookStore } from './webhook/webhook-store.ts';

export interface WebhookPlaneParts {
  clock: Clock;
  bus: Bus;
  storage: Storage;
  seal: Seal;
  allowance: WebhookAllowance;
  nodeById: (nodeId: NodeId) => Promise<Node | undefined>;
  spaces: Pick<SpaceStore, 'nameOf'>;
  presence: Presence;
  limit: (options: Omit<RateLimitOptions, 'now'>) => RateLimit;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  log: Log;
}

export interface WebhookPlane {
  routes: RouteEntry[];
  stop(): Promise<void>;
}

export async function createWebhookPlane(parts: WebhookPlaneParts): Promise<WebhookPlane> {
  const { clock, bus, storage, seal, allowance, nodeById, presence, newId, log } = parts;
  const store = createWebhookStore(storage);
  const post = createPost({
    mayReach: addressGuard(allowance),
    allowHttp: allowance.http,
    resolve: (hostname) => lookup(hostname, { all: true, verbatim: true }),
    version: cloudVersion,
  });
  const deliveries = createDeliveries({ store, seal, post, clock, newId, log });
  await deliveries.reload();
  const spaceName = async (spaceId: SpaceId): Promise<string> => (await parts.spaces.nameOf(spaceId)) ?? '';

  const watch = createNodeWatch({
    clock,
    onChange: (nodeId, state) => run(tellOf(nodeId, state === 'live' ? ['node-live'] : ['node-offline'])),
  });
  const tellOf = async (nodeId: NodeId, kinds: readonly WebhookKind[], tokenId?: string): Promise<void> => {
    const node = await nodeById(nodeId);
    if (node === undefined) return;
    const { spaceId, hostname } = node;
    for (const kind of kinds.filter((one) => deliveries.listens(spaceId, one))) {
      await deliveries.tell(kind, {
        space: { id: spaceId, name: await spaceName(spaceId) },
        node: { id: nodeId, hostname },
        ...(kind === 'token-used' && tokenId !== undefined && { token: { id: tokenId } }),
      });
    }
  };
  const look = async (nodeId: NodeId): Promise<void> => {
    const node = await nodeById(nodeId);
    if (node === undefined) return watch.forget(nodeId);
    // Also where nobody listens yet: who begins to is not told of what was so before.
    watch.saw(node, presence.of(node).state);
  };

  // What is told beside the work, never in its way; the end waits for it.
  const pending = new Set<Promise<void>>();
  function run(work: Promise<void>): void {
    const guarded = work.catch((error: unknown) => log.error('a webhook was not told', { error }));
    pending.add(guarded);
    void guarded.finally(() => pending.delete(guarded));
  }
  const unsubscribe = [
    bus.subscribe('node-claimed', ({ nodeId, tokenId, repeated, retiredClaimId }) => {
      // As the audit: an answer that was lost, or a command that is run once more, is no news.
      if (!repeated) run(tellOf(nodeId, ['node-claimed', 'token-used'], tokenId));
      else if (retiredClaimId !== null) run(tellOf(nodeId, ['node-claimed']));
    }),
    bus.subscribe('node-changed', ({ nodeId }) => run(look(nodeId))),
    bus.subscribe('node-removed', ({ nodeId }) => watch.forget(nodeId)),
  ];
  deliveries.wake();

  return {
    routes: webhookRoutes({
      store,
      deliveries,
      seal,
      allowHttp: allowance.http,
      spaceName,
      tests: parts.limit(webhookTestsLimit),
      now: () => clock.nowMs(),
      random: parts.random,
      newId,
    }),
    async stop() {
      for (const end of unsubscribe) end();
      watch.close();
      await Promise.all(pending);
      await deliveries.stop();
    },
  };
}
