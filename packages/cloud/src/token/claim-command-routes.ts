// POST /spaces/:spaceId/claim-commands: a new claiming token in a ready command. Administrators only; never cached, never logged.

import { ClaimCommandCreate, ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import type { SpaceId } from '@claimstead/wire/ids';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Room } from '../room/room.ts';
import { commandAround, commandUrl } from './claim-command.ts';
import { commandTokenLifetimeMs, newClaimToken, type ClaimTokenStore } from './claim-token.ts';
import { roomsNamed } from './token-rooms.ts';

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

/** What the token of a command is called; when it was made tells them apart. */
const commandTokenName = 'Add nodes';

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
        const { token, kept } = newClaimToken(
          {
            spaceId: who.spaceId,
            name: commandTokenName,
            kind: 'command',
            madeByAccountId: who.accountId,
            roomIds: roomsNamed(rooms, body.roomIds),
            lifetimeMs: commandTokenLifetimeMs,
            usesLeft: null,
          },
          parts,
        );
        await parts.tokens.add(kept, { accountId: who.accountId, sourceNetwork });
        parts.events.claimTokenMade({ tokenId: kept.tokenId, spaceId: who.spaceId });
        const url = commandUrl(parts.publicUrl());
        return { status: 201, body: commandAround(token, kept, { rooms, url, caPem: parts.caPem }) };
      },
    }),
  ];
}
