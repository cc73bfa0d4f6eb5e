// A chain through the audit, so that edits are seen; what was written before is chained as it stands. What the pages of the audit look up. When
// the database came out of a backup. Webhooks, and what waits to be delivered to them.

import { sql, type Kysely } from 'kysely';
import { auditHash, firstAuditHash } from '../../audit/audit-chain.ts';
import type { Schema } from '../schema.ts';

const rowsAtOnce = 1000;

export async function addOperation(db: Kysely<Schema>): Promise<void> {
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
  `create table restore (
    restored_at_ms bigint primary key,
    backup_made_at_ms bigint not null
  )`,
  `create table webhook (
    webhook_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    url text not null,
    kinds text not null,
    sealed_secret text not null,
    created_at_ms bigint not null,
    last_at_ms bigint,
    last_outcome text
  )`,
  `create index webhook_space on webhook (space_id)`,
  `create table webhook_delivery (
    delivery_id text primary key,
    webhook_id text not null references webhook (webhook_id) on delete cascade,
    kind text not null,
    body text not null,
    attempts bigint not null,
    created_at_ms bigint not null,
    next_at_ms bigint not null
  )`,
  `create index webhook_delivery_webhook on webhook_delivery (webhook_id)`,
  `create index webhook_delivery_next on webhook_delivery (next_at_ms)`,
];
