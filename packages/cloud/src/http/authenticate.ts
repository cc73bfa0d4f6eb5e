// Who asks: by the session cookie of a browser, or by an API token in `Authorization`. There is no other way in: no token in an address.

import { CloudError } from '@claimstead/wire/errors';
import type { ApiTokens } from '../api-token/api-token.ts';
import { sessionSecretIn, type Sessions, type SignedIn } from '../account/session.ts';

/** Also used by the upgrade of the events socket, which takes no token. Throws `sign-in-required`. */
export async function authenticate(sessions: Sessions, cookieHeader: string | undefined): Promise<SignedIn> {
  const secret = sessionSecretIn(cookieHeader);
  const who = secret === undefined ? undefined : await sessions.bySecret(secret);
  if (who === undefined) throw new CloudError('sign-in-required');
  return who;
}

/** Throws `api-token-refused`. */
export async function authenticateToken(tokens: Pick<ApiTokens, 'bySecret'>, token: string): Promise<SignedIn> {
  const who = await tokens.bySecret(token);
  if (who === undefined) throw new CloudError('api-token-refused');
  return who;
}

/** What follows `Bearer`; undefined for other schemes, which a proxy in front may ask for, and for none. */
export const bearerIn = (authorization: string | undefined): string | undefined =>
  /^bearer +(\S.*)$/i.exec(authorization ?? '')?.[1];
