// Signing in. The limits stand before the hash: a guess that is not looked at costs nothing and tells nothing.

import { CloudError } from '@claimstead/wire/errors';
import type { SignInRequest } from '@claimstead/wire/cloud-api/session';
import type { RateLimit } from '../limit/rate-limit.ts';
import { canonicalEmail, type Account, type AccountStore } from './account.ts';
import type { OneUseCodes } from './one-use-codes.ts';
import type { PasswordHasher } from './password.ts';

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
}

/** Who that is. Throws `too-many-sign-ins`, `sign-in-refused` or `overloaded`. */
export async function signIn(parts: SignInParts, request: SignInRequest, sourceNetwork: string): Promise<Account> {
  if ('oneUseCode' in request) return signInByCode(parts, request.oneUseCode, sourceNetwork);
  const email = canonicalEmail(request.email);
  return guessing(parts, email, sourceNetwork, async () => {
    const account = await parts.accounts.byEmail(email);
    const fits = await parts.hasher.verify(account?.passwordHash, request.password);
    return fits ? account : undefined;
  });
}

/** The current password, asked again before something grave; counted like a sign-in. Throws the same. */
export async function confirmPassword(
  parts: SignInParts,
  account: Account,
  password: string,
  sourceNetwork: string,
): Promise<void> {
  await guessing(parts, account.email, sourceNetwork, async () =>
    (await parts.hasher.verify(account.passwordHash, password)) ? account : undefined,
  );
}

/** Codes are 192 random bits for a minute: only the flood is limited. */
async function signInByCode(parts: SignInParts, code: string, sourceNetwork: string): Promise<Account> {
  if (!parts.networkGuesses.take(sourceNetwork)) throw new CloudError('too-many-sign-ins');
  const accountId = parts.codes.redeem(code);
  const account = accountId === undefined ? undefined : await parts.accounts.byId(accountId);
  if (account === undefined)
    throw new CloudError('sign-in-refused', { detail: 'The one-use code is unknown, used or older than a minute.' });
  parts.networkGuesses.giveBack(sourceNetwork);
  return account;
}

async function guessing(
  parts: SignInParts,
  email: string,
  sourceNetwork: string,
  look: () => Promise<Account | undefined>,
): Promise<Account> {
  const key = `${sourceNetwork} ${email}`;
  if (!parts.networkGuesses.take(sourceNetwork)) throw new CloudError('too-many-sign-ins');
  if (!parts.guesses.take(key)) {
    parts.networkGuesses.giveBack(sourceNetwork);
    throw new CloudError('too-many-sign-ins');
  }
  const giveBack = (): void => {
    parts.guesses.giveBack(key);
    parts.networkGuesses.giveBack(sourceNetwork);
  };
  let account: Account | undefined;
  try {
    account = await look();
  } catch (cause) {
    // Not looked at: no guess.
    giveBack();
    throw cause;
  }
  if (account === undefined) throw new CloudError('sign-in-refused');
  giveBack();
  return account;
}
