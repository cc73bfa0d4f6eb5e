// PUT /account/password.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { PasswordChange } from '@claimstead/wire/cloud-api/session';
import { CloudError } from '@claimstead/wire/errors';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import { checkNewPassword, type AccountStore } from './account.ts';
import { sessionCookie, type Sessions } from './session.ts';
import { confirmPassword, type SignInParts } from './sign-in.ts';

export interface AccountRoutesParts {
  accounts: AccountStore;
  sessions: Sessions;
  signInParts: SignInParts;
  events: Events;
}

export function accountRoutes({ accounts, sessions, signInParts, events }: AccountRoutesParts): RouteEntry[] {
  return [
    route({
      method: 'PUT',
      path: `${apiBase}/account/password`,
      permission: 'signed-in',
      summary: 'Changes the password. Every session of the account ends; the answer sets the cookie of a new one.',
      body: PasswordChange,
      handle: async ({ who, body, sourceNetwork }) => {
        const account = await accounts.byId(who.accountId);
        if (account === undefined) throw new CloudError('sign-in-required');
        await confirmPassword(signInParts, account, body.currentPassword, sourceNetwork);
        checkNewPassword(body.newPassword);
        await accounts.changePassword(account.accountId, await signInParts.hasher.hash(body.newPassword));
        await sessions.endAllOf(account.accountId);
        events.passwordChanged({ accountId: account.accountId });
        const { secret } = await sessions.open({ ...account, passwordIsInitial: false });
        return { status: 204, headers: { 'set-cookie': sessionCookie(secret) } };
      },
    }),
  ];
}
