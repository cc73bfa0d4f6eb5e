// Passkeys: POST /session/passkey-options and /session/passkey sign in; GET|POST /account/passkeys, POST /account/passkeys/options and
// DELETE /account/passkeys/:passkeyId are the account's own. What a browser makes and takes is WebAuthn's JSON [W3C WebAuthn 3 §5.1].

import { z } from 'zod';
import { GivenName } from './spaces.ts';

/** For `navigator.credentials`, as it is; the page's library reads it. */
export const PasskeyOptions = z.looseObject({ challenge: z.string() });

/** Base64url of at most a few kilobytes. */
const Bytes = z
  .string()
  .max(32_768)
  .regex(/^[A-Za-z0-9_-]*$/);
const credential = {
  id: Bytes,
  rawId: Bytes,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['cross-platform', 'platform']).optional(),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()),
};

export const PasskeyProof = z.strictObject({
  ...credential,
  response: z.strictObject({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: Bytes.optional(),
  }),
});
export type PasskeyProof = z.infer<typeof PasskeyProof>;

export const PasskeyAdd = z.strictObject({
  name: GivenName,
  credential: z.strictObject({
    ...credential,
    response: z.strictObject({
      clientDataJSON: Bytes,
      attestationObject: Bytes,
      authenticatorData: Bytes.optional(),
      transports: z.array(z.string().max(32)).max(10).optional(),
      publicKeyAlgorithm: z.int().optional(),
      publicKey: Bytes.optional(),
    }),
  }),
});
export type PasskeyAdd = z.infer<typeof PasskeyAdd>;

export const PasskeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  since: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type PasskeyView = z.infer<typeof PasskeyView>;
export const PasskeyList = z.object({ passkeys: z.array(PasskeyView) });
