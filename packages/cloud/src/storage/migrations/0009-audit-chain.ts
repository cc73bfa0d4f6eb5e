// A chain through the audit, so that edits are seen; what was written before is chained as it stands. And what the pages of the audit look up.

import { sql, type Kysely } from 'kysely';
import { auditHash, firstAuditHash } from '../../audit/audit-chain.ts';
import type { Schema } from '../schema.ts';

const rowsAtOnce = 1000;

export async function chainAudit(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
  let head = { seq: 0, hash: firstAuditHash };
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', head.seq)
      .orderBy('seq')
      .limit(rowsAtOnce)
      .execute();
    if (rows.length === 0) break;
    for (const row of rows) {
      head = { seq: row.seq, hash: auditHash(head.hash, row) };
      await db.updateTable('audit').set({ hash: head.hash }).where('seq', '=', row.seq).execute();
    }
  }
  await db
    .insertInto('auditHead')
    .values({ only: 1, ...head })
    .execute();
}

const statements = [
  `alter table audit add column hash text not null default ''`,
  `create index audit_space on audit (space_id, seq)`,
  `create index audit_space_account on audit (space_id, account_id)`,
  `create table audit_head (
    only bigint primary key check (only = 1),
    seq bigint not null,
    hash text not null
  )`,
];
