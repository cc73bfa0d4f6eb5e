// When the database came out of a backup. Webhooks, and what waits to be delivered to them.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addOperation(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
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
