// API tokens in SQL.

import { insertAudit } from '../audit/audit-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { ApiTokenStore } from './api-token.ts';

export function createApiTokenStore(storage: Storage): ApiTokenStore {
  return {
    add: (token, most, told) =>
      storage.write(async (tx) => {
        const { count } = await tx
          .selectFrom('apiToken')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('accountId', '=', token.accountId)
          .executeTakeFirstOrThrow();
        if (Number(count) >= most) return false;
        await tx.insertInto('apiToken').values(token).execute();
        await insertAudit(tx, told);
        return true;
      }),
    byHash: (tokenHash) =>
      storage.read.selectFrom('apiToken').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst(),
    ofAccount: (accountId) =>
      storage.read
        .selectFrom('apiToken')
        .selectAll()
        .where('accountId', '=', accountId)
        .orderBy('createdAtMs', 'desc')
        .orderBy('apiTokenId')
        .execute(),
    touch: (apiTokenId, atMs) =>
      storage.write(async (tx) => {
        await tx.updateTable('apiToken').set({ lastUsedAtMs: atMs }).where('apiTokenId', '=', apiTokenId).execute();
      }),
    remove: (accountId, apiTokenId, told) =>
      storage.write(async (tx) => {
        const token = await tx
          .deleteFrom('apiToken')
          .where('accountId', '=', accountId)
          .where('apiTokenId', '=', apiTokenId)
          .returningAll()
          .executeTakeFirst();
        if (token !== undefined)
          await insertAudit(tx, { ...told, spaceId: token.spaceId, details: { name: token.name } });
        return token;
      }),
    sweep: (expiredBeforeMs) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('apiToken').where('expiresAtMs', '<=', expiredBeforeMs).execute();
      }),
  };
}
