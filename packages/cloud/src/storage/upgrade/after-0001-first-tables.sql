CREATE TABLE "migration" ("name" text primary key, "applied_at_ms" integer not null);
CREATE TABLE account (
    account_id text primary key,
    email text not null unique,
    name text not null,
    password_hash text not null,
    password_is_initial bigint not null,
    created_at_ms bigint not null
  );
CREATE TABLE session (
    session_hash text primary key,
    account_id text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null,
    last_used_at_ms bigint not null
  );
CREATE TABLE space (
    space_id text primary key,
    name text not null,
    named_at_ms bigint,
    created_at_ms bigint not null
  );
CREATE TABLE space_member (
    space_id text not null references space (space_id) on delete cascade,
    account_id text not null references account (account_id) on delete cascade,
    role text not null check (role in ('admin', 'member')),
    primary key (space_id, account_id)
  );
CREATE TABLE room (
    room_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    slug text not null,
    name text not null,
    holds_all_nodes bigint not null,
    created_at_ms bigint not null
  );
CREATE TABLE claim_token (
    token_id text primary key,
    token_hash text not null unique,
    space_id text not null references space (space_id) on delete cascade,
    created_at_ms bigint not null,
    expires_at_ms bigint not null,
    uses_left bigint check (uses_left is null or uses_left >= 0)
  );
CREATE TABLE claim_token_room (
    token_id text not null references claim_token (token_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (token_id, room_id)
  );
CREATE TABLE node (
    node_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    machine_guid text not null,
    claim_id text not null unique,
    hostname text not null,
    public_key_pem text not null,
    public_key_hash text not null,
    claimed_at_ms bigint not null,
    first_live_at_ms bigint,
    first_sample_at_ms bigint,
    last_live_at_ms bigint
  );
CREATE TABLE node_room (
    node_id text not null references node (node_id) on delete cascade,
    room_id text not null references room (room_id) on delete cascade,
    primary key (node_id, room_id)
  );
CREATE TABLE claim (
    claim_id text primary key,
    space_id text not null references space (space_id) on delete cascade,
    node_id text references node (node_id) on delete set null,
    token_id text references claim_token (token_id) on delete set null,
    claimed_at_ms bigint not null,
    ended_at_ms bigint,
    ended_because text check (ended_because in ('replaced', 'removed'))
  );
insert into migration (name, applied_at_ms) values ('0001-first-tables', 1);
insert into account (account_id, email, name, password_hash, password_is_initial, created_at_ms) values ('a1', 'ada@example.net', 'Ada', '$argon2id$x', 0, 1000);
insert into account (account_id, email, name, password_hash, password_is_initial, created_at_ms) values ('a2', 'bob@example.net', 'Bob ‮"quoted''', ' $argon2id$y', 1, 1001);
insert into session (session_hash, account_id, created_at_ms, last_used_at_ms) values ('5555555555555555555555555555555555555555555555555555555555555555', 'a1', 1000, 2000);
insert into space (space_id, name, named_at_ms, created_at_ms) values ('s1', 'Home', 1000, 1000);
insert into space (space_id, name, named_at_ms, created_at_ms) values ('s2', 'Empty', null, 1001);
insert into space_member (space_id, account_id, role) values ('s1', 'a1', 'admin');
insert into space_member (space_id, account_id, role) values ('s1', 'a2', 'member');
insert into space_member (space_id, account_id, role) values ('s2', 'a2', 'admin');
insert into room (room_id, space_id, slug, name, holds_all_nodes, created_at_ms) values ('r1', 's1', 'all-nodes', 'All nodes', 1, 1000);
insert into room (room_id, space_id, slug, name, holds_all_nodes, created_at_ms) values ('r2', 's1', 'attic', 'Attic', 0, 1001);
insert into room (room_id, space_id, slug, name, holds_all_nodes, created_at_ms) values ('r3', 's2', 'all-nodes', 'All nodes', 1, 1001);
insert into claim_token (token_id, token_hash, space_id, created_at_ms, expires_at_ms, uses_left) values ('t1', '7777777777777777777777777777777777777777777777777777777777777777', 's1', 1000, 9000, 3);
insert into claim_token (token_id, token_hash, space_id, created_at_ms, expires_at_ms, uses_left) values ('t2', '8888888888888888888888888888888888888888888888888888888888888888', 's1', 1000, 9000, null);
insert into claim_token_room (token_id, room_id) values ('t1', 'r2');
insert into node (node_id, space_id, machine_guid, claim_id, hostname, public_key_pem, public_key_hash, claimed_at_ms, first_live_at_ms, first_sample_at_ms, last_live_at_ms) values ('n1', 's1', 'g1', 'c1', 'web-1', 'pem', '9999999999999999999999999999999999999999999999999999999999999999', 1500, 1600, 1700, 1800);
insert into node (node_id, space_id, machine_guid, claim_id, hostname, public_key_pem, public_key_hash, claimed_at_ms, first_live_at_ms, first_sample_at_ms, last_live_at_ms) values ('n2', 's1', 'g2', 'c2', 'line
feed', 'pem2', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1501, null, null, null);
insert into node_room (node_id, room_id) values ('n1', 'r2');
insert into claim (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because) values ('c0', 's1', null, 't1', 1200, 1500, 'removed');
insert into claim (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because) values ('c1', 's1', 'n1', 't1', 1500, null, null);
insert into claim (claim_id, space_id, node_id, token_id, claimed_at_ms, ended_at_ms, ended_because) values ('c2', 's1', 'n2', 't2', 1501, null, null);
CREATE INDEX session_account on session (account_id);
CREATE INDEX space_member_account on space_member (account_id);
CREATE UNIQUE INDEX room_slug on room (space_id, slug);
CREATE UNIQUE INDEX room_all_nodes on room (space_id) where holds_all_nodes = 1;
CREATE INDEX claim_token_expiry on claim_token (expires_at_ms);
CREATE INDEX claim_token_room_room on claim_token_room (room_id);
CREATE UNIQUE INDEX node_machine on node (space_id, machine_guid);
CREATE INDEX node_public_key on node (public_key_hash);
CREATE INDEX node_room_room on node_room (room_id);
CREATE INDEX claim_node on claim (node_id);
CREATE INDEX claim_token_used on claim (token_id);
