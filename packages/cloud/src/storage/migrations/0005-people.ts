// Invitations, and claims that outlive their Space: an agent whose Space was deleted is told that its node was removed, as it is after the
// removal of one node, instead of asking for an unknown claim for ever.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addPeople(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

// SQLite cannot take a `not null` back, so the table is made anew; and dropping it would take along what points to it, so that goes first.
const statements = [
  `create table dismissed_child_kept as select * from dismissed_child`,
  `drop table dismissed_child`,
  `create table claim_anew (
    claim_id text primary key,
    space_id text references space (space_id) on delete set null,
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
  `create index claim_space on claim (space_id)`,
  `create table dismissed_child (
    claim_id text not null references claim (claim_id) on delete cascade,
    machine_guid text not null,
    primary key (claim_id, machine_guid)
  )`,
  `insert into dismissed_child (claim_id, machine_guid) select claim_id, machine_guid from dismissed_child_kept`,
  `drop table dismissed_child_kept`,
  `create table invitation (
    invitation_id text primary key,
    secret_hash text not null unique,
    space_id text not null references space (space_id) on delete cascade,
    email text not null,
    role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
    invited_by text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null,
    expires_at_ms bigint not null
  )`,
  `create unique index invitation_email on invitation (space_id, email)`,
  `create index invitation_inviter on invitation (invited_by, space_id)`,
  `create index invitation_expiry on invitation (expires_at_ms)`,
  `create table invitation_room (
    invitation_id text not null references invitation (invitation_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (invitation_id, room_id)
  )`,
  `create index invitation_room_room on invitation_room (room_id)`,
];
