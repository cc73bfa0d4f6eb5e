// A token as administrators get it.

import type { ClaimTokenView, NewClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import type { Room } from '../room/room.ts';
import { commandAround, commandUrl } from './claim-command.ts';
import {
  claimTokenState,
  isDoubtful,
  type ClaimToken,
  type ClaimTokenStore,
  type TokensRestored,
} from './claim-token.ts';

/** Who made a token, as they are now. */
export interface TokenMaker {
  /** Null = that account is gone. */
  name: string | null;
  isAdministrator: boolean;
}

export interface TokenViewsParts {
  maker: (spaceId: SpaceId, accountId: AccountId) => Promise<TokenMaker>;
  /** Undefined = this database never came out of a backup. */
  restored: TokensRestored | undefined;
  regeneratedSince: ClaimTokenStore['regeneratedSince'];
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
    // All of one Space.
    const spaceId = tokens[0]?.spaceId;
    const ids = new Set(tokens.flatMap(({ madeByAccountId }) => madeByAccountId ?? []));
    const makers = new Map<AccountId, TokenMaker>();
    if (spaceId !== undefined) for (const id of ids) makers.set(id, await parts.maker(spaceId, id));
    const { restored } = parts;
    const regenerated = restored && (await parts.regeneratedSince(spaceId, restored.restoredAtMs));
    const nowMs = parts.now();
    return tokens.map((token) =>
      toTokenView(token, {
        rooms,
        makers,
        nowMs,
        restoredFromMs:
          restored && regenerated && isDoubtful(token, restored, regenerated, nowMs) ? restored.backupMadeAtMs : null,
      }),
    );
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
  {
    rooms,
    makers,
    nowMs,
    restoredFromMs,
  }: {
    rooms: readonly Room[];
    makers: ReadonlyMap<AccountId, TokenMaker>;
    nowMs: number;
    restoredFromMs: number | null;
  },
): ClaimTokenView {
  const at = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const { madeByAccountId } = token;
  const maker = madeByAccountId === null ? undefined : makers.get(madeByAccountId);
  return {
    id: token.tokenId,
    name: token.name,
    kind: token.kind,
    state: claimTokenState(token, nowMs),
    createdAt: new Date(token.createdAtMs).toISOString(),
    madeBy:
      madeByAccountId === null || maker === undefined
        ? null
        : { accountId: madeByAccountId, name: maker.name, isAdministrator: maker.isAdministrator },
    restoredFrom: at(restoredFromMs),
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
