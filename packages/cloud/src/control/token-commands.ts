// Claiming tokens, for `claimstead admin`.

import { CloudError } from '@claimstead/wire/errors';
import type { Events } from '../events.ts';
import { findRoom, type Room, type RoomStore } from '../room/room.ts';
import type { SpaceStore } from '../space/space.ts';
import {
  adminTokenLifetimeMs,
  claimTokenState,
  newClaimToken,
  type ClaimTokenState,
  type ClaimTokenStore,
} from '../token/claim-token.ts';
import { spaceNamed } from './space-commands.ts';

/** A token as `admin token list --json` prints it: everything but the token. Times are ISO 8601. */
export interface AdminToken {
  tokenId: string;
  name: string;
  spaceId: string;
  /** The name of its Space. */
  space: string;
  /** Names; nodes join them beside the room of all nodes. */
  rooms: string[];
  createdAt: string;
  /** Null = never. */
  expiresAt: string | null;
  /** Null = any number. */
  usesLeft: number | null;
  state: ClaimTokenState;
}

export interface TokenCommands {
  /**
   * A new claiming token: `space` an id or a name (null = the Space that was made first), `rooms` ids, slugs or names, `lifetimeMs`
   * null = 7 days, `uses` null = any number.
   */
  token(wanted: {
    space: string | null;
    rooms: readonly string[];
    lifetimeMs: number | null;
    uses: number | null;
  }): Promise<{ token: string; tokenId: string; expiresAt: string }>;
  /** Of one Space by id or name, null = of all. */
  tokenList(wanted: { space: string | null }): Promise<AdminToken[]>;
  /** Refused from the next request on. Nodes that it admitted stay. */
  tokenRevoke(wanted: { tokenId: string }): Promise<{ tokenId: string }>;
}

export interface TokenCommandsParts {
  spaces: SpaceStore;
  rooms: RoomStore;
  tokens: ClaimTokenStore;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  events: Events;
}

export function createTokenCommands(parts: TokenCommandsParts): TokenCommands {
  const { spaces, tokens, now, events } = parts;
  return {
    async token({ space, rooms: asked, lifetimeMs, uses }) {
      const { spaceId } = spaceNamed(await spaces.all(), space);
      const rooms = await parts.rooms.inSpace(spaceId);
      const chosen = asked.map((text) => namedRoom(rooms, text));
      const wanted = {
        spaceId,
        name: 'claimstead admin token',
        kind: 'named' as const,
        madeByAccountId: null,
        roomIds: chosen.map((room) => room.roomId),
        lifetimeMs: lifetimeMs ?? adminTokenLifetimeMs,
        usesLeft: uses,
      };
      const { token, kept } = newClaimToken(wanted, parts);
      await tokens.add(kept, {});
      const { tokenId, createdAtMs } = kept;
      events.claimTokenMade({ tokenId, spaceId });
      return { token, tokenId, expiresAt: new Date(createdAtMs + wanted.lifetimeMs).toISOString() };
    },
    async tokenList({ space }) {
      const all = await spaces.all();
      const list = await tokens.all(space === null ? undefined : spaceNamed(all, space).spaceId);
      const names = new Map(all.map(({ spaceId, name }) => [spaceId, name]));
      const roomNames = new Map<string, string>();
      for (const spaceId of new Set(list.map((token) => token.spaceId)))
        for (const room of await parts.rooms.inSpace(spaceId)) roomNames.set(room.roomId, room.name);
      return list.map((token) => ({
        tokenId: token.tokenId,
        name: token.name,
        spaceId: token.spaceId,
        space: names.get(token.spaceId) ?? token.spaceId,
        rooms: token.roomIds.map((roomId) => roomNames.get(roomId) ?? roomId).toSorted((a, b) => a.localeCompare(b)),
        createdAt: new Date(token.createdAtMs).toISOString(),
        expiresAt: token.expiresAtMs === null ? null : new Date(token.expiresAtMs).toISOString(),
        usesLeft: token.usesLeft,
        state: claimTokenState(token, now()),
      }));
    },
    async tokenRevoke({ tokenId }) {
      const revoked = await tokens.revoke(tokenId.toLowerCase(), { atMs: now() });
      if (revoked === undefined)
        throw new CloudError('not-found', { detail: 'No token has that id; see claimstead admin token list.' });
      events.claimTokenRevoked({ tokenId: revoked.tokenId, spaceId: revoked.spaceId });
      return { tokenId: revoked.tokenId };
    },
  };
}

function namedRoom(rooms: readonly Room[], text: string): Room {
  const room = findRoom(rooms, text) ?? rooms.find((other) => other.name.toLowerCase() === text.trim().toLowerCase());
  if (room === undefined)
    throw new CloudError('not-found', { detail: 'One of --rooms is no room of the Space; give ids, slugs or names.' });
  return room;
}
