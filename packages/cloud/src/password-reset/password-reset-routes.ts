// POST /password-resets, POST /password-resets/redeem.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { PasswordResetAsk, PasswordResetRedeem } from '@claimstead/wire/cloud-api/session';
import { CloudError } from '@claimstead/wire/errors';
import { canonicalEmail } from '../account/account.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import type { Letters } from '../mail/letters.ts';
import type { PasswordResets } from './password-reset.ts';
import type { ResetLetters } from './reset-letters.ts';

export const resetLimits = {
  /** Of a network: asked for, and tried. */
  ofNetwork: { tries: 20, windowMs: 15 * 60_000, maxKeys: 10_000 },
  /** Letters to one address, whoever asks: nobody's inbox is filled by strangers. */
  ofAddress: { tries: 3, windowMs: 3600_000, maxKeys: 10_000 },
};

export interface PasswordResetRoutesParts {
  resets: PasswordResets;
  letters: Pick<Letters, 'isOn'>;
  resetLetters: ResetLetters;
  ofNetwork: RateLimit;
  ofAddress: RateLimit;
}

export function passwordResetRoutes(parts: PasswordResetRoutesParts): RouteEntry[] {
  const { resets, letters, ofNetwork, ofAddress } = parts;
  const path = `${apiBase}/password-resets`;
  return [
    route({
      method: 'POST',
      path,
      permission: 'public',
      summary: 'Sends a link for a new password, if there is an account under that address; the answer does not tell.',
      body: PasswordResetAsk,
      handle: async ({ body, sourceNetwork }) => {
        if (!letters.isOn) throw new CloudError('mail-is-off');
        if (!ofNetwork.take(sourceNetwork)) throw new CloudError('too-many-requests');
        const email = canonicalEmail(body.email);
        if (ofAddress.take(email)) parts.resetLetters.send(email, sourceNetwork);
        return { status: 202 };
      },
    }),
    route({
      method: 'POST',
      path: `${path}/redeem`,
      permission: 'public',
      summary: 'Sets a new password by the secret of a link. Every session of the account ends; nobody is signed in.',
      body: PasswordResetRedeem,
      handle: async ({ body, sourceNetwork }) => {
        if (!ofNetwork.take(sourceNetwork)) throw new CloudError('too-many-requests');
        await resets.redeem(body.secret, body.newPassword, sourceNetwork);
        return { status: 204 };
      },
    }),
  ];
}
