-- The database as it is after the last migration. A test compares it with what the migrations make; it is never executed
-- by the Cloud itself. Names are those of schema.ts in snake case. SQLite takes bigint as integer.

create table account (
  account_id text primary key,
  email text not null unique,
  name text not null,
  password_hash text not null,
  password_is_initial bigint not null,
  created_at_ms bigint not null
);

create table session (
  session_hash text primary key,
  account_id text not null references account (account_id) on delete cascade,
  created_at_ms bigint not null,
  last_used_at_ms bigint not null
);
-- Ending every session of an account.
create index session_account on session (account_id);

create table space (
  space_id text primary key,
  name text not null,
  named_at_ms bigint,
  created_at_ms bigint not null
);

create table space_member (
  space_id text not null references space (space_id) on delete cascade,
  account_id text not null references account (account_id) on delete cascade,
  role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
  joined_at_ms bigint not null,
  primary key (space_id, account_id)
);
-- The Spaces of an account.
create index space_member_account on space_member (account_id);

create table room (
  room_id text primary key,
  space_id text not null references space (space_id) on delete cascade,
  slug text not null,
  name text not null,
  holds_all_nodes bigint not null,
  created_at_ms bigint not null
);
-- `-rooms=` finds a room by its slug, so two must not share one.
create unique index room_slug on room (space_id, slug);
-- One room of a Space holds all nodes, not two.
create unique index room_all_nodes on room (space_id) where holds_all_nodes = 1;

create table room_member (
  room_id text not null references room (room_id) on delete cascade,
  account_id text not null references account (account_id) on delete cascade,
  primary key (room_id, account_id)
);
-- What an account sees is asked with every request.
create index room_member_account on room_member (account_id);

create table claim_token (
  token_id text primary key,
  token_hash text not null unique,
  space_id text not null references space (space_id) on delete cascade,
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  uses_left bigint check (uses_left is null or uses_left >= 0),
  revoked_at_ms bigint
);
-- Sweeping expired tokens.
create index claim_token_expiry on claim_token (expires_at_ms);

create table claim_token_room (
  token_id text not null references claim_token (token_id) on delete cascade,
  room_id text not null references room (room_id) on delete cascade,
  primary key (token_id, room_id)
);
-- Deleting a room takes it out of the tokens, too.
create index claim_token_room_room on claim_token_room (room_id);

create table node (
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
);
-- A machine is one node of a Space, however often it is claimed. Another Space may hold a machine of the same GUID.
create unique index node_machine on node (space_id, machine_guid);
-- A claim asks whether its key belongs to a node of another Space.
create index node_public_key on node (public_key_hash);

create table node_room (
  node_id text not null references node (node_id) on delete cascade,
  room_id text not null references room (room_id) on delete cascade,
  primary key (node_id, room_id)
);
-- Counting and deleting by room.
create index node_room_room on node_room (room_id);

create table claim (
  claim_id text primary key,
  space_id text not null references space (space_id) on delete cascade,
  node_id text references node (node_id) on delete set null,
  token_id text references claim_token (token_id) on delete set null,
  claimed_at_ms bigint not null,
  ended_at_ms bigint,
  ended_because text check (ended_because in ('replaced', 'removed', 'unclaimed'))
);
-- Ending every claim of a node that is removed.
create index claim_node on claim (node_id);
-- Sweeping tokens sets token_id null.
create index claim_token_used on claim (token_id);

create table dismissed_child (
  claim_id text not null references claim (claim_id) on delete cascade,
  machine_guid text not null,
  primary key (claim_id, machine_guid)
);

-- Ids without foreign keys: what is told here outlives what it is about.
create table audit (
  seq bigint primary key,
  at_ms bigint not null,
  kind text not null,
  space_id text,
  node_id text,
  claim_id text,
  token_id text,
  source_network text,
  details text not null,
  account_id text,
  hash text not null default ''
);
-- Pages of one Space, newest first.
create index audit_space on audit (space_id, seq);
-- Whom the audit of a Space tells of.
create index audit_space_account on audit (space_id, account_id);

create table audit_head (
  only bigint primary key check (only = 1),
  seq bigint not null,
  hash text not null
);

create table restore (
  restored_at_ms bigint primary key,
  backup_made_at_ms bigint not null
);

create table webhook (
  webhook_id text primary key,
  space_id text not null references space (space_id) on delete cascade,
  url text not null,
  kinds text not null,
  sealed_secret text not null,
  created_at_ms bigint not null,
  last_at_ms bigint,
  last_outcome text
);
-- The webhooks of a Space.
create index webhook_space on webhook (space_id);

create table webhook_delivery (
  delivery_id text primary key,
  webhook_id text not null references webhook (webhook_id) on delete cascade,
  kind text not null,
  body text not null,
  attempts bigint not null,
  created_at_ms bigint not null,
  next_at_ms bigint not null
);
-- Counting what waits for one webhook, and removing it with it.
create index webhook_delivery_webhook on webhook_delivery (webhook_id);
-- What is due.
create index webhook_delivery_next on webhook_delivery (next_at_ms);

create table migration (
  name text primary key,
  applied_at_ms bigint not null
);
