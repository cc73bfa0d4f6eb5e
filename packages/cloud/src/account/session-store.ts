// Sessions in SQL.

import type { AccountId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import type { SessionStore } from './session.ts';

export function createSessionStore(storage: Storage): SessionStore {
  return {
    create: (session, passwordHash, told) =>
      storage.write(async (tx) => {
        const account = tx.selectFrom('account').select('accountId').where('accountId', '=', session.accountId);
        if ((await account.where('passwordHash', '=', passwordHash).executeTakeFirst()) === undefined) return false;
        await tx.insertInto('session').values(session).execute();
        await insertAudit(tx, told);
        return true;
      }),
    byHash: (sessionHash) =>
      storage.read.selectFrom('session').selectAll().where('sessionHash', '=', sessionHash).executeTakeFirst(),
    ofAccount: (accountId) =>
      storage.read
        .selectFrom('session')
        .selectAll()
        .where('accountId', '=', accountId)
        .orderBy('createdAtMs', 'desc')
        .orderBy('sessionHash')
        .execute(),
    touch: (sessionHash, atMs) =>
      storage.write(async (tx) => {
        await tx.updateTable('session').set({ lastUsedAtMs: atMs }).where('sessionHash', '=', sessionHash).execute();
      }),
    end: (accountId, sessionHashes, told) =>
      storage.write(async (tx) => {
        if (sessionHashes.length === 0) return 0;
        const { numDeletedRows } = await tx
          .deleteFrom('session')
          .where('accountId', '=', accountId)
          .where('sessionHash', 'in', sessionHashes)
          .executeTakeFirst();
        const count = Number(numDeletedRows);
        if (count > 0) await insertAudit(tx, { ...told, details: { ...told.details, count } });
        return count;
      }),
    sweep: (createdBeforeMs, usedBeforeMs) =>
      storage.write(async (tx) => {
        await tx
          .deleteFrom('session')
          .where((e) => e.or([e('createdAtMs', '<', createdBeforeMs), e('lastUsedAtMs', '<', usedBeforeMs)]))
          .execute();
      }),
  };
}

/** Part of the transaction of what ends them all, e.g. a new password. */
export async function endSessionsOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.deleteFrom('session').where('accountId', '=', accountId).execute();
}
