// Tokens that are revoked, claims that their agents gave up, and a table that tells who decided what.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addAudit(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table claim_token add column revoked_at_ms bigint`,
  `create table audit (
    seq bigint primary key,
    at_ms bigint not null,
    kind text not null,
    space_id text,
    node_id text,
    claim_id text,
    token_id text,
    source_network text,
    details text not null
  )`,
  // SQLite cannot change a check, so the table is made anew. Nothing points to it; its indexes go with it.
  `create table claim_anew (
    claim_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    node_id text references node (node_id) on delete set null,
    token_id text references claim_token (token_id) on delete set null,
    claimed_at_ms bigint not null,
    ended_at_ms bigint,
    ended_because text check (ended_because in ('replaced', 'removed', 'unclaimed'))
  )`,
  `insert into claim_anew (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because)
    select claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because from claim`,
  `drop table claim`,
  `alter table claim_anew rename to claim`,
  `create index claim_node on claim (node_id)`,
  `create index claim_token_used on claim (token_id)`,
];
