// Password resets in SQL.

import { accountById, changePassword } from '../account/account-store.ts';
import { insertAudit } from '../audit/audit-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { PasswordResetStore } from './password-reset.ts';

export function createPasswordResetStore(storage: Storage): PasswordResetStore {
  return {
    add: (reset, email, told) =>
      storage.write(async (tx) => {
        if ((await accountById(tx, reset.accountId))?.email !== email) return false;
        await tx.insertInto('passwordReset').values(reset).execute();
        await insertAudit(tx, told);
        return true;
      }),
    byHash: (resetHash) =>
      storage.read.selectFrom('passwordReset').selectAll().where('resetHash', '=', resetHash).executeTakeFirst(),
    redeem: ({ resetHash, passwordHash, atMs }, told) =>
      storage.write(async (tx) => {
        const reset = await tx
          .deleteFrom('passwordReset')
          .where('resetHash', '=', resetHash)
          .where('expiresAtMs', '>', atMs)
          .returning('accountId')
          .executeTakeFirst();
        if (reset === undefined) return false;
        await changePassword(tx, reset.accountId, passwordHash);
        await insertAudit(tx, told);
        return true;
      }),
    sweep: (nowMs) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('passwordReset').where('expiresAtMs', '<=', nowMs).execute();
      }),
  };
}
