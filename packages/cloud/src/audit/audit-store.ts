// The audit in SQL.

import { sql } from 'kysely';
import type { Storage, Tx } from '../storage/storage.ts';
import type { AuditEntry, AuditRow, AuditStore } from './audit.ts';

export function createAuditStore(storage: Storage): AuditStore {
  return {
    add: (entry) => storage.write((tx) => insertAudit(tx, entry)),
    async newest(most, spaceId) {
      const all = storage.read.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(most);
      const rows = await (spaceId === undefined ? all : all.where('spaceId', '=', spaceId)).execute();
      return rows
        .map((row): AuditRow => ({ ...row, details: JSON.parse(row.details) as Record<string, unknown> }))
        .toReversed();
    },
  };
}

/** Part of the transaction of what it tells. Transactions run one after the other, so the next number is nobody else's. */
export async function insertAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  const {
    accountId = null,
    spaceId = null,
    nodeId = null,
    claimId = null,
    tokenId = null,
    sourceNetwork = null,
  } = entry;
  await tx
    .insertInto('audit')
    .values({
      seq: sql<number>`(select coalesce(max(seq), 0) + 1 from audit)`,
      atMs: entry.atMs,
      kind: entry.kind,
      accountId,
      spaceId,
      nodeId,
      claimId,
      tokenId,
      sourceNetwork,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute();
}
