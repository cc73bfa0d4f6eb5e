// Second factors in SQL.

import type { AccountId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import type { SecondFactorStore } from './second-factor.ts';

export function createSecondFactorStore(storage: Storage): SecondFactorStore {
  return {
    totpOf: (accountId) =>
      storage.read.selectFrom('totp').selectAll().where('accountId', '=', accountId).executeTakeFirst(),
    async recoveryCodesLeft(accountId) {
      const { left } = await storage.read
        .selectFrom('recoveryCode')
        .select((e) => e.fn.countAll<number>().as('left'))
        .where('accountId', '=', accountId)
        .executeTakeFirstOrThrow();
      return Number(left);
    },
    begin: (totp) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('totp').where('accountId', '=', totp.accountId).where('enabledAtMs', 'is', null).execute();
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('totp')
          .values(totp)
          .onConflict((conflict) => conflict.column('accountId').doNothing())
          .executeTakeFirst();
        return (numInsertedOrUpdatedRows ?? 0n) > 0n;
      }),
    turnOn: ({ accountId, atMs, step, codeHashes }, told) =>
      storage.write(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('totp')
          .set({ enabledAtMs: atMs, lastStep: step })
          .where('accountId', '=', accountId)
          .where('enabledAtMs', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await replaceCodes(tx, accountId, codeHashes, atMs);
        await insertAudit(tx, told);
        return true;
      }),
    turnOff: (accountId, told) =>
      storage.write(async (tx) => {
        const { numDeletedRows } = await tx.deleteFrom('totp').where('accountId', '=', accountId).executeTakeFirst();
        await tx.deleteFrom('recoveryCode').where('accountId', '=', accountId).execute();
        if (numDeletedRows > 0n) await insertAudit(tx, told);
        return numDeletedRows > 0n;
      }),
    replaceRecoveryCodes: (accountId, codeHashes, told) =>
      storage.write(async (tx) => {
        await replaceCodes(tx, accountId, codeHashes, told.atMs);
        await insertAudit(tx, told);
      }),
    takeStep: (accountId, step) =>
      storage.write(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('totp')
          .set({ lastStep: step })
          .where('accountId', '=', accountId)
          .where('lastStep', '<', step)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
    takeRecoveryCode: (accountId, codeHash, told) =>
      storage.write(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom('recoveryCode')
          .where('accountId', '=', accountId)
          .where('codeHash', '=', codeHash)
          .executeTakeFirst();
        if (numDeletedRows > 0n) await insertAudit(tx, told);
        return numDeletedRows > 0n;
      }),
  };
}

async function replaceCodes(tx: Tx, accountId: AccountId, codeHashes: string[], createdAtMs: number): Promise<void> {
  await tx.deleteFrom('recoveryCode').where('accountId', '=', accountId).execute();
  await tx
    .insertInto('recoveryCode')
    .values(codeHashes.map((codeHash) => ({ codeHash, accountId, createdAtMs })))
    .execute();
}

/** For the check of the seal's key at the start. */
export async function anySealedTotp(storage: Storage): Promise<string | undefined> {
  return (await storage.read.selectFrom('totp').select('sealedSecret').limit(1).executeTakeFirst())?.sealedSecret;
}
