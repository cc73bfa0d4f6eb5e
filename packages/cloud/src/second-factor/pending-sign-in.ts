// Between the two steps: somebody proved the first factor and is nobody yet.

import type { SecondFactorNeeded } from '@claimstead/wire/cloud-api/session';
import type { AccountId } from '@claimstead/wire/ids';
import type { ShortLived } from '../account/short-lived.ts';

export interface PendingSignIn {
  accountId: AccountId;
  /** Of the account then: a new password voids what was proved before it. */
  passwordHash: string;
  by: 'password' | 'oidc';
}

/** Long enough to find the phone. */
export const pendingSignInLimits = { lifetimeMs: 5 * 60_000, mostOpen: 10_000 };

export function needSecondFactor(
  pending: ShortLived<PendingSignIn>,
  first: PendingSignIn,
  nowMs: number,
): SecondFactorNeeded {
  const { secret, expiresInMs } = pending.issue(first);
  return { needs: 'second-factor', challenge: secret, expiresAt: new Date(nowMs + expiresInMs).toISOString() };
}
