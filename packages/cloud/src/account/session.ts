// A session: a browser that signed in. What the cookie holds is 256 random bits; the database holds their hash.

import type { AccountId } from '@claimstead/wire/ids';
import { createHash } from 'node:crypto';
import type { Account } from './account.ts';

/** `__Host-` makes the browser insist on Secure, Path=/ and no Domain. */
export const sessionCookieName = '__Host-claimstead';
export const sessionIdleMs = 8 * 3600 * 1000;
export const sessionAbsoluteMs = 7 * 24 * 3600 * 1000;
/** A request renews the idle time at most this often, so that reading costs no disk write. */
export const sessionTouchMs = 60 * 1000;
/** 32 bytes as base64url. */
const secretShape = /^[A-Za-z0-9_-]{43}$/;

export interface Session {
  sessionHash: string;
  accountId: AccountId;
  createdAtMs: number;
  lastUsedAtMs: number;
}

export interface SessionStore {
  create(session: Session): Promise<void>;
  byHash(sessionHash: string): Promise<Session | undefined>;
  touch(sessionHash: string, atMs: number): Promise<void>;
  end(sessionHash: string): Promise<void>;
  endAllOf(accountId: AccountId): Promise<void>;
  /** Removes what expired before these times. */
  sweep(createdBeforeMs: number, usedBeforeMs: number): Promise<void>;
}

/** Who asks, as far as a session tells. */
export interface SignedIn {
  accountId: AccountId;
  email: string;
  name: string;
  passwordIsInitial: boolean;
  /** The hash, which signs nobody in: it names the session on the bus. */
  sessionId: string;
  expiresAtMs: number;
}

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

/** Sessions as the rest of the Cloud uses them. */
export interface Sessions {
  /** A new session, always under a new secret: an id known from before the sign-in is worth nothing. */
  open(account: Account): Promise<{ secret: string; signedIn: SignedIn }>;
  /** Undefined for anything but a living session. Reading it renews its idle time. */
  bySecret(secret: string): Promise<SignedIn | undefined>;
  end(signedIn: SignedIn): Promise<void>;
  endAllOf(accountId: AccountId): Promise<void>;
  sweep(): Promise<void>;
}

export interface SessionParts {
  store: SessionStore;
  accountById: (accountId: AccountId) => Promise<Account | undefined>;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  /** `sessionId` null = all of the account. */
  onEnded: (accountId: AccountId, sessionId: string | null) => void;
}

export function createSessions({ store, accountById, now, random, onEnded }: SessionParts): Sessions {
  const view = (session: Session, account: Account): SignedIn => ({
    accountId: account.accountId,
    email: account.email,
    name: account.name,
    passwordIsInitial: account.passwordIsInitial,
    sessionId: session.sessionHash,
    expiresAtMs: sessionExpiryMs(session),
  });
  return {
    async open(account) {
      const secret = Buffer.from(random(32)).toString('base64url');
      const at = now();
      const session = {
        sessionHash: hashSessionSecret(secret),
        accountId: account.accountId,
        createdAtMs: at,
        lastUsedAtMs: at,
      };
      await store.create(session);
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
        await store.touch(session.sessionHash, at);
      }
      return view(session, account);
    },
    async end(signedIn) {
      await store.end(signedIn.sessionId);
      onEnded(signedIn.accountId, signedIn.sessionId);
    },
    async endAllOf(accountId) {
      await store.endAllOf(accountId);
      onEnded(accountId, null);
    },
    sweep: () => store.sweep(now() - sessionAbsoluteMs, now() - sessionIdleMs),
  };
}

/** The value of Set-Cookie that signs a browser in. It lives as long as the session may; the server decides all the same. */
export const sessionCookie = (secret: string): string =>
  `${sessionCookieName}=${secret}; Max-Age=${sessionAbsoluteMs / 1000}; Path=/; Secure; HttpOnly; SameSite=Lax`;

export const endedSessionCookie = `${sessionCookieName}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`;

/** The session's secret in a Cookie header. Undefined when there is none, or more than one: then somebody planted a second. */
export function sessionSecretIn(cookieHeader: string | undefined): string | undefined {
  if (cookieHeader === undefined) return undefined;
  const values = cookieHeader
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${sessionCookieName}=`));
  return values.length === 1 ? values[0]?.slice(sessionCookieName.length + 1) : undefined;
}
