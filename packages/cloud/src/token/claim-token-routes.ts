// GET and POST /spaces/:spaceId/claim-tokens, PATCH and DELETE …/:tokenId, POST …/:tokenId/regenerate. Administrators only.

import {
  ClaimTokenChange,
  ClaimTokenCreate,
  ClaimTokenList,
  ClaimTokenView,
  NewClaimTokenView,
} from '@claimstead/wire/cloud-api/claim-tokens';
import { hashClaimToken, makeClaimToken } from '@claimstead/wire/claim/claim-token';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import type { Events } from '../events.ts';
import { route, type RouteEntry, type SpaceAccess } from '../http/routes.ts';
import type { Room } from '../room/room.ts';
import { commandAround, commandUrl } from './claim-command.ts';
import {
  claimTokenState,
  newClaimToken,
  type ClaimToken,
  type ClaimTokenSettings,
  type ClaimTokenStore,
  type TokenDecision,
} from './claim-token.ts';
import { roomsNamed } from './token-rooms.ts';

export interface ClaimTokenRoutesParts {
  tokens: ClaimTokenStore;
  roomsInSpace: (spaceId: SpaceId) => Promise<Room[]>;
  /** Undefined = that account is gone. */
  accountName: (accountId: AccountId) => Promise<string | undefined>;
  publicUrl: () => URL;
  caPem: string | null;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  events: Events;
}

export function claimTokenRoutes(parts: ClaimTokenRoutesParts): RouteEntry[] {
  const { tokens, events } = parts;
  const collection = `${apiBase}/spaces/:spaceId/claim-tokens`;
  const one = `${collection}/:tokenId`;
  const idOf = (params: Record<string, string>): string => (params['tokenId'] ?? '').toLowerCase();
  const decision = (who: SpaceAccess, sourceNetwork: string): TokenDecision => ({
    atMs: parts.now(),
    accountId: who.accountId,
    sourceNetwork,
  });
  const namesOf = async (list: readonly ClaimToken[]): Promise<Map<AccountId, string | undefined>> => {
    const makers = new Set(list.flatMap(({ madeByAccountId }) => madeByAccountId ?? []));
    return new Map(await Promise.all([...makers].map(async (id) => [id, await parts.accountName(id)] as const)));
  };
  const view = async (token: ClaimToken, rooms: readonly Room[]): Promise<ClaimTokenView> =>
    toTokenView(token, rooms, await namesOf([token]), parts.now());
  const withText = async (token: string, kept: ClaimToken, rooms: readonly Room[]): Promise<NewClaimTokenView> => {
    const command = commandAround(token, kept, { rooms, url: commandUrl(parts.publicUrl()), caPem: parts.caPem });
    return { token: await view(kept, rooms), command };
  };

  return [
    route({
      method: 'GET',
      path: collection,
      permission: 'manage-tokens',
      summary:
        'The claiming tokens of the Space, those that have ended in the last 90 days among them; never their texts.',
      responses: { 200: ClaimTokenList },
      handle: async ({ who }) => {
        const [list, rooms] = await Promise.all([tokens.all(who.spaceId), parts.roomsInSpace(who.spaceId)]);
        const names = await namesOf(list);
        const nowMs = parts.now();
        return { status: 200, body: { tokens: list.map((token) => toTokenView(token, rooms, names, nowMs)) } };
      },
    }),
    route({
      method: 'POST',
      path: collection,
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
        return { status: 201, body: await withText(token, kept, rooms) };
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
        const by = decision(who, sourceNetwork);
        const known = existing(await tokens.byId(who.spaceId, idOf(params)));
        if (known.kind === 'standing' && lifetimeMs !== undefined)
          throw new CloudError('invalid-request', { detail: 'The standing token never expires; revoke it instead.' });
        const rooms = await parts.roomsInSpace(who.spaceId);
        const change: Partial<ClaimTokenSettings> = {
          ...defined(rest),
          ...(lifetimeMs !== undefined && { expiresAtMs: by.atMs + lifetimeMs }),
          ...(roomIds !== undefined && { roomIds: roomsNamed(rooms, roomIds) }),
        };
        const changed = existing(await tokens.change(who.spaceId, known.tokenId, change, by));
        events.claimTokenChanged({ tokenId: changed.tokenId, spaceId: who.spaceId, accountId: who.accountId });
        return { status: 200, body: await view(changed, rooms) };
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
        const text = { tokenHash: hashClaimToken(token), sealedToken: null };
        const by = decision(who, sourceNetwork);
        const kept = existing(await tokens.regenerate(who.spaceId, idOf(params), text, by));
        events.claimTokenRegenerated({ tokenId: kept.tokenId, spaceId: who.spaceId, accountId: who.accountId });
        return { status: 200, body: await withText(token, kept, await parts.roomsInSpace(who.spaceId)) };
      },
    }),
    route({
      method: 'DELETE',
      path: one,
      permission: 'manage-tokens',
      summary: 'Revokes a token: it is refused from the next claim on. Nodes that it claimed stay.',
      handle: async ({ who, params, sourceNetwork }) => {
        const { tokenId } = existing(await tokens.byId(who.spaceId, idOf(params)));
        existing(await tokens.revoke(tokenId, decision(who, sourceNetwork)));
        events.claimTokenRevoked({ tokenId, spaceId: who.spaceId });
        return { status: 204 };
      },
    }),
  ];
}

function existing(token: ClaimToken | undefined): ClaimToken {
  if (token === undefined) throw new CloudError('not-found');
  return token;
}

/** Without the keys that were not sent: to the store a key that is undefined would be a change. */
const defined = <T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

function toTokenView(
  token: ClaimToken,
  rooms: readonly Room[],
  names: ReadonlyMap<AccountId, string | undefined>,
  nowMs: number,
): ClaimTokenView {
  const at = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const { madeByAccountId } = token;
  return {
    id: token.tokenId,
    name: token.name,
    kind: token.kind,
    state: claimTokenState(token, nowMs),
    createdAt: new Date(token.createdAtMs).toISOString(),
    madeBy: madeByAccountId === null ? null : { accountId: madeByAccountId, name: names.get(madeByAccountId) ?? null },
    expiresAt: at(token.expiresAtMs),
    revokedAt: at(token.revokedAtMs),
    usesLeft: token.usesLeft,
    usesTaken: token.usesTaken,
    lastUsedAt: at(token.lastUsedAtMs),
    rooms: rooms
      .filter(({ roomId }) => token.roomIds.includes(roomId))
      .map(({ roomId, name }) => ({ id: roomId, name })),
    sourceNetworks: [...token.sourceNetworks],
    admitsByHand: token.admitsByHand,
  };
}
