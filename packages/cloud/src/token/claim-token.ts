// Claiming tokens: shown when they are made, kept as a hash. A token grants exactly one thing: to claim nodes to its Space.
// Reading order: claim-token.ts, source-networks.ts (where claims may come from), claim-token-store.ts (SQL), claim-token-view.ts,
// claim-token-routes.ts (HTTP), sealed-token.ts and standing-token-routes.ts (the one that stays), claim-command.ts (the text to paste),
// claim-command-routes.ts (HTTP).

import { makeClaimToken, hashClaimToken } from '@claimstead/wire/claim/claim-token';
import type { AccountId, RoomId, SpaceId } from '@claimstead/wire/ids';

/** A command is pasted within the day; who rolls out longer makes a token with a name. */
export const commandTokenLifetimeMs = 24 * 3600 * 1000;
/** What `admin token` gives unless told: long enough for a roll-out of a week. */
export const adminTokenLifetimeMs = 7 * 24 * 3600 * 1000;

/**
 * `named`: somebody made it under a name. `command`: Add nodes made it for one command. `standing`: the one of its Space that never
 * expires and that administrators can view again.
 */
export type ClaimTokenKind = 'named' | 'command' | 'standing';

/** What somebody decides about a token; all of it can be changed while the text stays. */
export interface ClaimTokenSettings {
  name: string;
  /** Null = never: of the standing token alone. */
  expiresAtMs: number | null;
  /** Null = any number of nodes. */
  usesLeft: number | null;
  /** Where claims may come from, as CIDR; empty = from anywhere. */
  sourceNetworks: readonly string[];
  /** What it claims waits until an administrator admits it, also where the Space asks for no admission. */
  admitsByHand: boolean;
  /** Nodes that it brings into the Space leave by themselves after so long offline; null = they stay. */
  ephemeralAfterMs: number | null;
  /** Nodes join these beside the rooms that their claim names. */
  roomIds: readonly RoomId[];
}

/** A token as it is kept. */
export interface ClaimToken extends ClaimTokenSettings {
  tokenId: string;
  tokenHash: string;
  spaceId: SpaceId;
  kind: ClaimTokenKind;
  /** Null = somebody on the private socket. */
  madeByAccountId: AccountId | null;
  createdAtMs: number;
  usesTaken: number;
  lastUsedAtMs: number | null;
  /** The standing token, sealed; null of all others. */
  sealedToken: string | null;
  /** Null = never. */
  revokedAtMs: number | null;
}

/** `used-up` still admits a repeat of a claim that it admitted before. */
export type ClaimTokenState = 'valid' | 'expired' | 'used-up' | 'revoked';

/** The strongest reason first: what a person did, then time, then use. */
export function claimTokenState(
  token: Pick<ClaimToken, 'revokedAtMs' | 'expiresAtMs' | 'usesLeft'>,
  nowMs: number,
): ClaimTokenState {
  if (token.revokedAtMs !== null) return 'revoked';
  if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs) return 'expired';
  return token.usesLeft === 0 ? 'used-up' : 'valid';
}

/** When this database came out of a backup, and when that was made. */
export interface TokensRestored {
  restoredAtMs: number;
  backupMadeAtMs: number;
}

/** The token works, and under the text that came back: what was decided about it after the backup was made is forgotten. */
export const isDoubtful = (
  token: ClaimToken,
  { restoredAtMs }: TokensRestored,
  regenerated: ReadonlySet<string>,
  nowMs: number,
): boolean =>
  token.createdAtMs <= restoredAtMs &&
  !regenerated.has(token.tokenId) &&
  ['valid', 'used-up'].includes(claimTokenState(token, nowMs));

/** How long a token that has ended is kept, so that whoever still presents it can be told why it is refused. */
export const endedTokenKeptMs = 90 * 24 * 3600 * 1000;

/** Of a Space, tokens that may still admit a claim: more than people can look after, and an end to what one person fills the database with. */
export const mostWorkingTokens = 2_000;

/** Who decides, and when. */
export interface TokenDecision {
  atMs: number;
  /** Both absent on the private socket. */
  accountId?: AccountId;
  sourceNetwork?: string;
}

export interface ClaimTokenStore {
  /** Throws `forbidden` when `mostWorkingTokens` of the Space work, `invalid-request` when a room is gone. */
  add(token: ClaimToken, by: Omit<TokenDecision, 'atMs'>): Promise<void>;
  /** Oldest first; of one Space, or of all. */
  all(spaceId: SpaceId | undefined): Promise<ClaimToken[]>;
  /** Oldest first, from behind `after`; up to `count`. */
  pageInSpace(spaceId: SpaceId, after: { atMs: number; id: string } | undefined, count: number): Promise<ClaimToken[]>;
  byId(spaceId: SpaceId, tokenId: string): Promise<ClaimToken | undefined>;
  /** Undefined = no such token, or it was revoked. Throws as `add`, also where an ended one of too many would work again. */
  change(
    spaceId: SpaceId,
    tokenId: string,
    change: Partial<ClaimTokenSettings>,
    by: TokenDecision,
  ): Promise<ClaimToken | undefined>;
  /** The same token under another text: whoever presents the old one is refused from the next claim on. Undefined as above. */
  regenerate(
    spaceId: SpaceId,
    tokenId: string,
    text: { tokenHash: string; sealedToken: string | null },
    by: TokenDecision,
  ): Promise<ClaimToken | undefined>;
  /** Undefined = no such token, it was revoked, or it is none that can be viewed. */
  viewSealed(spaceId: SpaceId, tokenId: string, by: TokenDecision): Promise<ClaimToken | undefined>;
  /** Ids of tokens, of one Space or of all, that got another text then or later. */
  regeneratedSince(spaceId: SpaceId | undefined, atMs: number): Promise<ReadonlySet<string>>;
  /** One sealed text of any Space, if there is any: by it the start sees whether the key fits. */
  anySealed(): Promise<string | undefined>;
  /** Refused from the next claim on. Undefined = no such token; one that was revoked before is answered as it is. */
  revoke(tokenId: string, by: TokenDecision): Promise<ClaimToken | undefined>;
  /** Removes what was revoked or expired at least `endedTokenKeptMs` before `nowMs`; answers how many. */
  sweep(nowMs: number): Promise<number>;
}

export interface NewClaimToken {
  spaceId: SpaceId;
  name: string;
  kind: ClaimTokenKind;
  madeByAccountId: AccountId | null;
  roomIds: readonly RoomId[];
  /** Null = it never expires. */
  lifetimeMs: number | null;
  usesLeft: number | null;
  sourceNetworks?: readonly string[];
  admitsByHand?: boolean;
  ephemeralAfterMs?: number | null | undefined;
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
      name: wanted.name,
      kind: wanted.kind,
      madeByAccountId: wanted.madeByAccountId,
      createdAtMs,
      expiresAtMs: wanted.lifetimeMs === null ? null : createdAtMs + wanted.lifetimeMs,
      usesLeft: wanted.usesLeft,
      usesTaken: 0,
      lastUsedAtMs: null,
      sourceNetworks: [...(wanted.sourceNetworks ?? [])],
      admitsByHand: wanted.admitsByHand ?? false,
      ephemeralAfterMs: wanted.ephemeralAfterMs ?? null,
      sealedToken: null,
      revokedAtMs: null,
      roomIds: [...wanted.roomIds],
    },
  };
}
