// What must not come back to life with an old database, and when it came out of a backup, in SQL. [trust T32]

import { insertAudit } from '../audit/audit-store.ts';
import type { Storage } from '../storage/storage.ts';
import { sql } from 'kysely';

/**
 * What signs somebody in, or lets somebody in: a row that was taken away after the backup was made, or a code that was used, would be good
 * again. And what waits for webhooks: it was sent long ago, or to an address that was given up since.
 */
const voided = ['session', 'invitation', 'password_reset', 'api_token', 'recovery_code', 'webhook_delivery'];

export interface Restored {
  restoredAtMs: number;
  backupMadeAtMs: number;
}

/** In one transaction; answers how many rows were voided. */
export function markRestored(storage: Storage, restored: Restored): Promise<Record<string, number>> {
  return storage.write(async (tx) => {
    const tables = new Set((await tx.introspection.getTables()).map(({ name }) => name));
    const counts: Record<string, number> = {};
    for (const table of voided) {
      if (!tables.has(table)) continue;
      const { numAffectedRows } = await sql`delete from ${sql.table(table)}`.execute(tx);
      counts[table] = Number(numAffectedRows ?? 0);
    }
    await tx.insertInto('restore').values(restored).execute();
    const { restoredAtMs, backupMadeAtMs } = restored;
    const details = { backupMadeAt: new Date(backupMadeAtMs).toISOString() };
    await insertAudit(tx, { kind: 'restored', atMs: restoredAtMs, details });
    return counts;
  });
}

/** Undefined: never. */
export const lastRestore = (storage: Pick<Storage, 'read'>): Promise<Restored | undefined> =>
  storage.read.selectFrom('restore').selectAll().orderBy('restoredAtMs', 'desc').limit(1).executeTakeFirst();
