// GET and PATCH /account, PUT /account/password.

import { AccountChange, AccountView } from '@claimstead/wire/cloud-api/account';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { PasswordChange } from '@claimstead/wire/cloud-api/session';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import { checkNewPassword, type Account, type AccountStore } from './account.ts';
import { placeOf } from './entrance.ts';
import { sessionCookie, type Sessions } from './session.ts';
import { confirmPassword, type SignInParts } from './sign-in.ts';

export interface AccountRoutesParts {
  accounts: AccountStore;
  sessions: Sessions;
  signInParts: SignInParts;
  secondFactors: { status(accountId: AccountId): Promise<AccountView['twoStep']> };
  bus: Bus;
  now: () => number;
  events: Events;
}

export function accountRoutes(parts: AccountRoutesParts): RouteEntry[] {
  const { accounts, sessions, signInParts, bus, now, events } = parts;
  const path = `${apiBase}/account`;
  const view = async (accountId: AccountId): Promise<AccountView> => {
    const { email, name, passwordIsInitial } = await known(accounts, accountId);
    return { id: accountId, email, name, passwordIsInitial, twoStep: await parts.secondFactors.status(accountId) };
  };
  return [
    route({
      method: 'GET',
      path,
      permission: 'own-session',
      summary: 'The account that is signed in.',
      responses: { 200: AccountView },
      handle: async ({ who }) => ({ status: 200, body: await view(who.accountId) }),
    }),
    route({
      method: 'PATCH',
      path,
      permission: 'own-session',
      summary: 'Changes the name that others see.',
      body: AccountChange,
      responses: { 200: AccountView },
      handle: async ({ who: { accountId }, body: { name }, sourceNetwork }) => {
        await accounts.rename(accountId, name, { kind: 'account-renamed', atMs: now(), accountId, sourceNetwork });
        bus.publish('account-changed', { accountId });
        events.accountRenamed({ accountId });
        return { status: 200, body: await view(accountId) };
      },
    }),
    route({
      method: 'PUT',
      path: `${path}/password`,
      permission: 'own-session',
      summary: 'Changes the password. Every session of the account ends; the answer sets the cookie of a new one.',
      body: PasswordChange,
      handle: async (request) => {
        const { body, sourceNetwork } = request;
        const account = await known(accounts, request.who.accountId);
        const { accountId } = account;
        await confirmPassword(signInParts, account, body.currentPassword, sourceNetwork);
        checkNewPassword(body.newPassword);
        const told = { kind: 'password-changed', atMs: now(), accountId, sourceNetwork } as const;
        const passwordHash = await signInParts.hasher.hash(body.newPassword);
        if (!(await accounts.changePassword(accountId, { from: account.passwordHash, to: passwordHash }, told)))
          throw new CloudError('sign-in-required', { detail: 'The password was changed meanwhile; sign in again.' });
        sessions.allEnded(accountId);
        events.passwordChanged({ accountId });
        const fresh = { ...account, passwordHash, passwordIsInitial: false };
        const { secret } = await sessions.open(fresh, placeOf(request), {
          kind: 'signed-in',
          details: { by: 'new password' },
        });
        return { status: 204, headers: { 'set-cookie': sessionCookie(secret) } };
      },
    }),
  ];
}

/** An account that was removed the moment before has no session any more. */
async function known(accounts: AccountStore, accountId: AccountId): Promise<Account> {
  const account = await accounts.byId(accountId);
  if (account === undefined) throw new CloudError('sign-in-required');
  return account;
}
