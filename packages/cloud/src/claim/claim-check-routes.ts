// POST /api/v1/claim-check: what a claim would be answered, told to whoever could make it. The rules are the claim's own; nothing is
// written, and why a token is refused is told only to who presents the whole of it. [wire/claim/claim-check.ts]

import { maxClaimBodyBytes } from '@claimstead/wire/claim/claim-request';
import { claimCheckPath, claimVerdicts, type ClaimVerdict } from '@claimstead/wire/claim/claim-check';
import { CloudError, type ErrorKind } from '@claimstead/wire/errors';
import { environmentFor } from '@claimstead/wire/link/environment';
import { z } from 'zod';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import { checkClaim } from './checked-claim.ts';
import { decideClaim, type ClaimSource, type ClaimStore } from './claim.ts';
import { pastDeadLinks, type LinksInTheWay } from './links-in-the-way.ts';

export interface ClaimCheckRoutesParts {
  store: ClaimStore;
  links: LinksInTheWay;
  publicUrl: URL;
  events: Events;
  /** Checks by source, good and bad ones. */
  checks: RateLimit;
}

/** Somebody tries to get one machine claimed: more than one check in two seconds is a script that went wild. */
export const claimChecksLimit = { tries: 30, windowMs: 60_000, maxKeys: 10_000 };

/** What a claim throws, as a verdict; what is not in here is an error of the request, or ours. */
const verdictOf: Partial<Record<ErrorKind, ClaimVerdict>> = {
  'claim-token-refused': 'token-refused',
  'claim-token-expired': 'token-expired',
  'claim-token-used-up': 'token-used-up',
  'claim-token-revoked': 'token-revoked',
  'claim-token-elsewhere': 'token-refused',
  'claim-invalid-room-id': 'room-unknown',
  'claim-taken': 'claimed-elsewhere',
  'claim-key-in-use': 'key-in-use',
  'claim-invalid-node-id': 'node-id-refused',
  'claim-invalid-node-name': 'hostname-refused',
  'claim-invalid-public-key': 'public-key-refused',
};

const ClaimCheckView = z.object({
  verdict: z.enum(claimVerdicts),
  authEndpoint: z.string(),
  mqttEndpoint: z.string(),
  roomIndex: z.int().optional(),
});

export function claimCheckRoutes(parts: ClaimCheckRoutesParts): RouteEntry[] {
  const { store, links, events, checks } = parts;
  const environment = environmentFor(parts.publicUrl);
  const { authEndpoint } = environment;
  const mqttEndpoint = environment.transports[0]?.endpoint ?? '';

  const verdictFor = async (
    body: string,
    source: ClaimSource,
  ): Promise<{ verdict: ClaimVerdict; roomIndex?: number }> => {
    try {
      const claim = checkClaim(undefined, body);
      await pastDeadLinks(links, async (isLinkUp) => decideClaim(claim, await store.facts(claim, source), isLinkUp));
      return { verdict: 'accepted' };
    } catch (refusal) {
      const verdict = refusal instanceof CloudError ? verdictOf[refusal.kind] : undefined;
      if (!(refusal instanceof CloudError) || verdict === undefined) throw refusal;
      return { verdict, ...(refusal.roomIndex !== undefined && { roomIndex: refusal.roomIndex }) };
    }
  };

  return [
    route({
      method: 'POST',
      path: claimCheckPath,
      permission: 'agent',
      summary: 'What a claim would be answered; nothing is claimed, and no use of the token is taken.',
      bodyBytes: maxClaimBodyBytes,
      responses: { 200: ClaimCheckView },
      handle: async ({ body, sourceNetwork, remoteAddress }) => {
        if (!checks.take(sourceNetwork)) throw new CloudError('too-many-requests');
        const told = await verdictFor(body, { address: remoteAddress, network: sourceNetwork });
        events.claimChecked({ verdict: told.verdict, sourceNetwork });
        return { status: 200, body: { ...told, authEndpoint, mqttEndpoint } };
      },
    }),
  ];
}
