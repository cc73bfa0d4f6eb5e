// API tokens: what a program signs in with, to one Space, for a time. Made once, shown once, kept as a hash. Reading order: api-token.ts,
// api-token-store.ts (SQL), api-token-routes.ts (HTTP); who a request with one is: http/authenticate.ts.

import { hashScannableToken, isScannableToken, makeScannableToken } from '@claimstead/wire/claim/scannable-token';
import { lowerRole, type Role } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import type { Account } from '../account/account.ts';
import { unlessStorageFails, type SignedIn } from '../account/session.ts';
import type { AuditEntry } from '../audit/audit.ts';

const prefix = 'csa_';
const dayMs = 24 * 3600 * 1000;
/** A use is written down at most this often, so that reading costs no disk write. */
const touchMs = 60_000;
/** More than an account has programs. */
const mostTokens = 50;
/** An expired one stays in the list for a while, so that its owner sees why the program is refused. */
export const expiredTokenKeptMs = 30 * dayMs;

export interface ApiToken {
  apiTokenId: string;
  tokenHash: string;
  accountId: AccountId;
  spaceId: SpaceId;
  name: string;
  role: Role;
  createdAtMs: number;
  expiresAtMs: number;
  lastUsedAtMs: number | null;
}

export interface ApiTokenStore {
  /** False where the account has `most` of them. */
  add(token: ApiToken, most: number, told: AuditEntry): Promise<boolean>;
  byHash(tokenHash: string): Promise<ApiToken | undefined>;
  /** Newest first. */
  ofAccount(accountId: AccountId): Promise<ApiToken[]>;
  touch(apiTokenId: string, atMs: number): Promise<void>;
  /** Undefined where the account has none of that id. */
  remove(accountId: AccountId, apiTokenId: string, told: AuditEntry): Promise<ApiToken | undefined>;
  sweep(expiredBeforeMs: number): Promise<void>;
}

export interface ApiTokens {
  /** Undefined for anything but a token that is good now. */
  bySecret(text: string): Promise<SignedIn | undefined>;
  /** Throws `not-found` where the account is not in that Space, `forbidden` where the role is more than its own there. */
  make(wanted: NewApiToken, sourceNetwork: string): Promise<{ token: string; kept: ApiToken }>;
  ofAccount(accountId: AccountId): Promise<ApiToken[]>;
  /** False where there is none. Refused from the next request on; what it asked for and waits for is cut. */
  revoke(accountId: AccountId, apiTokenId: string, sourceNetwork: string): Promise<boolean>;
  sweep(): Promise<void>;
}

export interface NewApiToken {
  accountId: AccountId;
  spaceId: SpaceId;
  name: string;
  role: Role;
  days: number;
}

export interface ApiTokenParts {
  store: ApiTokenStore;
  /** Like `store.byHash`, but may be a moment old. */
  recentByHash: ApiTokenStore['byHash'];
  accountById: (accountId: AccountId) => Promise<Account | undefined>;
  roleIn: (spaceId: SpaceId, accountId: AccountId) => Promise<Role | undefined>;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  onEnded: (accountId: AccountId, tokenHash: string) => void;
}

export function createApiTokens(parts: ApiTokenParts): ApiTokens {
  const { store, recentByHash, accountById, roleIn, now, random, newId, onEnded } = parts;
  return {
    async bySecret(text) {
      if (!isScannableToken(prefix, text)) return undefined;
      const token = await recentByHash(hashScannableToken(text));
      const at = now();
      // One from the future was made before the clock was set back; it ends rather than live longer than it may.
      if (token === undefined || token.expiresAtMs <= at || token.createdAtMs > at + 5 * 60_000) return undefined;
      const account = await accountById(token.accountId);
      if (account === undefined) return undefined;
      if (at - (token.lastUsedAtMs ?? 0) >= touchMs) {
        token.lastUsedAtMs = at;
        await unlessStorageFails(store.touch(token.apiTokenId, at));
      }
      const { accountId, email, name, passwordIsInitial } = account;
      return {
        accountId,
        email,
        name,
        passwordIsInitial,
        sessionId: token.tokenHash,
        expiresAtMs: token.expiresAtMs,
        narrowedTo: {
          spaceId: token.spaceId,
          role: token.role,
          apiToken: { apiTokenId: token.apiTokenId, name: token.name, accountId },
        },
      };
    },
    async make({ accountId, spaceId, name, role, days }, sourceNetwork) {
      const own = await roleIn(spaceId, accountId);
      if (own === undefined) throw new CloudError('not-found');
      if (lowerRole(own, role) !== role)
        throw new CloudError('forbidden', { detail: 'A token can do no more than its owner; choose a lower role.' });
      const token = makeScannableToken(prefix, random);
      const createdAtMs = now();
      const kept: ApiToken = {
        apiTokenId: newId(),
        tokenHash: hashScannableToken(token),
        accountId,
        spaceId,
        name,
        role,
        createdAtMs,
        expiresAtMs: createdAtMs + days * dayMs,
        lastUsedAtMs: null,
      };
      const told: AuditEntry = {
        kind: 'api-token-made',
        atMs: createdAtMs,
        accountId,
        spaceId,
        tokenId: kept.apiTokenId,
        sourceNetwork,
        details: { name, role, days },
      };
      if (!(await store.add(kept, mostTokens, told)))
        throw new CloudError('invalid-request', { detail: `An account has at most ${mostTokens} tokens; revoke one.` });
      return { token, kept };
    },
    ofAccount: (accountId) => store.ofAccount(accountId),
    async revoke(accountId, apiTokenId, sourceNetwork) {
      const told: AuditEntry = {
        kind: 'api-token-revoked',
        atMs: now(),
        accountId,
        tokenId: apiTokenId,
        sourceNetwork,
      };
      const removed = await store.remove(accountId, apiTokenId, told);
      if (removed === undefined) return false;
      onEnded(accountId, removed.tokenHash);
      return true;
    },
    sweep: () => store.sweep(now() - expiredTokenKeptMs),
  };
}
