// A token in ready commands, as the API hands them out. What they look like: wire/claim/claim-command.ts.

import { claimCommands } from '@claimstead/wire/claim/claim-command';
import type { ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import type { Room } from '../room/room.ts';
import type { ClaimToken } from './claim-token.ts';

/** `rooms` are those of the Space; the room of all nodes goes without saying. */
export function commandAround(
  token: string,
  kept: ClaimToken,
  { rooms, url, caPem }: { rooms: readonly Room[]; url: string; caPem: string | null },
): ClaimCommandView {
  const roomSlugs = rooms
    .filter(({ roomId, holdsAllNodes }) => !holdsAllNodes && kept.roomIds.includes(roomId))
    .map(({ slug }) => slug);
  const parts = { token, roomSlugs, url, caPem, proxy: null };
  const plain = claimCommands('user', parts);
  const throughSudo = claimCommands('sudo', parts);
  return {
    tokenId: kept.tokenId,
    token,
    expiresAt: kept.expiresAtMs === null ? null : new Date(kept.expiresAtMs).toISOString(),
    url,
    roomSlugs,
    caPem,
    command: plain.claim,
    sudoCommand: throughSudo.claim,
    trustCommand: plain.trust,
    sudoTrustCommand: throughSudo.trust,
  };
}

/** The base address as commands show it. */
export const commandUrl = (publicUrl: URL): string => publicUrl.origin;
