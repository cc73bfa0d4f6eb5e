CREATE TABLE "migration" ("name" text primary key, "applied_at_ms" integer not null);
CREATE TABLE account (
    account_id text primary key,
    email text not null unique,
    name text not null,
    password_hash text not null,
    password_is_initial bigint not null,
    created_at_ms bigint not null
  );
CREATE TABLE space (
    space_id text primary key,
    name text not null,
    named_at_ms bigint,
    created_at_ms bigint not null
  );
CREATE TABLE room (
    room_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    slug text not null,
    name text not null,
    holds_all_nodes bigint not null,
    created_at_ms bigint not null
  );
CREATE TABLE audit (
    seq bigint primary key,
    at_ms bigint not null,
    kind text not null,
    space_id text,
    node_id text,
    claim_id text,
    token_id text,
    source_network text,
    details text not null
  , account_id text, hash text not null default '');
CREATE TABLE node (
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
  , claimed_token_name text, claimed_token_id text, claimed_from text, claimed_by_account_id text, waits_since_ms bigint, down_cause text, down_words text);
CREATE TABLE node_room (
    node_id text not null references node (node_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (node_id, room_id)
  );
CREATE TABLE "space_member" (
    space_id text not null references space (space_id) on delete cascade,
    account_id text not null references account (account_id) on delete cascade,
    role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
    joined_at_ms bigint not null,
    primary key (space_id, account_id)
  );
CREATE TABLE room_member (
    room_id text not null references room (room_id) on delete cascade,
    account_id text not null references account (account_id) on delete cascade,
    primary key (room_id, account_id)
  );
CREATE TABLE "claim" (
    claim_id text primary key,
    space_id text references space (space_id) on delete set null,
    node_id text references node (node_id) on delete set null,
    token_id text references claim_token (token_id) on delete set null,
    claimed_at_ms bigint not null,
    ended_at_ms bigint,
    ended_because text check (ended_because in ('replaced', 'removed', 'unclaimed'))
  );
CREATE TABLE dismissed_child (
    claim_id text not null references claim (claim_id) on delete cascade,
    machine_guid text not null,
    primary key (claim_id, machine_guid)
  );
CREATE TABLE invitation (
    invitation_id text primary key,
    secret_hash text not null unique,
    space_id text not null references space (space_id) on delete cascade,
    email text not null,
    role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
    invited_by text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null,
    expires_at_ms bigint not null
  );
CREATE TABLE invitation_room (
    invitation_id text not null references invitation (invitation_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (invitation_id, room_id)
  );
CREATE TABLE "session" (
    session_hash text primary key,
    public_id text not null unique,
    account_id text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null,
    last_used_at_ms bigint not null,
    source_network text,
    browser text
  );
CREATE TABLE totp (
    account_id text primary key references account (account_id) on delete cascade,
    sealed_secret text not null,
    created_at_ms bigint not null,
    enabled_at_ms bigint,
    last_step bigint not null
  );
CREATE TABLE recovery_code (
    code_hash text primary key,
    account_id text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null
  );
CREATE TABLE passkey (
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
CREATE TABLE password_reset (
    reset_hash text primary key,
    account_id text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null,
    expires_at_ms bigint not null
  );
CREATE TABLE api_token (
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
CREATE TABLE sign_in_place (
    account_id text not null references account (account_id) on delete cascade,
    source_network text not null,
    browser text not null,
    last_used_at_ms bigint not null,
    primary key (account_id, source_network, browser)
  );
CREATE TABLE oidc_identity (
    issuer text not null,
    subject text not null,
    account_id text not null references account (account_id) on delete cascade,
    linked_at_ms bigint not null,
    primary key (issuer, subject)
  );
CREATE TABLE claim_token (
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
    revoked_at_ms bigint, ephemeral_after_ms bigint
  );
CREATE TABLE claim_token_room (
    token_id text not null references claim_token (token_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (token_id, room_id)
  );
CREATE TABLE space_admission (
    space_id text primary key references space (space_id) on delete cascade,
    on_since_ms bigint not null
  );
CREATE TABLE audit_head (
    only bigint primary key check (only = 1),
    seq bigint not null,
    hash text not null
  );
CREATE TABLE restore (
    restored_at_ms bigint primary key,
    backup_made_at_ms bigint not null
  );
CREATE TABLE webhook (
    webhook_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    url text not null,
    kinds text not null,
    sealed_secret text not null,
    created_at_ms bigint not null,
    last_at_ms bigint,
    last_outcome text
  );
CREATE TABLE webhook_delivery (
    delivery_id text primary key,
    webhook_id text not null references webhook (webhook_id) on delete cascade,
    kind text not null,
    body text not null,
    attempts bigint not null,
    created_at_ms bigint not null,
    next_at_ms bigint not null
  );
CREATE TABLE room_rule (
    rule_id text primary key,
    room_id text not null references room (room_id) on delete cascade,
    position bigint not null,
    label_key text,
    pattern text not null
  );
CREATE TABLE room_rule_node (
    rule_id text not null references room_rule (rule_id) on delete cascade,
    node_id text not null references node (node_id) on delete cascade,
    primary key (rule_id, node_id)
  );
CREATE TABLE ephemeral_node (
    node_id text primary key references node (node_id) on delete cascade,
    after_ms bigint not null,
    away_ms bigint not null
  );
insert into migration (name, applied_at_ms) values ('0001-first-tables', 1);
insert into migration (name, applied_at_ms) values ('0002-audit', 2);
insert into migration (name, applied_at_ms) values ('0003-children', 3);
insert into migration (name, applied_at_ms) values ('0004-roles', 4);
insert into migration (name, applied_at_ms) values ('0005-people', 5);
insert into migration (name, applied_at_ms) values ('0006-ways-to-sign-in', 6);
insert into migration (name, applied_at_ms) values ('0007-claiming-tokens', 7);
insert into migration (name, applied_at_ms) values ('0008-node-care', 8);
insert into migration (name, applied_at_ms) values ('0009-audit-chain', 9);
insert into migration (name, applied_at_ms) values ('0010-operation', 10);
insert into migration (name, applied_at_ms) values ('0011-room-rules-and-ephemeral-nodes', 11);
insert into account (account_id, email, name, password_hash, password_is_initial, created_at_ms) values ('a1', 'ada@example.net', 'Ada', '$argon2id$x', 0, 1000);
insert into account (account_id, email, name, password_hash, password_is_initial, created_at_ms) values ('a2', 'bob@example.net', 'Bob ‮"quoted''', ' $argon2id$y', 1, 1001);
insert into space (space_id, name, named_at_ms, created_at_ms) values ('s1', 'Home', 1000, 1000);
insert into space (space_id, name, named_at_ms, created_at_ms) values ('s2', 'Empty', null, 1001);
insert into room (room_id, space_id, slug, name, holds_all_nodes, created_at_ms) values ('r1', 's1', 'all-nodes', 'All nodes', 1, 1000);
insert into room (room_id, space_id, slug, name, holds_all_nodes, created_at_ms) values ('r2', 's1', 'attic', 'Attic', 0, 1001);
insert into room (room_id, space_id, slug, name, holds_all_nodes, created_at_ms) values ('r3', 's2', 'all-nodes', 'All nodes', 1, 1001);
insert into audit (seq, at_ms, kind, space_id, node_id, claim_id, token_id, source_network, details, account_id, hash) values (1, 1000, 'space-made', 's1', null, null, null, null, '{"name":"Home"}', null, '7ca3de2b70a8d80d7fb69601bdec96f6cf4295bf09b031e69b174e355405cb3b');
insert into audit (seq, at_ms, kind, space_id, node_id, claim_id, token_id, source_network, details, account_id, hash) values (2, 1500, 'claim-accepted', 's1', 'n1', 'c1', 't1', '192.0.2.1', '{"hostname":"web-1"}', null, 'a29222448637b0d3e7f597dcfd3bae9239b20f5e18ed3384b3875564795165e4');
insert into audit (seq, at_ms, kind, space_id, node_id, claim_id, token_id, source_network, details, account_id, hash) values (3, 1900, 'child-added', 's1', 'n3', 'c1', null, null, '{"hostname":"child"}', null, '93566e0a741d47df952c218969c291ff37c6c203c8bd8605ec98d8c5a0278dec');
insert into audit (seq, at_ms, kind, space_id, node_id, claim_id, token_id, source_network, details, account_id, hash) values (4, 3000, 'node-removed', 's1', 'n9', null, null, null, '{}', 'a1', 'f75c5a6e1485f78cbc83c5f3859bcde013471a9dd29eb1f717bc9b7a3cdb504a');
insert into node (node_id, space_id, machine_guid, claim_id, hostname, public_key_pem, public_key_hash, claimed_at_ms, first_live_at_ms, first_sample_at_ms, last_live_at_ms, claimed_token_name, claimed_token_id, claimed_from, claimed_by_account_id, waits_since_ms, down_cause, down_words) values ('n1', 's1', 'g1', 'c1', 'web-1', 'pem', '9999999999999999999999999999999999999999999999999999999999999999', 1500, 1600, 1700, 1800, null, 't1', null, null, null, null, null);
insert into node (node_id, space_id, machine_guid, claim_id, hostname, public_key_pem, public_key_hash, claimed_at_ms, first_live_at_ms, first_sample_at_ms, last_live_at_ms, claimed_token_name, claimed_token_id, claimed_from, claimed_by_account_id, waits_since_ms, down_cause, down_words) values ('n2', 's1', 'g2', 'c2', 'line
feed', 'pem2', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1501, null, null, null, null, 't2', null, null, null, null, null);
insert into node (node_id, space_id, machine_guid, claim_id, hostname, public_key_pem, public_key_hash, claimed_at_ms, first_live_at_ms, first_sample_at_ms, last_live_at_ms, claimed_token_name, claimed_token_id, claimed_from, claimed_by_account_id, waits_since_ms, down_cause, down_words) values ('n3', 's1', 'g3', null, 'child', null, null, 1900, null, null, null, null, null, null, null, null, null, null);
insert into node_room (node_id, room_id) values ('n1', 'r2');
insert into space_member (space_id, account_id, role, joined_at_ms) values ('s1', 'a1', 'admin', 1000);
insert into space_member (space_id, account_id, role, joined_at_ms) values ('s1', 'a2', 'member', 1000);
insert into space_member (space_id, account_id, role, joined_at_ms) values ('s2', 'a1', 'observer', 3000);
insert into space_member (space_id, account_id, role, joined_at_ms) values ('s2', 'a2', 'admin', 1001);
insert into room_member (room_id, account_id) values ('r1', 'a1');
insert into room_member (room_id, account_id) values ('r1', 'a2');
insert into room_member (room_id, account_id) values ('r3', 'a2');
insert into claim (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because) values ('c0', 's1', null, 't1', 1200, 1500, 'removed');
insert into claim (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because) values ('c1', 's1', 'n1', 't1', 1500, null, null);
insert into claim (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because) values ('c2', 's1', 'n2', 't2', 1501, null, null);
insert into dismissed_child (claim_id, machine_guid) values ('c1', 'g4');
insert into invitation (invitation_id, secret_hash, space_id, email, role, invited_by, created_at_ms, expires_at_ms) values ('invitation-invitation_id', 'invitation-secret_hash', 's1', 'invitation-email', 'observer', 'a1', 5000, 5000);
insert into invitation_room (invitation_id, room_id) values ('invitation-invitation_id', 'r1');
insert into session (session_hash, public_id, account_id, created_at_ms, last_used_at_ms, source_network, browser) values ('5555555555555555555555555555555555555555555555555555555555555555', '994a693c-b24b-4dad-80b6-3c513e0fc6ed', 'a1', 1000, 2000, null, null);
insert into totp (account_id, sealed_secret, created_at_ms, enabled_at_ms, last_step) values ('a1', 'totp-sealed_secret', 5000, 5000, 5000);
insert into recovery_code (code_hash, account_id, created_at_ms) values ('recovery_code-code_hash', 'a1', 5000);
insert into passkey (passkey_id, account_id, credential_id, public_key, counter, transports, name, created_at_ms, last_used_at_ms) values ('passkey-passkey_id', 'a1', 'passkey-credential_id', 'passkey-public_key', 5000, 'passkey-transports', 'passkey-name', 5000, 5000);
insert into password_reset (reset_hash, account_id, created_at_ms, expires_at_ms) values ('password_reset-reset_hash', 'a1', 5000, 5000);
insert into api_token (api_token_id, token_hash, account_id, space_id, name, role, created_at_ms, expires_at_ms, last_used_at_ms) values ('api_token-api_token_id', 'api_token-token_hash', 'a1', 's1', 'api_token-name', 'observer', 5000, 5000, 5000);
insert into sign_in_place (account_id, source_network, browser, last_used_at_ms) values ('a1', 'sign_in_place-source_network', 'sign_in_place-browser', 5000);
insert into oidc_identity (issuer, subject, account_id, linked_at_ms) values ('oidc_identity-issuer', 'oidc_identity-subject', 'a1', 5000);
insert into claim_token (token_id, token_hash, space_id, name, kind, made_by_account_id, created_at_ms, expires_at_ms, uses_left, uses_taken, last_used_at_ms, source_networks, admits_by_hand, sealed_token, revoked_at_ms, ephemeral_after_ms) values ('t1', '7777777777777777777777777777777777777777777777777777777777777777', 's1', 'Unnamed token', 'named', null, 1000, 9000, 3, 2, null, '[]', 0, null, null, 3600000);
insert into claim_token (token_id, token_hash, space_id, name, kind, made_by_account_id, created_at_ms, expires_at_ms, uses_left, uses_taken, last_used_at_ms, source_networks, admits_by_hand, sealed_token, revoked_at_ms) values ('t2', '8888888888888888888888888888888888888888888888888888888888888888', 's1', 'Unnamed token', 'named', null, 1000, 9000, null, 1, null, '[]', 0, null, 2000);
insert into claim_token_room (token_id, room_id) values ('t1', 'r2');
insert into space_admission (space_id, on_since_ms) values ('s1', 5000);
insert into audit_head (only, seq, hash) values (1, 4, 'f75c5a6e1485f78cbc83c5f3859bcde013471a9dd29eb1f717bc9b7a3cdb504a');
insert into restore (restored_at_ms, backup_made_at_ms) values (6000, 5500);
insert into webhook (webhook_id, space_id, url, kinds, sealed_secret, created_at_ms, last_at_ms, last_outcome) values ('w1', 's1', 'https://hooks.example.net/‮"it''s"', '["node-live"]', 'webhook-sealed_secret', 5000, 5100, 'delivered');
insert into webhook_delivery (delivery_id, webhook_id, kind, body, attempts, created_at_ms, next_at_ms) values ('d1', 'w1', 'node-live', '{"hostname":"web-1"}', 2, 5200, 5300);
insert into webhook_delivery (delivery_id, webhook_id, kind, body, attempts, created_at_ms, next_at_ms) values ('d0', 'w1', 'node-offline', '{"hostname":"web-1"}', 0, 5200, 5200);
insert into room_rule (rule_id, room_id, position, label_key, pattern) values ('rule1', 'r2', 1, null, 'web-*');
insert into room_rule (rule_id, room_id, position, label_key, pattern) values ('rule2', 'r2', 2, 'role', '"it''s"');
insert into room_rule_node (rule_id, node_id) values ('rule1', 'n1');
insert into ephemeral_node (node_id, after_ms, away_ms) values ('n1', 3600000, 60000);
CREATE UNIQUE INDEX room_slug on room (space_id, slug);
CREATE UNIQUE INDEX room_all_nodes on room (space_id) where holds_all_nodes = 1;
CREATE UNIQUE INDEX node_machine on node (space_id, machine_guid);
CREATE INDEX node_public_key on node (public_key_hash);
CREATE INDEX node_room_room on node_room (room_id);
CREATE INDEX space_member_account on space_member (account_id);
CREATE INDEX room_member_account on room_member (account_id);
CREATE INDEX claim_node on claim (node_id);
CREATE INDEX claim_token_used on claim (token_id);
CREATE INDEX claim_space on claim (space_id);
CREATE UNIQUE INDEX invitation_email on invitation (space_id, email);
CREATE INDEX invitation_inviter on invitation (invited_by, space_id);
CREATE INDEX invitation_expiry on invitation (expires_at_ms);
CREATE INDEX invitation_room_room on invitation_room (room_id);
CREATE INDEX session_account on session (account_id);
CREATE INDEX recovery_code_account on recovery_code (account_id);
CREATE INDEX passkey_account on passkey (account_id);
CREATE INDEX password_reset_account on password_reset (account_id);
CREATE INDEX api_token_account on api_token (account_id);
CREATE INDEX api_token_space on api_token (space_id);
CREATE INDEX oidc_identity_account on oidc_identity (account_id);
CREATE INDEX claim_token_expiry on claim_token (expires_at_ms);
CREATE INDEX claim_token_space on claim_token (space_id);
CREATE UNIQUE INDEX claim_token_standing on claim_token (space_id) where kind = 'standing' and revoked_at_ms is null;
CREATE INDEX claim_token_room_room on claim_token_room (room_id);
CREATE INDEX audit_space on audit (space_id, seq);
CREATE INDEX audit_space_account on audit (space_id, account_id);
CREATE INDEX webhook_space on webhook (space_id);
CREATE INDEX webhook_delivery_webhook on webhook_delivery (webhook_id);
CREATE INDEX webhook_delivery_next on webhook_delivery (next_at_ms);
CREATE INDEX room_rule_room on room_rule (room_id);
CREATE INDEX room_rule_node_node on room_rule_node (node_id);
