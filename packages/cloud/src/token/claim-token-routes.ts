// GET and POST /spaces/:spaceId/claim-tokens, PATCH and DELETE …/:tokenId, POST …/:tokenId/regenerate. Administrators only.

import {
  ClaimTokenChange,
  ClaimTokenCreate,
  ClaimTokenList,
  ClaimTokenView,
  NewClaimTokenView,
} from '@claimstead/wire/cloud-api/claim-tokens';
import { hashClaimToken, makeClaimToken } from '@claimstead/wire/claim/claim-token';
import { mostOfPage, PageQuery } from '@claimstead/wire/cloud-api/paging';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { SpaceId } from '@claimstead/wire/ids';
import type { Events } from '../events.ts';
import { pageOf, readTimeCursor, writeCursor } from '../http/cursor.ts';
import { route, type RouteEntry, type SpaceAccess } from '../http/routes.ts';
import type { Room } from '../room/room.ts';
import {
  newClaimToken,
  type ClaimToken,
  type ClaimTokenSettings,
  type ClaimTokenStore,
  type TokenDecision,
} from './claim-token.ts';
import type { TokenViews } from './claim-token-view.ts';
import type { SealedTokens } from './sealed-token.ts';
import { roomsNamed } from './token-rooms.ts';

export interface ClaimTokenRoutesParts {
  tokens: ClaimTokenStore;
  views: TokenViews;
  sealed: SealedTokens;
  roomsInSpace: (spaceId: SpaceId) => Promise<Room[]>;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  events: Events;
}

/** Who decides, as the store and the audit hear it. */
export const decisionOf = (who: SpaceAccess, sourceNetwork: string, atMs: number): TokenDecision => ({
  atMs,
  accountId: who.accountId,
  sourceNetwork,
});

/** Throws `not-found`. */
export function existingToken(token: ClaimToken | undefined): ClaimToken {
  if (token === undefined) throw new CloudError('not-found');
  return token;
}

export const tokensPath = `${apiBase}/spaces/:spaceId/claim-tokens`;
export const tokenIdOf = (params: Record<string, string>): string => (params['tokenId'] ?? '').toLowerCase();

export function claimTokenRoutes(parts: ClaimTokenRoutesParts): RouteEntry[] {
  const { tokens, views, events } = parts;
  const one = `${tokensPath}/:tokenId`;

  return [
    route({
      method: 'GET',
      path: tokensPath,
      permission: 'manage-tokens',
      summary: `The claiming tokens of the Space, oldest first, those that have ended in the last 90 days among them; never their texts. ${mostOfPage} at most, and the cursor of the next page.`,
      query: PageQuery,
      responses: { 200: ClaimTokenList },
      handle: async ({ who, query: { limit, cursor } }) => {
        const from = readTimeCursor(cursor);
        const { page, next } = await pageOf<ClaimToken>({
          limit,
          read: (count) => tokens.pageInSpace(who.spaceId, from, count),
          cursorOf: ({ createdAtMs, tokenId }) => writeCursor([String(createdAtMs), tokenId]),
        });
        const rooms = await parts.roomsInSpace(who.spaceId);
        return { status: 200, body: { tokens: await views.all(page, rooms), next } };
      },
    }),
    route({
      method: 'POST',
      path: tokensPath,
      permission: 'manage-tokens',
      summary: 'Makes a claiming token; its text is shown this once.',
      body: ClaimTokenCreate,
      responses: { 201: NewClaimTokenView },
      handle: async ({ who, body, sourceNetwork }) => {
        const rooms = await parts.roomsInSpace(who.spaceId);
        const { token, kept } = newClaimToken(
          {
            ...body,
            spaceId: who.spaceId,
            kind: 'named',
            madeByAccountId: who.accountId,
            roomIds: roomsNamed(rooms, body.roomIds),
          },
          parts,
        );
        await tokens.add(kept, { accountId: who.accountId, sourceNetwork });
        events.claimTokenMade({ tokenId: kept.tokenId, spaceId: who.spaceId });
        return { status: 201, body: await views.withText(token, kept, rooms) };
      },
    }),
    route({
      method: 'PATCH',
      path: one,
      permission: 'manage-tokens',
      summary: 'Changes what a token may do; its text stays.',
      body: ClaimTokenChange,
      responses: { 200: ClaimTokenView },
      handle: async ({ who, params, body: { lifetimeMs, roomIds, ...rest }, sourceNetwork }) => {
        const by = decisionOf(who, sourceNetwork, parts.now());
        const known = existingToken(await tokens.byId(who.spaceId, tokenIdOf(params)));
        if (known.kind === 'standing' && lifetimeMs !== undefined)
          throw new CloudError('invalid-request', { detail: 'The standing token never expires; revoke it instead.' });
        const rooms = await parts.roomsInSpace(who.spaceId);
        const change: Partial<ClaimTokenSettings> = {
          ...defined(rest),
          ...(lifetimeMs !== undefined && { expiresAtMs: by.atMs + lifetimeMs }),
          ...(roomIds !== undefined && { roomIds: roomsNamed(rooms, roomIds) }),
        };
        const changed = existingToken(await tokens.change(who.spaceId, known.tokenId, change, by));
        events.claimTokenChanged({ tokenId: changed.tokenId, spaceId: who.spaceId, accountId: who.accountId });
        return { status: 200, body: await views.one(changed, rooms) };
      },
    }),
    route({
      method: 'POST',
      path: `${one}/regenerate`,
      permission: 'manage-tokens',
      summary: 'Gives a token a new text, shown this once; the old text is refused from the next claim on.',
      responses: { 200: NewClaimTokenView },
      handle: async ({ who, params, sourceNetwork }) => {
        const token = makeClaimToken(parts.random);
        const known = existingToken(await tokens.byId(who.spaceId, tokenIdOf(params)));
        const sealedToken = known.kind === 'standing' ? parts.sealed.close(known.tokenId, token) : null;
        const text = { tokenHash: hashClaimToken(token), sealedToken };
        const by = decisionOf(who, sourceNetwork, parts.now());
        const kept = existingToken(await tokens.regenerate(who.spaceId, known.tokenId, text, by));
        events.claimTokenRegenerated({ tokenId: kept.tokenId, spaceId: who.spaceId, accountId: who.accountId });
        return { status: 200, body: await views.withText(token, kept, await parts.roomsInSpace(who.spaceId)) };
      },
    }),
    route({
      method: 'DELETE',
      path: one,
      permission: 'manage-tokens',
      summary: 'Revokes a token: it is refused from the next claim on. Nodes that it claimed stay.',
      handle: async ({ who, params, sourceNetwork }) => {
        const { tokenId } = existingToken(await tokens.byId(who.spaceId, tokenIdOf(params)));
        existingToken(await tokens.revoke(tokenId, decisionOf(who, sourceNetwork, parts.now())));
        events.claimTokenRevoked({ tokenId, spaceId: who.spaceId });
        return { status: 204 };
      },
    }),
  ];
}

/** Without the keys that were not sent: to the store a key that is undefined would be a change. */
const defined = <T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
