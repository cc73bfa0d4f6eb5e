// PUT /nodes/:nodeId/ephemeral: for who may remove nodes.

import { EphemeralChange, EphemeralChanged, type EphemeralView } from '@claimstead/wire/cloud-api/ephemeral';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Node } from '../node/node.ts';
import type { EphemeralStore } from './ephemeral.ts';
import type { EphemeralWatch } from './ephemeral-watch.ts';

export interface EphemeralRoutesParts {
  store: EphemeralStore;
  watch: EphemeralWatch;
  now: () => number;
}

export function ephemeralRoutes({ store, watch, now }: EphemeralRoutesParts): RouteEntry[] {
  return [
    route({
      method: 'PUT',
      path: `${apiBase}/nodes/:nodeId/ephemeral`,
      permission: 'manage-nodes',
      summary: 'Lets the node leave by itself when it has been offline for so long, or stay until somebody removes it.',
      body: EphemeralChange,
      responses: { 200: EphemeralChanged },
      handle: async ({ who: { node, accountId }, body, sourceNetwork }) => {
        if (node === undefined) throw new CloudError('not-found');
        await store.set(node, body.afterMs, { atMs: now(), accountId, sourceNetwork });
        await watch.look(node.nodeId);
        return { status: 200, body: { ephemeral: toEphemeralView(watch.of(node.nodeId), node, now()) } };
      },
    }),
  ];
}

/** As whoever manages nodes gets it. */
export function toEphemeralView(
  found: ReturnType<EphemeralWatch['of']>,
  { waitsSinceMs }: Pick<Node, 'waitsSinceMs'>,
  nowMs: number,
): EphemeralView {
  if (found === null) return null;
  const leavesInMs = waitsSinceMs === null ? found.leavesInMs : null;
  const leavesAt = leavesInMs === null ? null : new Date(Math.round(nowMs + leavesInMs)).toISOString();
  return { afterMs: found.afterMs, leavesAt };
}
