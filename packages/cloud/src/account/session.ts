// A session: a browser that signed in. What the cookie holds is 256 random bits; the database holds their hash.

import type { Role } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import { createHash } from 'node:crypto';
import type { ActingToken } from '../audit/acting-token.ts';
import type { AuditEntry } from '../audit/audit.ts';
import type { Account } from './account.ts';

/** `__Host-` makes the browser insist on Secure, Path=/ and no Domain. */
export const sessionCookieName = '__Host-claimstead';
export const sessionIdleMs = 8 * 3600 * 1000;
export const sessionAbsoluteMs = 7 * 24 * 3600 * 1000;
/** A request renews the idle time at most this often, so that reading costs no disk write. */
export const sessionTouchMs = 60 * 1000;
/** 32 bytes as base64url. */
const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** From where somebody acts. */
export interface Place {
  sourceNetwork: string;
  /** In words (browser-words.ts). */
  browser: string;
}

export interface Session {
  sessionHash: string;
  /** A UUID: what it is called where people look through their sessions. */
  publicId: string;
  accountId: AccountId;
  createdAtMs: number;
  lastUsedAtMs: number;
  /** Null = before that was written down. */
  sourceNetwork: string | null;
  browser: string | null;
}

export interface SessionStore {
  /**
   * `told` is written with it. False where the account's password is another by now than when it was looked at: who proved something before it
   * changed must not outlive the end of all its sessions.
   */
  create(session: Session, passwordHash: string, told: AuditEntry): Promise<boolean>;
  byHash(sessionHash: string): Promise<Session | undefined>;
  /** Newest first. */
  ofAccount(accountId: AccountId): Promise<Session[]>;
  touch(sessionHash: string, atMs: number): Promise<void>;
  /** Ends those of the account that are named by hash; answers how many there were. None: `told` is not written. */
  end(accountId: AccountId, sessionHashes: readonly string[], told: AuditEntry): Promise<number>;
  /** Removes what expired before these times. */
  sweep(createdBeforeMs: number, usedBeforeMs: number): Promise<void>;
}

/** Who asks, as far as a session or an API token tells. */
export interface SignedIn {
  accountId: AccountId;
  email: string;
  name: string;
  passwordIsInitial: boolean;
  /** The hash, which signs nobody in: it names the session, or the token, on the bus. */
  sessionId: string;
  expiresAtMs: number;
  /** Of an API token: this Space alone, and no more than this role. */
  narrowedTo?: { spaceId: SpaceId; role: Role; apiToken: ActingToken };
}

/** The most that who asks may be when a transaction looks at roles; null = what they are. */
export const roleAtMost = ({ narrowedTo }: Pick<SignedIn, 'narrowedTo'>): Role | null => narrowedTo?.role ?? null;

export const hashSessionSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** When a session ends if it is used now and never again. */
export const sessionExpiryMs = (session: Session): number =>
  Math.min(session.createdAtMs + sessionAbsoluteMs, session.lastUsedAtMs + sessionIdleMs);

/**
 * Both clocks matter: a session that was created in the future was written before the clock was set back, and ends rather than
 * live longer than it may.
 */
export const sessionIsOver = (session: Session, nowMs: number): boolean =>
  nowMs >= sessionExpiryMs(session) || session.createdAtMs > nowMs + clockToleranceMs;

const clockToleranceMs = 5 * 60 * 1000;

/** Sessions as the rest of the Cloud uses them. What ends one tells the bus, which cuts its sockets and running requests. */
export interface Sessions {
  /**
   * A new session, always under a new secret: an id known from before the sign-in is worth nothing. `told` says in the audit how it came to be.
   * Throws `sign-in-expired` where the password was changed since `account` was read.
   */
  open(account: Account, place: Place, told: Told): Promise<{ secret: string; signedIn: SignedIn }>;
  /** Undefined for anything but a living session. Reading it renews its idle time. */
  bySecret(secret: string): Promise<SignedIn | undefined>;
  /** Whether it still lives; to look does not renew it. */
  isOpen(signedIn: Pick<SignedIn, 'sessionId'>): Promise<boolean>;
  /** The living ones of an account, newest first. */
  ofAccount(accountId: AccountId): Promise<Session[]>;
  /** Sign-out. */
  end(signedIn: SignedIn, sourceNetwork: string): Promise<void>;
  /** One of the account's own by its public id; false = there is none. */
  endOne(signedIn: SignedIn, publicId: string, sourceNetwork: string): Promise<boolean>;
  /** All but the one that asks, or that one, too; answers how many. */
  endMany(signedIn: SignedIn, which: 'others' | 'all', sourceNetwork: string): Promise<number>;
  /** All of an account were ended by what wrote something else, e.g. a new password (endSessionsOf): the rest is told here. */
  allEnded(accountId: AccountId): void;
  sweep(): Promise<void>;
}

export type Told = Pick<AuditEntry, 'kind' | 'details'>;

