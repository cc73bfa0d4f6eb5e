// Accounts, for `claimstead admin`.

import { EmailAddress } from '@claimstead/wire/cloud-api/invitations';
import { CloudError } from '@claimstead/wire/errors';
import { parseAccountId } from '@claimstead/wire/ids';
import { canonicalEmail, type Account, type AccountStore } from '../account/account.ts';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import type { PasswordResets } from '../password-reset/password-reset.ts';
import type { SecondFactors } from '../second-factor/second-factor.ts';

export interface AccountCommands {
  /**
   * A link that sets a new password, once, within an hour; for who has lost theirs and gets no mail. `secondFactorOff` for who lost the phone and
   * the recovery codes, too.
   */
  resetPassword(wanted: { email: string; secondFactorOff: boolean }): Promise<{ link: string; expiresAt: string }>;
  /** They sign in with `newEmail` from now on, and stay signed in where they are. */
  changeEmail(wanted: { email: string; newEmail: string }): Promise<{ email: string }>;
}

export interface AccountCommandsParts {
  accounts: AccountStore;
  bus: Bus;
  now: () => number;
  resets: PasswordResets;
  secondFactors: SecondFactors;
  events: Events;
}

/** By e-mail address or id. Throws `not-found`. */
export async function accountNamed(
  accounts: Pick<AccountStore, 'byEmail' | 'byId'>,
  emailOrId: string,
): Promise<Account> {
  const accountId = parseAccountId(emailOrId);
  const account =
    accountId === undefined ? await accounts.byEmail(canonicalEmail(emailOrId)) : await accounts.byId(accountId);
  if (account === undefined)
    throw new CloudError('not-found', {
      detail: 'No account has that e-mail address or id; see claimstead admin account list.',
    });
  return account;
}

export function createAccountCommands(parts: AccountCommandsParts): AccountCommands {
  return {
    async resetPassword({ email, secondFactorOff }) {
      const account = await accountNamed(parts.accounts, email);
      const { accountId } = account;
      if (secondFactorOff && (await parts.secondFactors.turnOff(accountId, undefined)))
        parts.events.secondFactorOff({ accountId });
      const { link, expiresAtMs } = await parts.resets.makeLink(account, undefined);
      return { link, expiresAt: new Date(expiresAtMs).toISOString() };
    },
    async changeEmail({ email, newEmail }) {
      const { accountId } = await accountNamed(parts.accounts, email);
      const { data: given } = EmailAddress.safeParse(newEmail);
      if (given === undefined)
        throw new CloudError('invalid-request', {
          detail: 'The new address must be an e-mail address, e.g. ada@example.net.',
        });
      const to = canonicalEmail(given);
      const invitedBy = await parts.accounts.changeEmail(accountId, to, parts.now());
      for (const spaceId of invitedBy) parts.bus.publish('members-changed', { spaceId });
      parts.bus.publish('account-changed', { accountId });
      parts.events.accountEmailChanged({ accountId });
      return { email: to };
    },
  };
}
