// A new password for whoever lost it: a link with a secret, good once, for an hour. By mail, or from the private socket. Reading order:
// password-reset.ts, password-reset-store.ts (SQL), reset-letters.ts (sends it), password-reset-routes.ts (HTTP).

import { createHash } from 'node:crypto';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import { checkNewPassword, type Account } from '../account/account.ts';
import type { PasswordHasher } from '../account/password.ts';
import type { AuditEntry } from '../audit/audit.ts';
import type { Events } from '../events.ts';

export const resetLifetimeMs = 3600_000;

export interface PasswordReset {
  resetHash: string;
  accountId: AccountId;
  createdAtMs: number;
  expiresAtMs: number;
}

export interface PasswordResetStore {
  /**
   * Earlier ones stay good: otherwise whoever asks in somebody's name voids the link that they are about to open. False where the account has another address than `email` by now: who reads that one's mailbox is not who asked.
   */
  add(reset: PasswordReset, email: string, told: AuditEntry): Promise<boolean>;
  byHash(resetHash: string): Promise<PasswordReset | undefined>;
  /** Takes the link and the account's others, sets the password, ends every session, all or nothing. False where the link is gone or over by then. */
  redeem(redeemed: { resetHash: string; passwordHash: string; atMs: number }, told: Told): Promise<boolean>;
  sweep(nowMs: number): Promise<void>;
}

type Told = Omit<AuditEntry, 'accountId'>;

export interface PasswordResets {
  /** A link for that account, at that address. `sourceNetwork` undefined = the private socket. Throws `not-found` where the address is another by now. */
  makeLink(
    account: Pick<Account, 'accountId' | 'email'>,
    sourceNetwork: string | undefined,
  ): Promise<{ link: string; expiresAtMs: number }>;
  /** Throws `reset-refused`, `password-too-weak` or `overloaded`. */
  redeem(secret: string, newPassword: string, sourceNetwork: string): Promise<void>;
}

export interface PasswordResetParts {
  store: PasswordResetStore;
  hasher: PasswordHasher;
  publicUrl: URL;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  onAllSessionsEnded: (accountId: AccountId) => void;
  events: Events;
}

export function createPasswordResets(parts: PasswordResetParts): PasswordResets {
  const { store, hasher, now, random, events } = parts;
  const from = (sourceNetwork: string | undefined) => (sourceNetwork === undefined ? {} : { sourceNetwork });
  return {
    async makeLink({ accountId, email }, sourceNetwork) {
      const secret = Buffer.from(random(32)).toString('base64url');
      const createdAtMs = now();
      const expiresAtMs = createdAtMs + resetLifetimeMs;
      const isAdded = await store.add({ resetHash: hashOf(secret), accountId, createdAtMs, expiresAtMs }, email, {
        kind: 'password-reset-asked',
        atMs: createdAtMs,
        ...from(sourceNetwork),
        // Of whom, not by whom: nobody is signed in.
        details: { ofAccount: accountId },
      });
      if (!isAdded) throw new CloudError('not-found');
      events.passwordResetAsked({ accountId });
      // A fragment stays in the browser: it is in no request, no log and no Referer.
      return { link: `${parts.publicUrl.origin}/reset-password#${secret}`, expiresAtMs };
    },
    async redeem(secret, newPassword, sourceNetwork) {
      const resetHash = hashOf(secret);
      const reset = await store.byHash(resetHash);
      // Before the hash: a stranger does not keep the hasher busy.
      if (reset === undefined || reset.expiresAtMs <= now()) throw new CloudError('reset-refused');
      checkNewPassword(newPassword);
      const passwordHash = await hasher.hash(newPassword);
      const atMs = now();
      const told: Told = {
        kind: 'password-reset',
        atMs,
        ...from(sourceNetwork),
        details: { ofAccount: reset.accountId },
      };
      if (!(await store.redeem({ resetHash, passwordHash, atMs }, told))) throw new CloudError('reset-refused');
      parts.onAllSessionsEnded(reset.accountId);
      events.passwordReset({ accountId: reset.accountId });
    },
  };
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
