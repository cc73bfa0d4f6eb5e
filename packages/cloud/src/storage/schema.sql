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
  public_id text not null unique,
  account_id text not null references account (account_id) on delete cascade,
  created_at_ms bigint not null,
  last_used_at_ms bigint not null,
  source_network text,
  browser text
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
  revoked_at_ms bigint,
  ephemeral_after_ms bigint
);
-- Sweeping expired tokens.
create index claim_token_expiry on claim_token (expires_at_ms);
-- The list of a Space's tokens.
create index claim_token_space on claim_token (space_id);
-- A Space keeps one standing token, not two.
create unique index claim_token_standing on claim_token (space_id) where kind = 'standing' and revoked_at_ms is null;

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
  last_live_at_ms bigint,
  claimed_token_name text,
  claimed_token_id text,
  claimed_from text,
  claimed_by_account_id text,
  waits_since_ms bigint,
  down_cause text,
  down_words text
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

-- Without its Space a claim stays: its agent is told that it has ended.
create table claim (
  claim_id text primary key,
  space_id text references space (space_id) on delete set null,
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
-- Ending every claim of a Space that is deleted.
create index claim_space on claim (space_id);

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

create table invitation (
  invitation_id text primary key,
  secret_hash text not null unique,
  space_id text not null references space (space_id) on delete cascade,
  email text not null,
  role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
  invited_by text not null references account (account_id) on delete cascade,
  created_at_ms bigint not null,
  expires_at_ms bigint not null
);
-- Who is invited once more gets a new link, and the earlier one is worth nothing.
create unique index invitation_email on invitation (space_id, email);
-- Withdrawing what somebody promised who may not promise it any more.
create index invitation_inviter on invitation (invited_by, space_id);
-- Sweeping expired ones.
create index invitation_expiry on invitation (expires_at_ms);

create table invitation_room (
  invitation_id text not null references invitation (invitation_id) on delete cascade,
  room_id text not null references room (room_id) on delete cascade,
  primary key (invitation_id, room_id)
);
-- Deleting a room takes it out of the invitations, too.
create index invitation_room_room on invitation_room (room_id);

create table totp (
  account_id text primary key references account (account_id) on delete cascade,
  sealed_secret text not null,
  created_at_ms bigint not null,
  enabled_at_ms bigint,
  last_step bigint not null
);

create table recovery_code (
  code_hash text primary key,
  account_id text not null references account (account_id) on delete cascade,
  created_at_ms bigint not null
);
-- Counting and replacing those of an account.
create index recovery_code_account on recovery_code (account_id);

create table passkey (
  passkey_id text primary key,
  account_id text not null references account (account_id) on delete cascade,
  credential_id text not null unique,
  public_key text not null,
  counter bigint not null,
  transports text not null,
  name text not null,
  created_at_ms bigint not null,
  last_used_at_ms bigint
);
-- Listing those of an account.
create index passkey_account on passkey (account_id);

create table password_reset (
  reset_hash text primary key,
  account_id text not null references account (account_id) on delete cascade,
  created_at_ms bigint not null,
  expires_at_ms bigint not null
);
-- A new password by one link voids the account's others.
create index password_reset_account on password_reset (account_id);

create table api_token (
  api_token_id text primary key,
  token_hash text not null unique,
  account_id text not null references account (account_id) on delete cascade,
  space_id text not null references space (space_id) on delete cascade,
  name text not null,
  role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  last_used_at_ms bigint
);
-- Listing those of an account.
create index api_token_account on api_token (account_id);
-- Removing a Space.
create index api_token_space on api_token (space_id);

create table sign_in_place (
  account_id text not null references account (account_id) on delete cascade,
  source_network text not null,
  browser text not null,
  last_used_at_ms bigint not null,
  primary key (account_id, source_network, browser)
);

create table oidc_identity (
  issuer text not null,
  subject text not null,
  account_id text not null references account (account_id) on delete cascade,
  linked_at_ms bigint not null,
  primary key (issuer, subject)
);
-- Removing an account.
create index oidc_identity_account on oidc_identity (account_id);

create table space_admission (
  space_id text primary key references space (space_id) on delete cascade,
  on_since_ms bigint not null
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
-- The oldest that waits for one webhook; counting what waits, and removing it with it.
create index webhook_delivery_age on webhook_delivery (webhook_id, created_at_ms);
-- What is due.
create index webhook_delivery_next on webhook_delivery (next_at_ms);

create table room_rule (
  rule_id text primary key,
  room_id text not null references room (room_id) on delete cascade,
  position bigint not null,
  label_key text,
  pattern text not null
);
-- The rules of a room.
create index room_rule_room on room_rule (room_id);

create table room_rule_node (
  rule_id text not null references room_rule (rule_id) on delete cascade,
  node_id text not null references node (node_id) on delete cascade,
  primary key (rule_id, node_id)
);
-- Removing a node.
create index room_rule_node_node on room_rule_node (node_id);

create table ephemeral_node (
  node_id text primary key references node (node_id) on delete cascade,
  after_ms bigint not null,
  away_ms bigint not null
);

create table migration (
  name text primary key,
  applied_at_ms bigint not null
);
