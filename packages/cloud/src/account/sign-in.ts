// Signing in. The limits stand before the hash: a guess that is not looked at costs nothing and tells nothing.

import { CloudError } from '@claimstead/wire/errors';
import type { SignInRequest } from '@claimstead/wire/cloud-api/session';
import type { RateLimit } from '../limit/rate-limit.ts';
import { canonicalEmail, type Account, type AccountStore } from './account.ts';
import type { OneUseCodes } from './one-use-codes.ts';
import type { PasswordHasher } from './password.ts';
import type { NoteRefusal } from './refusals.ts';

/** Guesses that are looked at, per account and network. The owner on a network of their own is never locked out by others. */
export const guessLimit = { tries: 5, windowMs: 15 * 60_000, maxKeys: 10_000 };
/** And per network over all accounts: one address cannot keep the hasher busy by naming a new account each time. */
export const networkGuessLimit = { tries: 50, windowMs: 15 * 60_000, maxKeys: 10_000 };

export interface SignInParts {
  accounts: Pick<AccountStore, 'byEmail' | 'byId'>;
  hasher: PasswordHasher;
  codes: OneUseCodes;
  guesses: RateLimit;
  networkGuesses: RateLimit;
  noteRefusal: NoteRefusal;
}

/** Who that is. Throws `too-many-sign-ins`, `sign-in-refused` or `overloaded`. */
export async function signIn(parts: SignInParts, request: SignInRequest, sourceNetwork: string): Promise<Account> {
  if ('oneUseCode' in request) return signInByCode(parts, request.oneUseCode, sourceNetwork);
  const email = canonicalEmail(request.email);
  return guessing(parts, { email, sourceNetwork, by: 'password' }, async () => {
    const account = await parts.accounts.byEmail(email);
    return { account, fits: await parts.hasher.verify(account?.passwordHash, request.password) };
  });
}

/** The current password, asked again before something grave; counted like a sign-in. Throws the same. */
export async function confirmPassword(
  parts: SignInParts,
  account: Account,
  password: string,
  sourceNetwork: string,
): Promise<void> {
  await guessing(parts, { email: account.email, sourceNetwork, by: 'password again' }, async () => ({
    account,
    fits: await parts.hasher.verify(account.passwordHash, password),
  }));
  // It took a while: a password that was changed meanwhile confirms nothing any more.
  const current = await parts.accounts.byId(account.accountId);
  if (current?.passwordHash !== account.passwordHash)
    throw new CloudError('sign-in-required', { detail: 'The password was changed meanwhile; sign in again.' });
}

/** Codes are 192 random bits for a minute: only the flood is limited. */
async function signInByCode(parts: SignInParts, code: string, sourceNetwork: string): Promise<Account> {
  const refuse = refuser(parts, { sourceNetwork, by: 'one-use code' });
  if (!parts.networkGuesses.take(sourceNetwork)) throw await refuse('too-many-sign-ins');
  const accountId = parts.codes.take(code);
  const account = accountId === undefined ? undefined : await parts.accounts.byId(accountId);
  if (account === undefined)
    throw await refuse('sign-in-refused', {
      detail: 'The one-use code is unknown, used or older than a minute.',
    });
  parts.networkGuesses.giveBack(sourceNetwork);
  return account;
}

/** One guess at a secret of the account under that address: counted, then looked at, and given back where it was right. */
export async function guessing(
  parts: Pick<SignInParts, 'guesses' | 'networkGuesses' | 'noteRefusal'>,
  guess: { email: string; sourceNetwork: string; by: string; refusedAs?: 'second-factor-refused' },
  look: () => Promise<{ account: Account | undefined; fits: boolean }>,
): Promise<Account> {
  const { sourceNetwork } = guess;
  const refuse = refuser(parts, guess);
  const key = `${sourceNetwork} ${guess.email}`;
  if (!parts.networkGuesses.take(sourceNetwork)) throw await refuse('too-many-sign-ins');
  if (!parts.guesses.take(key)) {
    parts.networkGuesses.giveBack(sourceNetwork);
    throw await refuse('too-many-sign-ins');
  }
  const giveBack = (): void => {
    parts.guesses.giveBack(key);
    parts.networkGuesses.giveBack(sourceNetwork);
  };
  let seen: { account: Account | undefined; fits: boolean };
  try {
    seen = await look();
  } catch (cause) {
    // Not looked at: no guess.
    giveBack();
    throw cause;
  }
  if (seen.account === undefined || !seen.fits)
    throw await refuse(guess.refusedAs ?? 'sign-in-refused', {}, seen.account);
  giveBack();
  return seen.account;
}

function refuser({ noteRefusal }: Pick<SignInParts, 'noteRefusal'>, from: { sourceNetwork: string; by: string }) {
  return async (
    errorKind: 'sign-in-refused' | 'second-factor-refused' | 'too-many-sign-ins',
    options: { detail?: string } = {},
    account?: Account,
  ): Promise<CloudError> => {
    const { sourceNetwork, by } = from;
    await noteRefusal({ accountId: account?.accountId, sourceNetwork, errorKind, by });
    return new CloudError(errorKind, options);
  };
}
