// Accounts, sessions and sign-in. Reading order of this folder: account.ts (a person), password.ts (hashing), session.ts (a
// signed-in browser), browser-words.ts, sign-in.ts (how one becomes signed in), refusals.ts, places.ts, entrance.ts, short-lived.ts, one-use-codes.ts,
// readable-secret.ts, first-administrator.ts, hand-over-password.ts,
// account-store.ts and session-store.ts (SQL), account-routes.ts, session-list-routes.ts and session-routes.ts (HTTP).

import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import { minimumPasswordCharacters } from '@claimstead/wire/cloud-api/session';
import type { AuditEntry } from '../audit/audit.ts';

export interface Account {
  accountId: AccountId;
  /** Lower case. */
  email: string;
  name: string;
  /** argon2id, PHC text. */
  passwordHash: string;
  /** The one-time password of the first start is still the password. */
  passwordIsInitial: boolean;
  createdAtMs: number;
}

export interface AccountStore {
  byEmail(email: string): Promise<Account | undefined>;
  byId(accountId: AccountId): Promise<Account | undefined>;
  /** The account that was made first, which is an administrator; undefined in an empty database. */
  first(): Promise<Account | undefined>;
  /**
   * Ends every session of the account, too; `told` is written with it. False where the password is not the one of `from` any more: of two who
   * prove the same one at once, the second proved what is none by then.
   */
  changePassword(accountId: AccountId, hashes: { from: string; to: string }, told: AuditEntry): Promise<boolean>;
  rename(accountId: AccountId, name: string, told: AuditEntry): Promise<void>;
  /**
   * `email` as `canonicalEmail` makes it. What whoever reads the old mailbox could use is void: links for a new password, invitations to it, and
   * identities of an issuer that were linked by it. Answers the Spaces that had invited it. Throws `name-taken` where an account has the address.
   */
  changeEmail(accountId: AccountId, email: string, atMs: number): Promise<SpaceId[]>;
}

/**
 * Addresses differ by case in no mail system that people use; `Ada@x` and `ada@x` are one account. Nor do they by the way in which a keyboard
 * composes an accent [RFC 6532 §3.1].
 */
export const canonicalEmail = (text: string): string => text.trim().toLowerCase().normalize('NFC');

/**
 * Length is all that is asked of a password [NIST SP 800-63B §5.1.1.2: no rules of composition], counted in code points as there.
 * Throws `password-too-weak`.
 */
export function checkNewPassword(password: string): void {
  if (Array.from(password.normalize('NFC')).length < minimumPasswordCharacters)
    throw new CloudError('password-too-weak');
}
