// A token as administrators get it.

import type { ClaimTokenView, NewClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import type { AccountId } from '@claimstead/wire/ids';
import type { Room } from '../room/room.ts';
import { commandAround, commandUrl } from './claim-command.ts';
import { claimTokenState, type ClaimToken } from './claim-token.ts';

export interface TokenViewsParts {
  /** Undefined = that account is gone. */
  accountName: (accountId: AccountId) => Promise<string | undefined>;
  publicUrl: () => URL;
  caPem: string | null;
  now: () => number;
}

export interface TokenViews {
  /** `rooms` are those of the Space. */
  all(tokens: readonly ClaimToken[], rooms: readonly Room[]): Promise<ClaimTokenView[]>;
  one(token: ClaimToken, rooms: readonly Room[]): Promise<ClaimTokenView>;
  /** With its text, in ready commands. */
  withText(text: string, token: ClaimToken, rooms: readonly Room[]): Promise<NewClaimTokenView>;
}

export function createTokenViews(parts: TokenViewsParts): TokenViews {
  const all: TokenViews['all'] = async (tokens, rooms) => {
    const makers = new Set(tokens.flatMap(({ madeByAccountId }) => madeByAccountId ?? []));
    const names = new Map(await Promise.all([...makers].map(async (id) => [id, await parts.accountName(id)] as const)));
    const nowMs = parts.now();
    return tokens.map((token) => toTokenView(token, rooms, names, nowMs));
  };
  const one: TokenViews['one'] = async (token, rooms) => {
    const [view] = await all([token], rooms);
    if (view === undefined) throw new Error('one token has one view');
    return view;
  };
  return {
    all,
    one,
    async withText(text, token, rooms) {
      const command = commandAround(text, token, { rooms, url: commandUrl(parts.publicUrl()), caPem: parts.caPem });
      return { token: await one(token, rooms), command };
    },
  };
}

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
    ephemeralAfterMs: token.ephemeralAfterMs,
  };
}
