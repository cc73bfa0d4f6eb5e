// Claiming tokens in SQL.

import type { RoomId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import { endedTokenKeptMs, type ClaimToken, type ClaimTokenStore } from './claim-token.ts';

export function createClaimTokenStore(storage: Storage): ClaimTokenStore {
  return {
    add: ({ roomIds, ...token }, sourceNetwork) =>
      storage.write(async (tx) => {
        await tx.insertInto('claimToken').values(token).execute();
        const rooms = [...new Set(roomIds)].map((roomId) => ({ tokenId: token.tokenId, roomId }));
        if (rooms.length > 0) await tx.insertInto('claimTokenRoom').values(rooms).execute();
        const { tokenId, spaceId, createdAtMs: atMs, expiresAtMs, usesLeft } = token;
        const details = { expiresAt: new Date(expiresAtMs).toISOString(), uses: usesLeft, roomIds };
        await insertAudit(tx, {
          kind: 'token-made',
          atMs,
          tokenId,
          spaceId,
          details,
          ...(sourceNetwork && { sourceNetwork }),
        });
      }),
    async all(spaceId) {
      const tokens = storage.read.selectFrom('claimToken').selectAll().orderBy('createdAtMs').orderBy('tokenId');
      const rows = await (spaceId === undefined ? tokens : tokens.where('spaceId', '=', spaceId)).execute();
      const rooms = await storage.read.selectFrom('claimTokenRoom').selectAll().orderBy('roomId').execute();
      const byToken = new Map<string, RoomId[]>();
      for (const { tokenId, roomId } of rooms) byToken.set(tokenId, [...(byToken.get(tokenId) ?? []), roomId]);
      return rows.map((row) => ({ ...row, roomIds: byToken.get(row.tokenId) ?? [] }));
    },
    revoke: (tokenId, atMs) =>
      storage.write(async (tx) => {
        const row = await tx.selectFrom('claimToken').selectAll().where('tokenId', '=', tokenId).executeTakeFirst();
        if (row === undefined) return undefined;
        const token = { ...row, roomIds: await roomIdsOf(tx, tokenId) };
        if (token.revokedAtMs !== null) return token;
        await tx.updateTable('claimToken').set({ revokedAtMs: atMs }).where('tokenId', '=', tokenId).execute();
        await insertAudit(tx, { kind: 'token-revoked', atMs, tokenId, spaceId: token.spaceId });
        return { ...token, revokedAtMs: atMs };
      }),
    sweep: (nowMs) =>
      storage.write(async (tx) => {
        const before = nowMs - endedTokenKeptMs;
        const result = await tx
          .deleteFrom('claimToken')
          .where((e) => e.or([e('expiresAtMs', '<=', before), e('revokedAtMs', '<=', before)]))
          .executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}

async function roomIdsOf(queries: Queries, tokenId: string): Promise<RoomId[]> {
  const rooms = await queries.selectFrom('claimTokenRoom').select('roomId').where('tokenId', '=', tokenId).execute();
  return rooms.map((room) => room.roomId);
}

/** The token under a hash, in whatever state; part of the claim's transaction. */
export async function findClaimToken(queries: Queries, tokenHash: string): Promise<ClaimToken | undefined> {
  const token = await queries
    .selectFrom('claimToken')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst();
  // Asked for also where there is no token: how long the answer takes must not tell whether there is one.
  const roomIds = await roomIdsOf(queries, token?.tokenId ?? '');
  return token === undefined ? undefined : { ...token, roomIds };
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
