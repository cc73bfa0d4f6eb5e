// Every account, for who operates the Cloud, in SQL.

import type { Storage } from '../storage/storage.ts';

export interface ListedAccount {
  accountId: string;
  email: string;
  name: string;
  createdAtMs: number;
  /** The newest sign of a session that is open; null = none is. */
  lastSeenAtMs: number | null;
  spaces: { name: string; role: string }[];
}

/** Oldest first. */
export function listAccounts(storage: Storage): Promise<ListedAccount[]> {
  return storage.snapshot(async (queries) => {
    const accounts = await queries
      .selectFrom('account')
      .leftJoin('session', 'session.accountId', 'account.accountId')
      .select(['account.accountId', 'account.email', 'account.name', 'account.createdAtMs'])
      .select((e) => e.fn.max('session.lastUsedAtMs').as('lastSeenAtMs'))
      .groupBy('account.accountId')
      .orderBy('account.createdAtMs')
      .orderBy('account.accountId')
      .execute();
    const members = await queries
      .selectFrom('spaceMember')
      .innerJoin('space', 'space.spaceId', 'spaceMember.spaceId')
      .select(['spaceMember.accountId', 'spaceMember.role', 'space.name'])
      .orderBy('space.createdAtMs')
      .execute();
    return accounts.map((account) => ({
      ...account,
      spaces: members
        .filter(({ accountId }) => accountId === account.accountId)
        .map(({ name, role }) => ({ name, role })),
    }));
  });
}
