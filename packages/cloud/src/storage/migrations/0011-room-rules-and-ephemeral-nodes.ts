// Rules by which nodes join rooms, on which nodes each has acted; and nodes that leave by themselves.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addRoomRulesAndEphemeralNodes(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table room_rule (
    rule_id text primary key,
    room_id text not null references room (room_id) on delete cascade,
    position bigint not null,
    label_key text,
    pattern text not null
  )`,
  `create index room_rule_room on room_rule (room_id)`,
  `create table room_rule_node (
    rule_id text not null references room_rule (rule_id) on delete cascade,
    node_id text not null references node (node_id) on delete cascade,
    primary key (rule_id, node_id)
  )`,
  `create index room_rule_node_node on room_rule_node (node_id)`,
  `create table ephemeral_node (
    node_id text primary key references node (node_id) on delete cascade,
    after_ms bigint not null,
    away_ms bigint not null
  )`,
  `alter table claim_token add column ephemeral_after_ms bigint`,
];
