// Sessions that people can tell apart, second factors, passkeys, password resets, API tokens and identities of an issuer.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addWaysToSignIn(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** A random UUID (version 4) for a row that had no public id. */
const newUuid = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' ||
  substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`;

const statements = [
  // Sessions of the time before live on; where they came from nobody wrote down.
  `create table session_anew (
    session_hash text primary key,
    public_id text not null unique,
    account_id text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null,
    last_used_at_ms bigint not null,
    source_network text,
    browser text
  )`,
  `insert into session_anew (session_hash, public_id, account_id, created_at_ms, last_used_at_ms)
    select session_hash, ${newUuid}, account_id, created_at_ms, last_used_at_ms from session`,
  `drop table session`,
  `alter table session_anew rename to session`,
  `create index session_account on session (account_id)`,
  `create table totp (
    account_id text primary key references account (account_id) on delete cascade,
    sealed_secret text not null,
    created_at_ms bigint not null,
    enabled_at_ms bigint,
    last_step bigint not null
  )`,
  `create table recovery_code (
    code_hash text primary key,
    account_id text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null
  )`,
  `create index recovery_code_account on recovery_code (account_id)`,
  `create table passkey (
    passkey_id text primary key,
    account_id text not null references account (account_id) on delete cascade,
    credential_id text not null unique,
    public_key text not null,
    counter bigint not null,
    transports text not null,
    name text not null,
    created_at_ms bigint not null,
    last_used_at_ms bigint
  )`,
  `create index passkey_account on passkey (account_id)`,
  `create table password_reset (
    reset_hash text primary key,
    account_id text not null references account (account_id) on delete cascade,
    created_at_ms bigint not null,
    expires_at_ms bigint not null
  )`,
  `create index password_reset_account on password_reset (account_id)`,
  `create table api_token (
    api_token_id text primary key,
    token_hash text not null unique,
    account_id text not null references account (account_id) on delete cascade,
    space_id text not null references space (space_id) on delete cascade,
    name text not null,
    role text not null check (role in ('admin', 'manager', 'troubleshooter', 'observer', 'member')),
    created_at_ms bigint not null,
    expires_at_ms bigint not null,
    last_used_at_ms bigint
  )`,
  `create index api_token_account on api_token (account_id)`,
  `create index api_token_space on api_token (space_id)`,
  `create table sign_in_place (
    account_id text not null references account (account_id) on delete cascade,
    source_network text not null,
    browser text not null,
    last_used_at_ms bigint not null,
    primary key (account_id, source_network, browser)
  )`,
  `create table oidc_identity (
    issuer text not null,
    subject text not null,
    account_id text not null references account (account_id) on delete cascade,
    linked_at_ms bigint not null,
    primary key (issuer, subject)
  )`,
  `create index oidc_identity_account on oidc_identity (account_id)`,
];
