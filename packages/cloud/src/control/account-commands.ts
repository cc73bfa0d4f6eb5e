// Accounts, for `claimstead admin`.

import { CloudError } from '@claimstead/wire/errors';
import { canonicalEmail, type AccountStore } from '../account/account.ts';
import type { Events } from '../events.ts';
import type { PasswordResets } from '../password-reset/password-reset.ts';
import type { SecondFactors } from '../second-factor/second-factor.ts';

export interface AccountCommands {
  /**
   * A link that sets a new password, once, within an hour; for who has lost theirs and gets no mail. `secondFactorOff` for who lost the phone and
   * the recovery codes, too.
   */
  resetPassword(wanted: { email: string; secondFactorOff: boolean }): Promise<{ link: string; expiresAt: string }>;
}

export interface AccountCommandsParts {
  accounts: AccountStore;
  resets: PasswordResets;
  secondFactors: SecondFactors;
  events: Events;
}

export function createAccountCommands(parts: AccountCommandsParts): AccountCommands {
  return {
    async resetPassword({ email, secondFactorOff }) {
      const account = await parts.accounts.byEmail(canonicalEmail(email));
      if (account === undefined) throw new CloudError('not-found', { detail: 'No account has that e-mail address.' });
      const { accountId } = account;
      if (secondFactorOff && (await parts.secondFactors.turnOff(accountId, undefined)))
        parts.events.secondFactorOff({ accountId });
      const { link, expiresAtMs } = await parts.resets.makeLink(accountId, undefined);
      return { link, expiresAt: new Date(expiresAtMs).toISOString() };
    },
  };
}
