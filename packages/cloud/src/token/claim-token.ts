// Claiming tokens: made once, shown once, kept as a hash. A token grants exactly one thing: to claim nodes to its Space.
// Reading order: claim-token.ts, claim-token-store.ts (SQL), claim-command.ts (the text to paste), claim-command-routes.ts (HTTP).

import { makeClaimToken, hashClaimToken } from '@claimstead/wire/claim/claim-token';
import type { RoomId, SpaceId } from '@claimstead/wire/ids';

/** A command is pasted within the day; who rolls out longer makes a token with `admin token`. */
export const commandTokenLifetimeMs = 24 * 3600 * 1000;
/** What `admin token` gives: long enough for a roll-out of a week. */
export const adminTokenLifetimeMs = 7 * 24 * 3600 * 1000;

/** A token as it is kept. */
export interface ClaimToken {
  tokenId: string;
  tokenHash: string;
  spaceId: SpaceId;
  createdAtMs: number;
  expiresAtMs: number;
  /** Null = any number of nodes. */
  usesLeft: number | null;
  /** Nodes join these beside the rooms that their claim names. */
  roomIds: RoomId[];
}

export interface ClaimTokenStore {
  add(token: ClaimToken): Promise<void>;
  /** Removes what expired before `nowMs`; answers how many. */
  sweep(nowMs: number): Promise<number>;
}

export interface NewClaimToken {
  spaceId: SpaceId;
  roomIds: readonly RoomId[];
  lifetimeMs: number;
  usesLeft: number | null;
}

/** A new token: what is kept, and the text that nobody can read again. */
export function newClaimToken(
  wanted: NewClaimToken,
  parts: { now: () => number; random: (bytes: number) => Uint8Array; newId: () => string },
): { token: string; kept: ClaimToken } {
  const token = makeClaimToken(parts.random);
  const createdAtMs = parts.now();
  return {
    token,
    kept: {
      tokenId: parts.newId(),
      tokenHash: hashClaimToken(token),
      spaceId: wanted.spaceId,
      createdAtMs,
      expiresAtMs: createdAtMs + wanted.lifetimeMs,
      usesLeft: wanted.usesLeft,
      roomIds: [...wanted.roomIds],
    },
  };
}