export interface SessionParts {
  store: SessionStore;
  accountById: (accountId: AccountId) => Promise<Account | undefined>;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  /** `sessionId` null = all of the account. */
  onEnded: (accountId: AccountId, sessionId: string | null) => void;
}

export function createSessions({ store, accountById, now, random, newId, onEnded }: SessionParts): Sessions {
  const view = (session: Session, account: Account): SignedIn => ({
    accountId: account.accountId,
    email: account.email,
    name: account.name,
    passwordIsInitial: account.passwordIsInitial,
    sessionId: session.sessionHash,
    expiresAtMs: sessionExpiryMs(session),
  });
  const ofAccount = async (accountId: AccountId): Promise<Session[]> => {
    const at = now();
    return (await store.ofAccount(accountId)).filter((session) => !sessionIsOver(session, at));
  };
  const end = async (accountId: AccountId, ended: readonly string[], told: Told, sourceNetwork: string) => {
    const count = await store.end(accountId, ended, { ...told, atMs: now(), accountId, sourceNetwork });
    for (const sessionHash of ended) onEnded(accountId, sessionHash);
    return count;
  };
  return {
    async open(account, { sourceNetwork, browser }, told) {
      const secret = Buffer.from(random(32)).toString('base64url');
      const at = now();
      const { accountId } = account;
      const session: Session = {
        sessionHash: hashSessionSecret(secret),
        publicId: newId(),
        accountId,
        createdAtMs: at,
        lastUsedAtMs: at,
        sourceNetwork,
        browser,
      };
      const details = { ...told.details, browser };
      const entry: AuditEntry = { kind: told.kind, details, atMs: at, accountId, sourceNetwork };
      if (!(await store.create(session, account.passwordHash, entry)))
        throw new CloudError('sign-in-expired', { detail: 'The password was changed meanwhile; sign in again.' });
      return { secret, signedIn: view(session, account) };
    },
    async bySecret(secret) {
      if (!secretShape.test(secret)) return undefined;
      const session = await store.byHash(hashSessionSecret(secret));
      const at = now();
      if (session === undefined || sessionIsOver(session, at)) return undefined;
      const account = await accountById(session.accountId);
      if (account === undefined) return undefined;
      if (at - session.lastUsedAtMs >= sessionTouchMs) {
        session.lastUsedAtMs = at;
        await unlessStorageFails(store.touch(session.sessionHash, at));
      }
      return view(session, account);
    },
    async isOpen({ sessionId }) {
      const session = await store.byHash(sessionId);
      return session !== undefined && !sessionIsOver(session, now());
    },
    ofAccount,
    async end({ accountId, sessionId }, sourceNetwork) {
      await end(accountId, [sessionId], { kind: 'signed-out' }, sourceNetwork);
    },
    async endOne({ accountId }, publicId, sourceNetwork) {
      const session = (await ofAccount(accountId)).find((one) => one.publicId === publicId);
      if (session === undefined) return false;
      const details = { browser: session.browser ?? '', from: session.sourceNetwork ?? '' };
      return (await end(accountId, [session.sessionHash], { kind: 'sessions-ended', details }, sourceNetwork)) > 0;
    },
    async endMany({ accountId, sessionId }, which, sourceNetwork) {
      const hashes = (await ofAccount(accountId)).map(({ sessionHash }) => sessionHash);
      const ended = which === 'all' ? hashes : hashes.filter((hash) => hash !== sessionId);
      return end(accountId, ended, { kind: 'sessions-ended', details: { which } }, sourceNetwork);
    },
    allEnded: (accountId) => onEnded(accountId, null),
    sweep: () => store.sweep(now() - sessionAbsoluteMs, now() - sessionIdleMs),
  };
}

/** When somebody was seen last is not worth a refusal: on a disk that takes nothing one can read all the same. */
export async function unlessStorageFails(write: Promise<void>): Promise<void> {
  await write.catch((cause: unknown) => {
    if (!(cause instanceof CloudError && cause.kind === 'storage-unavailable')) throw cause;
  });
}

/** The value of Set-Cookie that signs a browser in. It lives as long as the session may; the server decides all the same. */
export const sessionCookie = (secret: string): string =>
  `${sessionCookieName}=${secret}; Max-Age=${sessionAbsoluteMs / 1000}; Path=/; Secure; HttpOnly; SameSite=Lax`;

export const endedSessionCookie = `${sessionCookieName}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`;

/** The session's secret in a Cookie header. */
export const sessionSecretIn = (cookieHeader: string | string[] | undefined): string | undefined =>
  cookieIn(cookieHeader, sessionCookieName);

/** The value of a cookie. Undefined when there is none, or more than one: then somebody planted a second. */
export function cookieIn(cookieHeader: string | string[] | undefined, name: string): string | undefined {
  if (typeof cookieHeader !== 'string') return undefined;
  const values = cookieHeader
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return values.length === 1 ? values[0]?.slice(name.length + 1) : undefined;
}
