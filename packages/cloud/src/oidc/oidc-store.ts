// Identities of an issuer in SQL.

import { insertAccount } from '../account/account-store.ts';
import { insertAudit } from '../audit/audit-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { OidcStore } from './oidc.ts';

export function createOidcStore(storage: Storage): OidcStore {
  return {
    async accountOf(issuer, subject) {
      const row = await storage.read
        .selectFrom('oidcIdentity')
        .select('accountId')
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row?.accountId;
    },
    link: ({ issuer, subject, accountId, atMs }, told) =>
      storage.write(async (tx) => {
        const other = await tx
          .selectFrom('oidcIdentity')
          .select('subject')
          .where('issuer', '=', issuer)
          .where((e) => e.or([e('subject', '=', subject), e('accountId', '=', accountId)]))
          .executeTakeFirst();
        // Somebody else at the issuer has the address now: the account stays with whom it was linked to.
        if (other !== undefined) return false;
        await tx.insertInto('oidcIdentity').values({ issuer, subject, accountId, linkedAtMs: atMs }).execute();
        await insertAudit(tx, told);
        return true;
      }),
    createAccount: (account, { issuer, subject }, told) =>
      storage.write(async (tx) => {
        await insertAccount(tx, account);
        const { accountId, createdAtMs } = account;
        await tx.insertInto('oidcIdentity').values({ issuer, subject, accountId, linkedAtMs: createdAtMs }).execute();
        await insertAudit(tx, told);
      }),
  };
}
