// PUT /api/v1/spaces/nodes/:id, the address that agents are claimed at. Success is exactly 204 without a body.

import { claimPath, maxClaimBodyBytes } from '@claimstead/wire/claim/claim-request';
import { CloudError } from '@claimstead/wire/errors';
import type { NodeId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import { checkClaim } from './checked-claim.ts';
import { decideClaim, type ClaimStore } from './claim.ts';
import type { ElsewhereAudit } from './elsewhere-audit.ts';
import { pastDeadLinks, type LinksInTheWay } from './links-in-the-way.ts';

export interface ClaimRoutesParts {
  store: ClaimStore;
  links: LinksInTheWay;
  bus: Bus;
  events: Events;
  /** Refused claims by source; a fleet whose claims are good is never slowed. */
  refusals: RateLimit;
  /** A claim was refused because of that node; shown with it. */
  onRefused: (nodeId: NodeId, address: string) => void;
  refusedElsewhere: ElsewhereAudit;
}

/**
 * Refused claims of one source before the next is not even looked at: a token cannot be guessed (190 bits), but looking at a key
 * and at the database costs time. A thousand machines with an outdated command come back within a quarter of an hour.
 */
export const refusedClaimsLimit = { tries: 60, windowMs: 60_000, maxKeys: 10_000 };

export function claimRoutes(parts: ClaimRoutesParts): RouteEntry[] {
  const { store, links, bus, events, refusals, onRefused } = parts;
  return [
    route<'agent', { id: string }>({
      method: 'PUT',
      path: claimPath(':id'),
      permission: 'agent',
      summary: 'Claims a node to the Space of the token.',
      bodyBytes: maxClaimBodyBytes,
      handle: async ({ params, body, sourceNetwork, remoteAddress }) => {
        // Agents know 503 and try again; 429 would end their claim.
        if (!refusals.hasLeft(sourceNetwork)) throw new CloudError('overloaded');
        try {
          const claim = checkClaim(params.id, body);
          const accepted = await pastDeadLinks(links, (isLinkUp) =>
            store.admit(claim, (facts) => decideClaim(claim, facts, isLinkUp), {
              address: remoteAddress,
              network: sourceNetwork,
            }),
          );
          const { nodeId, spaceId, retiredClaimId, keyReplaced, takesUse, token } = accepted;
          const told = { nodeId, spaceId, claimId: claim.claimId, retiredClaimId, keyReplaced, repeated: !takesUse };
          bus.publish('node-claimed', { ...told, tokenId: token.tokenId });
          events.claimAccepted(told);
          return { status: 204 };
        } catch (refusal) {
          if (refusal instanceof CloudError && refusal.kind.startsWith('claim-')) {
            refusals.take(sourceNetwork);
            events.claimRefused({ errorKind: refusal.kind, sourceNetwork });
            if (refusal.nodeId !== undefined) onRefused(refusal.nodeId, remoteAddress);
            if (refusal.token !== undefined) parts.refusedElsewhere.note({ ...refusal.token, sourceNetwork });
          }
          throw refusal;
        }
      },
    }),
  ];
}
