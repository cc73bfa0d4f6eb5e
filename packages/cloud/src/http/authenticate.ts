// The session cookie → who. There is no other way in: no token in an address, no header.

import { CloudError } from '@claimstead/wire/errors';
import { sessionSecretIn, type Sessions, type SignedIn } from '../account/session.ts';

/** Also used by the upgrade of the events socket. Throws `sign-in-required`. */
export async function authenticate(sessions: Sessions, cookieHeader: string | undefined): Promise<SignedIn> {
  const secret = sessionSecretIn(cookieHeader);
  const who = secret === undefined ? undefined : await sessions.bySecret(secret);
  if (who === undefined) throw new CloudError('sign-in-required');
  return who;
}
