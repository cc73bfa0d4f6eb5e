// What somebody has typed about a token, and what it comes to. Pure.

import {
  type ClaimTokenCreate,
  maxTokenLifetimeMs,
  SourceNetwork,
  type ClaimTokenView,
} from '@claimstead/wire/cloud-api/claim-tokens';
import { GivenName } from '@claimstead/wire/cloud-api/spaces';

const dayMs = 24 * 3600 * 1000;
export const lifetimeDays = [1, 7, 30, 90, 365] as const;

export interface TokenDraft {
  name: string;
  /** Days from now; null = the end stays as it is. */
  days: number | null;
  isLimited: boolean;
  uses: string;
  roomIds: string[];
  /** One a line. */
  networks: string;
  admitsByHand: boolean;
  /** Null = its nodes stay. */
  ephemeralAfterMs: number | null;
}

export const newDraft: TokenDraft = {
  name: '',
  days: 7,
  isLimited: false,
  uses: '',
  roomIds: [],
  networks: '',
  admitsByHand: false,
  ephemeralAfterMs: null,
};

export const draftOf = (token: ClaimTokenView): TokenDraft => ({
  name: token.name,
  days: null,
  isLimited: token.usesLeft !== null,
  uses: token.usesLeft === null ? '' : String(token.usesLeft),
  roomIds: token.rooms.map((room) => room.id),
  networks: token.sourceNetworks.join('\n'),
  admitsByHand: token.admitsByHand,
  ephemeralAfterMs: token.ephemeralAfterMs,
});

export interface TokenFaults {
  name: boolean;
  uses: boolean;
  /** The first line that is no network. */
  network: string | null;
}

const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

export function faultsOf(draft: TokenDraft): TokenFaults {
  const uses = Number(draft.uses);
  return {
    name: !GivenName.safeParse(draft.name).success,
    uses: draft.isLimited && !(/^\d{1,7}$/.test(draft.uses.trim()) && uses >= 1 && uses <= 1_000_000),
    network: linesOf(draft.networks).find((line) => !SourceNetwork.safeParse(line).success) ?? null,
  };
}

/** Without `lifetimeMs` the end stays as it is, or there is none. */
export type TokenWish = Omit<ClaimTokenCreate, 'lifetimeMs'> & { lifetimeMs?: number };

/** What the Cloud is asked for; undefined while something cannot be. */
export function wishOf(draft: TokenDraft): TokenWish | undefined {
  const faults = faultsOf(draft);
  if (faults.name || faults.uses || faults.network !== null) return undefined;
  return {
    name: GivenName.parse(draft.name),
    usesLeft: draft.isLimited ? Number(draft.uses) : null,
    roomIds: draft.roomIds,
    sourceNetworks: [...new Set(linesOf(draft.networks).map((line) => SourceNetwork.parse(line)))],
    admitsByHand: draft.admitsByHand,
    ephemeralAfterMs: draft.ephemeralAfterMs,
    ...(draft.days !== null && { lifetimeMs: Math.min(draft.days * dayMs, maxTokenLifetimeMs) }),
  };
}
