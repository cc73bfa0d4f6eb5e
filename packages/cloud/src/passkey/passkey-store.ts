// Passkeys in SQL.

import { insertAudit } from '../audit/audit-store.ts';
import type { PasskeyTable } from '../storage/schema.ts';
import type { Storage } from '../storage/storage.ts';
import type { Passkey, PasskeyStore } from './passkey.ts';

export function createPasskeyStore(storage: Storage): PasskeyStore {
  return {
    async ofAccount(accountId) {
      const rows = await storage.read
        .selectFrom('passkey')
        .selectAll()
        .where('accountId', '=', accountId)
        .orderBy('createdAtMs')
        .orderBy('passkeyId')
        .execute();
      return rows.map(fromRow);
    },
    async byCredentialId(credentialId) {
      const row = await storage.read
        .selectFrom('passkey')
        .selectAll()
        .where('credentialId', '=', credentialId)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    add: (passkey, most, told) =>
      storage.write(async (tx) => {
        const { count } = await tx
          .selectFrom('passkey')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('accountId', '=', passkey.accountId)
          .executeTakeFirstOrThrow();
        if (Number(count) >= most) return false;
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('passkey')
          .values({ ...passkey, transports: JSON.stringify(passkey.transports) })
          .onConflict((conflict) => conflict.column('credentialId').doNothing())
          .executeTakeFirst();
        if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
        await insertAudit(tx, told);
        return true;
      }),
    used: ({ passkeyId }, counter, atMs) =>
      storage.write(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('passkey')
          .set({ counter, lastUsedAtMs: atMs })
          .where('passkeyId', '=', passkeyId)
          // Authenticators that do not count say 0 for ever.
          .where((e) => e.or([e('counter', '<', counter), e.and([e('counter', '=', 0), e.lit(counter === 0)])]))
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
    remove: (accountId, passkeyId, told) =>
      storage.write(async (tx) => {
        const row = await tx
          .deleteFrom('passkey')
          .where('accountId', '=', accountId)
          .where('passkeyId', '=', passkeyId)
          .returningAll()
          .executeTakeFirst();
        if (row !== undefined) await insertAudit(tx, { ...told, details: { name: row.name } });
        return row && fromRow(row);
      }),
  };
}

const fromRow = (row: PasskeyTable): Passkey => ({ ...row, transports: JSON.parse(row.transports) as string[] });
