// Accounts in SQL.

import type { AccountId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { AccountTable } from '../storage/schema.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import type { Account, AccountStore } from './account.ts';
import { endSessionsOf } from './session-store.ts';

export function createAccountStore(storage: Storage): AccountStore {
  const accounts = () => storage.read.selectFrom('account').selectAll();
  return {
    byEmail: async (email) => fromRow(await accounts().where('email', '=', email).executeTakeFirst()),
    byId: async (accountId) => fromRow(await accounts().where('accountId', '=', accountId).executeTakeFirst()),
    first: async () => fromRow(await accounts().orderBy('createdAtMs').orderBy('accountId').executeTakeFirst()),
    changePassword: (accountId, passwordHash, told) =>
      storage.write(async (tx) => {
        await changePassword(tx, accountId, passwordHash);
        await insertAudit(tx, told);
      }),
    rename: (accountId, name, told) =>
      storage.write(async (tx) => {
        await tx.updateTable('account').set({ name }).where('accountId', '=', accountId).execute();
        await insertAudit(tx, told);
      }),
  };
}

/** Part of the transaction of whoever makes an account. */
export async function insertAccount(tx: Tx, account: Account): Promise<void> {
  const passwordIsInitial = account.passwordIsInitial ? 1 : 0;
  await tx
    .insertInto('account')
    .values({ ...account, passwordIsInitial })
    .execute();
}

/** Part of the transaction of whoever sets a new password. Whoever was signed in with the old one has to sign in again. */
export async function changePassword(tx: Tx, accountId: AccountId, passwordHash: string): Promise<void> {
  await tx
    .updateTable('account')
    .set({ passwordHash, passwordIsInitial: 0 })
    .where('accountId', '=', accountId)
    .execute();
  await endSessionsOf(tx, accountId);
}

export async function anyAccountExists(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('account').select('accountId').limit(1).executeTakeFirst()) !== undefined;
}

function fromRow(row: AccountTable | undefined): Account | undefined {
  return row === undefined ? undefined : { ...row, passwordIsInitial: row.passwordIsInitial === 1 };
}
