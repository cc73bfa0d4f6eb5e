// Five roles instead of two, members of rooms, and who did it in the audit. Members of the time before saw every node: they stay members of
// the room of all nodes.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addRoles(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // SQLite cannot change a check, so the table is made anew. Nothing points to it; its index goes with it.
  `create table space_member_anew (
    space_id text not null references space (space_id) on delete cascade,
    account_id text not null references account (account_id) on delete cascade,
    role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
    joined_at_ms bigint not null,
    primary key (space_id, account_id)
  )`,
  `insert into space_member_anew (space_id, account_id, role, joined_at_ms)
    select space_member.space_id, account_id, role, space.created_at_ms
    from space_member join space on space.space_id = space_member.space_id`,
  `drop table space_member`,
  `alter table space_member_anew rename to space_member`,
  `create index space_member_account on space_member (account_id)`,
  `create table room_member (
    room_id text not null references room (room_id) on delete cascade,
    account_id text not null references account (account_id) on delete cascade,
    primary key (room_id, account_id)
  )`,
  `create index room_member_account on room_member (account_id)`,
  `insert into room_member (room_id, account_id)
    select room.room_id, space_member.account_id
    from space_member join room on room.space_id = space_member.space_id
    where room.holds_all_nodes = 1`,
  `alter table audit add column account_id text`,
];
