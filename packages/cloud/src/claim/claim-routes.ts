// PUT /api/v1/spaces/nodes/:id, the address that agents are claimed at. Success is exactly 204 without a body.

import { claimPath, maxClaimBodyBytes } from '@claimstead/wire/claim/claim-request';
import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import { checkClaim, type CheckedClaim } from './checked-claim.ts';
import { decideClaim, type AcceptedClaim, type Admission, type ClaimFacts, type ClaimStore } from './claim.ts';

export interface ClaimRoutesParts {
  store: ClaimStore;
  /** Whether an agent is connected under this claim right now. */
  isLinkUp: (claimId: ClaimId) => boolean;
  /** Whether somebody still answers there; a link on which nobody does is ended. */
  isLinkAlive: (claimId: ClaimId) => Promise<boolean>;
  bus: Bus;
  events: Events;
  /** Refused claims by source; a fleet whose claims are good is never slowed. */
  refusals: RateLimit;
}

/**
 * Refused claims of one source before the next is not even looked at: a token cannot be guessed (190 bits), but looking at a key
 * and at the database costs time. A thousand machines with an outdated command come back within a quarter of an hour.
 */
export const refusedClaimsLimit = { tries: 60, windowMs: 60_000, maxKeys: 10_000 };

export function claimRoutes({ store, isLinkUp, isLinkAlive, bus, events, refusals }: ClaimRoutesParts): RouteEntry[] {
  const admit = async (claim: CheckedClaim, sourceNetwork: string): Promise<AcceptedClaim> => {
    let inTheWay: ClaimId | undefined;
    let isDead = false;
    const isInTheWay = (claimId: ClaimId): boolean => {
      if (isDead && claimId === inTheWay) return false;
      if (isLinkUp(claimId)) inTheWay = claimId;
      return inTheWay === claimId;
    };
    const decide = (facts: ClaimFacts): Admission => decideClaim(claim, facts, isInTheWay);
    try {
      return await store.admit(claim, decide, sourceNetwork);
    } catch (refusal) {
      // A machine that lost its power and its key comes back while its last connection still counts as up.
      const isInUse = refusal instanceof CloudError && refusal.kind === 'claim-key-in-use';
      if (!isInUse || inTheWay === undefined || (await isLinkAlive(inTheWay))) throw refusal;
      isDead = true;
      return store.admit(claim, decide, sourceNetwork);
    }
  };

  return [
    route<'agent', { id: string }>({
      method: 'PUT',
      path: claimPath(':id'),
      permission: 'agent',
      summary: 'Claims a node to the Space of the token.',
      bodyBytes: maxClaimBodyBytes,
      handle: async ({ params, body, sourceNetwork }) => {
        // Agents know 503 and try again; 429 would end their claim.
        if (!refusals.hasLeft(sourceNetwork)) throw new CloudError('overloaded');
        try {
          const claim = checkClaim(params.id, body);
          const accepted = await admit(claim, sourceNetwork);
          const { nodeId, spaceId, retiredClaimId, keyReplaced } = accepted;
          const { claimId } = claim;
          bus.publish('node-claimed', { nodeId, spaceId, claimId, retiredClaimId, keyReplaced });
          events.claimAccepted({ nodeId, spaceId, claimId, retiredClaimId, keyReplaced, repeated: !accepted.takesUse });
          return { status: 204 };
        } catch (refusal) {
          if (refusal instanceof CloudError && refusal.kind.startsWith('claim-')) {
            refusals.take(sourceNetwork);
            events.claimRefused({ errorKind: refusal.kind, sourceNetwork });
          }
          throw refusal;
        }
      },
    }),
  ];
}
