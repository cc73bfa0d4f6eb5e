// Nodes that were never claimed themselves: a parent streams them. So a node's claim and key may be absent, and a removed one stays away
// from the parents that streamed it.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addChildren(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

// SQLite cannot take a `not null` back, so the table is made anew; and dropping it would take along what points to it, so that goes first.
const statements = [
  `create table node_kept as select * from node`,
  `create table node_room_kept as select * from node_room`,
  `create table claim_kept as select * from claim`,
  `drop table node_room`,
  `drop table claim`,
  `drop table node`,
  `create table node (
    node_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    machine_guid text not null,
    claim_id text unique,
    hostname text not null,
    public_key_pem text,
    public_key_hash text,
    claimed_at_ms bigint not null,
    first_live_at_ms bigint,
    first_sample_at_ms bigint,
    last_live_at_ms bigint
  )`,
  `insert into node (node_id, space_id, machine_guid, claim_id, hostname, public_key_pem, public_key_hash, claimed_at_ms,
      first_live_at_ms, first_sample_at_ms, last_live_at_ms)
    select node_id, space_id, machine_guid, claim_id, hostname, public_key_pem, public_key_hash, claimed_at_ms,
      first_live_at_ms, first_sample_at_ms, last_live_at_ms from node_kept`,
  `create unique index node_machine on node (space_id, machine_guid)`,
  `create index node_public_key on node (public_key_hash)`,
  `create table node_room (
    node_id text not null references node (node_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (node_id, room_id)
  )`,
  `insert into node_room (node_id, room_id) select node_id, room_id from node_room_kept`,
  `create index node_room_room on node_room (room_id)`,
  `create table claim (
    claim_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    node_id text references node (node_id) on delete set null,
    token_id text references claim_token (token_id) on delete set null,
    claimed_at_ms bigint not null,
    ended_at_ms bigint,
    ended_because text check (ended_because in ('replaced', 'removed', 'unclaimed'))
  )`,
  `insert into claim (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because)
    select claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because from claim_kept`,
  `create index claim_node on claim (node_id)`,
  `create index claim_token_used on claim (token_id)`,
  `drop table node_kept`,
  `drop table node_room_kept`,
  `drop table claim_kept`,
  `create table dismissed_child (
    claim_id text not null references claim (claim_id) on delete cascade,
    machine_guid text not null,
    primary key (claim_id, machine_guid)
  )`,
];
