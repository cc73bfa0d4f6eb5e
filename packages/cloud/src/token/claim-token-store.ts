// Claiming tokens in SQL.

import type { Storage, Tx } from '../storage/storage.ts';
import type { ClaimToken, ClaimTokenStore } from './claim-token.ts';

export function createClaimTokenStore(storage: Storage): ClaimTokenStore {
  return {
    add: ({ roomIds, ...token }) =>
      storage.write(async (tx) => {
        await tx.insertInto('claimToken').values(token).execute();
        const rooms = [...new Set(roomIds)].map((roomId) => ({ tokenId: token.tokenId, roomId }));
        if (rooms.length > 0) await tx.insertInto('claimTokenRoom').values(rooms).execute();
      }),
    sweep: (nowMs) =>
      storage.write(async (tx) => {
        const result = await tx.deleteFrom('claimToken').where('expiresAtMs', '<=', nowMs).executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}

/**
 * The token under a hash, unless it has expired; part of the claim's transaction. One that is used up is found, too: a repeat of
 * a claim that it admitted is no new use.
 */
export async function findClaimToken(tx: Tx, tokenHash: string, nowMs: number): Promise<ClaimToken | undefined> {
  const token = await tx
    .selectFrom('claimToken')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .where('expiresAtMs', '>', nowMs)
    .executeTakeFirst();
  if (token === undefined) return undefined;
  const rooms = await tx.selectFrom('claimTokenRoom').select('roomId').where('tokenId', '=', token.tokenId).execute();
  return { ...token, roomIds: rooms.map((room) => room.roomId) };
}

/** Takes one use in the claim's transaction. False = none was left. */
export async function useClaimToken(tx: Tx, tokenId: string): Promise<boolean> {
  const result = await tx
    .updateTable('claimToken')
    .set((e) => ({ usesLeft: e('usesLeft', '-', 1) }))
    .where('tokenId', '=', tokenId)
    .where((e) => e.or([e('usesLeft', 'is', null), e('usesLeft', '>', 0)]))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
