// POST /spaces/:spaceId/claim-commands: a new claiming token in a ready command. Administrators only; never cached, never logged.

import { ClaimCommandCreate, ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { SpaceId } from '@claimstead/wire/ids';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Room } from '../room/room.ts';
import { claimCommand, commandUrl } from './claim-command.ts';
import { commandTokenLifetimeMs, newClaimToken, type ClaimTokenStore } from './claim-token.ts';

/** What the token of a command is called; when it was made tells them apart. */
const commandTokenName = 'Add nodes';

export interface ClaimCommandRoutesParts {
  tokens: ClaimTokenStore;
  roomsInSpace: (spaceId: SpaceId) => Promise<Room[]>;
  publicUrl: () => URL;
  caPem: string | null;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  events: Events;
}

export function claimCommandRoutes(parts: ClaimCommandRoutesParts): RouteEntry[] {
  return [
    route({
      method: 'POST',
      path: `${apiBase}/spaces/:spaceId/claim-commands`,
      permission: 'manage-tokens',
      summary: 'Makes a claiming token and the command around it; the token is shown this once.',
      body: ClaimCommandCreate,
      responses: { 201: ClaimCommandView },
      handle: async ({ who, body, sourceNetwork }) => {
        const rooms = await parts.roomsInSpace(who.spaceId);
        const chosen = body.roomIds.map((roomId) => rooms.find((room) => room.roomId === roomId.toLowerCase()));
        if (chosen.some((room) => room === undefined))
          throw new CloudError('invalid-request', { detail: 'roomIds names a room that is not in this Space.' });
        // The room of all nodes goes without saying.
        const named = chosen.flatMap((room) => (room === undefined || room.holdsAllNodes ? [] : [room]));
        const { token, kept } = newClaimToken(
          {
            spaceId: who.spaceId,
            name: commandTokenName,
            kind: 'command',
            madeByAccountId: who.accountId,
            roomIds: named.map((room) => room.roomId),
            lifetimeMs: commandTokenLifetimeMs,
            usesLeft: null,
          },
          parts,
        );
        await parts.tokens.add(kept, { accountId: who.accountId, sourceNetwork });
        parts.events.claimTokenMade({ tokenId: kept.tokenId, spaceId: who.spaceId });
        const url = commandUrl(parts.publicUrl());
        const command = claimCommand({ token, roomSlugs: named.map((room) => room.slug), url, caPem: parts.caPem });
        const expiresAt = new Date(kept.createdAtMs + commandTokenLifetimeMs).toISOString();
        return { status: 201, body: { tokenId: kept.tokenId, token, expiresAt, url, caPem: parts.caPem, ...command } };
      },
    }),
  ];
}
