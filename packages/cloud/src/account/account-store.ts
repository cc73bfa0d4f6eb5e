// Accounts in SQL.

import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { AccountTable } from '../storage/schema.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import type { Account, AccountStore } from './account.ts';
import { withdrawAllTo } from '../invitation/withdraw-store.ts';
import { endSessionsOf } from './session-store.ts';

export function createAccountStore(storage: Storage): AccountStore {
  return {
    byEmail: (email) => accountByEmail(storage.read, email),
    byId: (accountId) => accountById(storage.read, accountId),
    first: async () =>
      fromRow(await accounts(storage.read).orderBy('createdAtMs').orderBy('accountId').executeTakeFirst()),
    changePassword: (accountId, { from, to }, told) =>
      storage.write(async (tx) => {
        if ((await accountById(tx, accountId))?.passwordHash !== from) return false;
        await changePassword(tx, accountId, to);
        await insertAudit(tx, told);
        return true;
      }),
    rename: (accountId, name, told) =>
      storage.write(async (tx) => {
        await tx.updateTable('account').set({ name }).where('accountId', '=', accountId).execute();
        await insertAudit(tx, told);
      }),
    changeEmail: (accountId, email, atMs) =>
      storage.write(async (tx) => {
        const from = (await accountById(tx, accountId))?.email;
        if (from === undefined) throw new CloudError('not-found');
        if ((await accountByEmail(tx, email)) !== undefined)
          throw new CloudError('name-taken', { detail: 'An account has that e-mail address already.' });
        await tx.updateTable('account').set({ email }).where('accountId', '=', accountId).execute();
        await tx.deleteFrom('passwordReset').where('accountId', '=', accountId).execute();
        await tx.deleteFrom('oidcIdentity').where('accountId', '=', accountId).execute();
        // Of whom, not by whom: the operator has no account.
        const details = { ofAccount: accountId, from, to: email };
        await insertAudit(tx, { kind: 'account-email-changed', atMs, details });
        return withdrawAllTo(tx, from, { atMs });
      }),
  };
}

const accounts = (queries: Queries) => queries.selectFrom('account').selectAll();

/** As a transaction sees it; the address as `canonicalEmail` makes it. Rows of before it composed accents have them as they were typed. */
export const accountByEmail = async (queries: Queries, email: string): Promise<Account | undefined> =>
  fromRow(
    await accounts(queries)
      .where('email', 'in', [email, email.normalize('NFD')])
      .executeTakeFirst(),
  );
export const accountById = async (queries: Queries, accountId: AccountId): Promise<Account | undefined> =>
  fromRow(await accounts(queries).where('accountId', '=', accountId).executeTakeFirst());

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
  // A link that somebody asked for before, and who reads the mail, would change it once more.
  await tx.deleteFrom('passwordReset').where('accountId', '=', accountId).execute();
  await endSessionsOf(tx, accountId);
}

export async function anyAccountExists(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('account').select('accountId').limit(1).executeTakeFirst()) !== undefined;
}

function fromRow(row: AccountTable | undefined): Account | undefined {
  return row === undefined ? undefined : { ...row, passwordIsInitial: row.passwordIsInitial === 1 };
}
