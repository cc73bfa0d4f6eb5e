// Through which API token somebody acts. A leaked token does what its owner may do; the audit must tell the two apart in every row, so no
// writer of a row has to think of it.

import type { AccountId } from '@claimstead/wire/ids';
import { AsyncLocalStorage } from 'node:async_hooks';

/** An API token, as the audit names it. */
export interface ActingToken {
  apiTokenId: string;
  name: string;
  /** Its owner. */
  accountId: AccountId;
}

const acting = new AsyncLocalStorage<ActingToken>();

/** What `work` writes into the audit under the name of the token's owner names the token, too. */
export const actThrough = <T>(token: ActingToken, work: () => T): T => acting.run(token, work);

/**
 * For the details of a row: nothing where nobody acts through a token. Also nothing where the row is not its owner's: a timer that was set
 * meanwhile still runs under it, and what the Cloud then does by itself is nobody's.
 */
export function actingDetails(accountId: AccountId | null): { apiToken: string; apiTokenId: string } | undefined {
  const token = acting.getStore();
  if (token === undefined || token.accountId !== accountId) return undefined;
  return { apiToken: token.name, apiTokenId: token.apiTokenId };
}
