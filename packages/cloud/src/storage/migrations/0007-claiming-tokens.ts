// Claiming tokens with names, makers, networks and uses that were taken; a standing one that never expires; what a node keeps of the token
// that claimed it; nodes that wait until somebody admits them.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addClaimingTokens(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // SQLite cannot take a `not null` back, so the table is made anew. Dropping it empties what points to it, so that is kept meanwhile.
  `create table claim_token_kept as select * from claim_token`,
  `create table claim_token_room_kept as select * from claim_token_room`,
  `create table claim_used_kept as select claim_id, token_id from claim where token_id is not null`,
  `drop table claim_token_room`,
  `drop table claim_token`,
  `create table claim_token (
    token_id text primary key,
    token_hash text not null unique,
    space_id text not null references space (space_id) on delete cascade,
    name text not null,
    kind text not null check (kind in ('named', 'command', 'standing')),
    made_by_account_id text,
    created_at_ms bigint not null,
    expires_at_ms bigint,
    uses_left bigint check (uses_left is null or uses_left >= 0),
    uses_taken bigint not null,
    last_used_at_ms bigint,
    source_networks text not null,
    admits_by_hand bigint not null,
    sealed_token text,
    revoked_at_ms bigint
  )`,
  `insert into claim_token (token_id, token_hash, space_id, name, kind, made_by_account_id, created_at_ms, expires_at_ms, uses_left,
      uses_taken, last_used_at_ms, source_networks, admits_by_hand, sealed_token, revoked_at_ms)
    select token_id, token_hash, space_id, 'Unnamed token', 'named', null, created_at_ms, expires_at_ms, uses_left,
      (select count(*) from claim_used_kept where claim_used_kept.token_id = claim_token_kept.token_id), null, '[]', 0, null, revoked_at_ms
    from claim_token_kept`,
  `create index claim_token_expiry on claim_token (expires_at_ms)`,
  `create index claim_token_space on claim_token (space_id)`,
  `create unique index claim_token_standing on claim_token (space_id) where kind = 'standing' and revoked_at_ms is null`,
  `create table claim_token_room (
    token_id text not null references claim_token (token_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (token_id, room_id)
  )`,
  `insert into claim_token_room (token_id, room_id) select token_id, room_id from claim_token_room_kept`,
  `create index claim_token_room_room on claim_token_room (room_id)`,
  `update claim set token_id = (select token_id from claim_used_kept where claim_used_kept.claim_id = claim.claim_id)
    where claim_id in (select claim_id from claim_used_kept)`,
  `drop table claim_used_kept`,
  `drop table claim_token_room_kept`,
  `drop table claim_token_kept`,

  `alter table node add column claimed_token_name text`,
  `alter table node add column claimed_token_id text`,
  `alter table node add column claimed_from text`,
  `alter table node add column claimed_by_account_id text`,
  `alter table node add column waits_since_ms bigint`,
  `update node set claimed_token_id = (select token_id from claim where claim.claim_id = node.claim_id)
    where claim_id is not null`,

  `create table space_admission (
    space_id text primary key references space (space_id) on delete cascade,
    on_since_ms bigint not null
  )`,
];
