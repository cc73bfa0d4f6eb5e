// Claiming tokens: made once, shown once, kept as a hash. A token grants exactly one thing: to claim nodes to its Space.
// Reading order: claim-token.ts, claim-token-store.ts (SQL), claim-command.ts (the text to paste), claim-command-routes.ts (HTTP).

import { makeClaimToken, hashClaimToken } from '@claimstead/wire/claim/claim-token';
import type { RoomId, SpaceId } from '@claimstead/wire/ids';

/** A command is pasted within the day; who rolls out longer makes a token with `admin token`. */
export const commandTokenLifetimeMs = 24 * 3600 * 1000;
/** What `admin token` gives unless told: long enough for a roll-out of a week. */
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
  /** Null = never. */
  revokedAtMs: number | null;
  /** Nodes join these beside the rooms that their claim names. */
  roomIds: RoomId[];
}

/** `used-up` still admits a repeat of a claim that it admitted before. */
export type ClaimTokenState = 'valid' | 'expired' | 'used-up' | 'revoked';

/** The strongest reason first: what a person did, then time, then use. */
export function claimTokenState(
  token: Pick<ClaimToken, 'revokedAtMs' | 'expiresAtMs' | 'usesLeft'>,
  nowMs: number,
): ClaimTokenState {
  if (token.revokedAtMs !== null) return 'revoked';
  if (token.expiresAtMs <= nowMs) return 'expired';
  return token.usesLeft === 0 ? 'used-up' : 'valid';
}

/** How long a token that has ended is kept, so that whoever still presents it can be told why it is refused. */
export const endedTokenKeptMs = 90 * 24 * 3600 * 1000;

export interface ClaimTokenStore {
  /** `sourceNetwork` of who asked for it; undefined on the private socket. */
  add(token: ClaimToken, sourceNetwork: string | undefined): Promise<void>;
  /** Oldest first; of one Space, or of all. */
  all(spaceId: SpaceId | undefined): Promise<ClaimToken[]>;
  /** Refused from the next claim on. Undefined = no such token; one that was revoked before is answered as it is. */
  revoke(tokenId: string, atMs: number): Promise<ClaimToken | undefined>;
  /** Removes what was revoked or expired at least `endedTokenKeptMs` before `nowMs`; answers how many. */
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
      revokedAtMs: null,
      roomIds: [...wanted.roomIds],
    },
  };
}
