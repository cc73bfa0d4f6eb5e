// POST /session/second-factor, POST /account/two-step, /account/two-step/confirm, /account/two-step/off, /account/recovery-codes.

import { PasswordProof, RecoveryCodes, TwoStepConfirm, TwoStepSetup } from '@claimstead/wire/cloud-api/account';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { SecondFactorProof, SessionView } from '@claimstead/wire/cloud-api/session';
import { CloudError } from '@claimstead/wire/errors';
import type { Account, AccountStore } from '../account/account.ts';
import type { Entrance, SignInWay } from '../account/entrance.ts';
import { toSessionView } from '../account/session-routes.ts';
import type { SignedIn } from '../account/session.ts';
import type { ShortLived } from '../account/short-lived.ts';
import { confirmPassword, guessing, type SignInParts } from '../account/sign-in.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import type { SecondFactors } from './second-factor.ts';

/**
 * Codes that are looked at, of one account whatever the network: six digits are guessed by who has the password and a thousand addresses. Who
 * has no password uses up nobody's tries.
 */
export const codeLimit = { tries: 20, windowMs: 3600_000, maxKeys: 10_000 };

export interface SecondFactorRoutesParts {
  accounts: AccountStore;
  secondFactors: SecondFactors;
  pending: ShortLived<PendingSignIn>;
  codeGuesses: RateLimit;
  signInParts: SignInParts;
  entrance: Entrance;
  events: Events;
}

export function secondFactorRoutes(parts: SecondFactorRoutesParts): RouteEntry[] {
  const { accounts, secondFactors, pending, codeGuesses, signInParts, entrance, events } = parts;
  const known = async (who: SignedIn): Promise<Account> => {
    const account = await accounts.byId(who.accountId);
    if (account === undefined) throw new CloudError('sign-in-required');
    return account;
  };
  /** Counted like a password, and per account beside that. */
  const guessCode = async <T>(
    account: Account,
    sourceNetwork: string,
    look: () => Promise<T | undefined>,
  ): Promise<T> => {
    if (!codeGuesses.take(account.accountId)) {
      await signInParts.noteRefusal({
        accountId: account.accountId,
        sourceNetwork,
        errorKind: 'too-many-sign-ins',
        by: 'second factor',
      });
      throw new CloudError('too-many-sign-ins');
    }
    let found: T | undefined;
    const guess = {
      email: account.email,
      sourceNetwork,
      by: 'second factor',
      refusedAs: 'second-factor-refused',
    } as const;
    await guessing(signInParts, guess, async () => {
      found = await look();
      return { account, fits: found !== undefined };
    });
    codeGuesses.giveBack(account.accountId);
    if (found === undefined) throw new CloudError('second-factor-refused');
    return found;
  };
  return [
    route({
      method: 'POST',
      path: `${apiBase}/session/second-factor`,
      permission: 'public',
      summary: 'The second step of a sign-in; the answer sets the session cookie.',
      body: SecondFactorProof,
      responses: { 200: SessionView },
      handle: async (request) => {
        const { challenge, code } = request.body;
        const { sourceNetwork } = request;
        const first = pending.look(challenge);
        const account = first === undefined ? undefined : await accounts.byId(first.accountId);
        if (first === undefined || account?.passwordHash !== first.passwordHash)
          throw new CloudError('sign-in-expired');
        const by = await guessCode(account, sourceNetwork, () =>
          secondFactors.check(account.accountId, code, sourceNetwork),
        );
        // Gone only now: a mistyped code does not ask for the password again. Of two that come at once one gets in.
        if (pending.take(challenge) === undefined) throw new CloudError('sign-in-expired');
        if (by === 'recovery code') events.recoveryCodeUsed({ accountId: account.accountId, sourceNetwork });
        const way: SignInWay = `${first.by}, ${by}`;
        const { signedIn, cookie } = await entrance.enter(account, way, request);
        return { status: 200, headers: { 'set-cookie': cookie }, body: toSessionView(signedIn) };
      },
    }),
    route({
      method: 'POST',
      path: `${apiBase}/account/two-step`,
      permission: 'own-session',
      summary: 'Begins to set up two-step sign-in: a secret for an authenticator app.',
      body: PasswordProof,
      responses: { 200: TwoStepSetup },
      handle: async ({ who, body, sourceNetwork }) => {
        const account = await known(who);
        await confirmPassword(signInParts, account, body.password, sourceNetwork);
        return { status: 200, body: await secondFactors.begin(account) };
      },
    }),
    route({
      method: 'POST',
      path: `${apiBase}/account/two-step/confirm`,
      permission: 'own-session',
      summary: 'Turns two-step sign-in on, by a code of the app that was set up; answers the recovery codes.',
      body: TwoStepConfirm,
      responses: { 200: RecoveryCodes },
      handle: async ({ who, body, sourceNetwork }) => {
        const account = await known(who);
        const recoveryCodes = await guessCode(account, sourceNetwork, () =>
          secondFactors.turnOn(account.accountId, body.code, sourceNetwork),
        );
        events.secondFactorOn({ accountId: account.accountId });
        return { status: 200, body: { recoveryCodes } };
      },
    }),
    route({
      method: 'POST',
      path: `${apiBase}/account/two-step/off`,
      permission: 'own-session',
      summary: 'Turns two-step sign-in off.',
      body: PasswordProof,
      handle: async ({ who, body, sourceNetwork }) => {
        const account = await known(who);
        await confirmPassword(signInParts, account, body.password, sourceNetwork);
        if (await secondFactors.turnOff(account.accountId, sourceNetwork))
          events.secondFactorOff({ accountId: account.accountId });
        return { status: 204 };
      },
    }),
    route({
      method: 'POST',
      path: `${apiBase}/account/recovery-codes`,
      permission: 'own-session',
      summary: 'Makes new recovery codes; the earlier ones are void.',
      body: PasswordProof,
      responses: { 200: RecoveryCodes },
      handle: async ({ who, body, sourceNetwork }) => {
        const account = await known(who);
        await confirmPassword(signInParts, account, body.password, sourceNetwork);
        const recoveryCodes = await secondFactors.newRecoveryCodes(account.accountId, sourceNetwork);
        events.recoveryCodesMade({ accountId: account.accountId });
        return { status: 200, body: { recoveryCodes } };
      },
    }),
  ];
}
