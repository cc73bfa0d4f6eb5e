// POST /spaces/:spaceId/standing-token, POST /spaces/:spaceId/claim-tokens/:tokenId/view. Administrators only.

import { NewClaimTokenView, StandingTokenCreate } from '@claimstead/wire/cloud-api/claim-tokens';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import { route, type RouteEntry } from '../http/routes.ts';
import { UniqueViolation } from '../storage/storage.ts';
import { newClaimToken } from './claim-token.ts';
import { decisionOf, existingToken, tokenIdOf, tokensPath, type ClaimTokenRoutesParts } from './claim-token-routes.ts';
import { roomsNamed } from './token-rooms.ts';

export function standingTokenRoutes(parts: ClaimTokenRoutesParts): RouteEntry[] {
  const { tokens, views, sealed, events } = parts;
  return [
    route({
      method: 'POST',
      path: `${apiBase}/spaces/:spaceId/standing-token`,
      permission: 'manage-tokens',
      summary: 'Makes the one token of the Space that never expires and can be viewed again.',
      body: StandingTokenCreate,
      responses: { 201: NewClaimTokenView },
      handle: async ({ who, body, sourceNetwork }) => {
        const rooms = await parts.roomsInSpace(who.spaceId);
        const { token, kept } = newClaimToken(
          {
            ...body,
            spaceId: who.spaceId,
            kind: 'standing',
            madeByAccountId: who.accountId,
            lifetimeMs: null,
            roomIds: roomsNamed(rooms, body.roomIds),
          },
          parts,
        );
        const standing = { ...kept, sealedToken: sealed.close(kept.tokenId, token) };
        try {
          await tokens.add(standing, { accountId: who.accountId, sourceNetwork });
        } catch (cause) {
          if (!(cause instanceof UniqueViolation)) throw cause;
          const detail = 'This Space has a standing token already; regenerate that one, or revoke it first.';
          throw new CloudError('name-taken', { detail, cause });
        }
        events.claimTokenMade({ tokenId: kept.tokenId, spaceId: who.spaceId });
        return { status: 201, body: await views.withText(token, standing, rooms) };
      },
    }),
    route({
      // Not GET: each look is written down.
      method: 'POST',
      path: `${tokensPath}/:tokenId/view`,
      permission: 'manage-tokens',
      summary: 'The text of the standing token, again; the audit tells who looked.',
      responses: { 200: NewClaimTokenView },
      handle: async ({ who, params, sourceNetwork }) => {
        const by = decisionOf(who, sourceNetwork, parts.now());
        const kept = existingToken(await tokens.viewSealed(who.spaceId, tokenIdOf(params), by));
        if (kept.sealedToken === null) throw new CloudError('not-found');
        events.claimTokenViewed({ tokenId: kept.tokenId, spaceId: who.spaceId, accountId: who.accountId });
        const text = sealed.open(kept.tokenId, kept.sealedToken);
        return { status: 200, body: await views.withText(text, kept, await parts.roomsInSpace(who.spaceId)) };
      },
    }),
  ];
}
