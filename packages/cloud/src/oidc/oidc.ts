// Signing in at an OpenID Connect issuer, where the operator named one. Reading order: oidc.ts (who may come in as whom), oidc-client.ts (the
// protocol, by the library openid-client), oidc-store.ts (SQL), oidc-routes.ts (HTTP).

import { GivenName } from '@claimstead/wire/cloud-api/spaces';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import { canonicalEmail, type Account } from '../account/account.ts';
import type { AuditEntry } from '../audit/audit.ts';
import { UniqueViolation } from '../storage/storage.ts';

/** What the issuer says of somebody, checked for who said it and for whom. */
export interface IssuerClaims {
  issuer: string;
  /** Its own name for them, which never changes. */
  subject: string;
  email: string | undefined;
  emailIsVerified: boolean;
  name: string | undefined;
}

export interface OidcStore {
  accountOf(issuer: string, subject: string): Promise<AccountId | undefined>;
  /** Does nothing where that identity, or that account at this issuer, is linked already; false then. */
  link(
    identity: { issuer: string; subject: string; accountId: AccountId; atMs: number },
    told: AuditEntry,
  ): Promise<boolean>;
  /** Makes the account with its link. Throws UniqueViolation where the address was taken meanwhile. */
  createAccount(account: Account, identity: { issuer: string; subject: string }, told: AuditEntry): Promise<void>;
}

export interface OidcAdmission {
  /** Empty = every domain. */
  domains: readonly string[];
  createAccounts: boolean;
}

export interface OidcParts extends OidcAdmission {
  store: OidcStore;
  accountById: (accountId: AccountId) => Promise<Account | undefined>;
  accountByEmail: (email: string) => Promise<Account | undefined>;
  /** Whether somebody was asked to join under that address. */
  isInvited: (email: string) => Promise<boolean>;
  /** A hash of a password that nobody knows: the account has none until it is reset. */
  unknownPassword: () => Promise<string>;
  now: () => number;
  newId: () => string;
}

/**
 * Whose account that is. An identity that is known is that account's for ever, whatever address it shows; one that is not is linked by its
 * address, and only where the issuer has verified that. Throws `oidc-refused`.
 */
export async function admit(parts: OidcParts, claims: IssuerClaims, sourceNetwork: string): Promise<Account> {
  try {
    return await admitOnce(parts, claims, sourceNetwork);
  } catch (cause) {
    if (!(cause instanceof UniqueViolation)) throw cause;
    // Somebody made that account at the same moment, mostly they themselves with a second answer of the issuer: now it is there.
    return admitOnce(parts, claims, sourceNetwork);
  }
}

async function admitOnce(parts: OidcParts, claims: IssuerClaims, sourceNetwork: string): Promise<Account> {
  const { store, now } = parts;
  const { issuer, subject } = claims;
  const email = claims.email !== undefined && claims.emailIsVerified ? canonicalEmail(claims.email) : undefined;
  const domain = email?.split('@').at(-1) ?? '';
  if (parts.domains.length > 0 && !parts.domains.includes(domain)) throw new CloudError('oidc-refused');
  const linked = await store.accountOf(issuer, subject);
  const known = linked === undefined ? undefined : await parts.accountById(linked);
  if (known !== undefined) return known;
  if (email === undefined || !/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(email)) throw new CloudError('oidc-refused');
  const atMs = now();
  const existing = await parts.accountByEmail(email);
  if (existing !== undefined) {
    const { accountId } = existing;
    const told: AuditEntry = { kind: 'oidc-linked', atMs, accountId, sourceNetwork, details: { issuer } };
    const isLinked = await store.link({ issuer, subject, accountId, atMs }, told);
    // They may have come back twice at once, and the other answer linked them.
    if (!isLinked && (await store.accountOf(issuer, subject)) !== accountId) throw new CloudError('oidc-refused');
    return existing;
  }
  if (!parts.createAccounts && !(await parts.isInvited(email))) throw new CloudError('oidc-refused');
  const account: Account = {
    accountId: parts.newId() as AccountId,
    email,
    name: plainName(claims.name) ?? email.split('@')[0] ?? email,
    passwordHash: await parts.unknownPassword(),
    passwordIsInitial: false,
    createdAtMs: atMs,
  };
  const { accountId } = account;
  const told: AuditEntry = { kind: 'account-made', atMs, accountId, sourceNetwork, details: { by: 'oidc', issuer } };
  await store.createAccount(account, { issuer, subject }, told);
  return account;
}

/** As a name of ours may be: one line, printable, not too long. */
function plainName(name: string | undefined): string | undefined {
  const plain = (name ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 64);
  // The cut may have left half a character.
  return GivenName.safeParse(plain.replace(/\p{Cs}$/u, '')).data;
}
