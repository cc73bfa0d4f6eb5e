// The two ceremonies of WebAuthn: to register a passkey, and to prove that one is here. Each begins with a challenge that is good once.

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { PasskeyAdd, PasskeyProof } from '@claimstead/wire/cloud-api/passkeys';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import type { ShortLived } from '../account/short-lived.ts';
import type { Passkey, PasskeyStore, RelyingParty } from './passkey.ts';

/** Somebody looks for a key in a drawer. */
export const challengeLimits = { lifetimeMs: 5 * 60_000, mostOpen: 10_000 };

export interface PasskeyCeremonies {
  registrationOptions(account: { accountId: AccountId; email: string; name: string }): Promise<{ challenge: string }>;
  /** What is to be kept of it. Throws `passkey-refused`. */
  register(accountId: AccountId, credential: PasskeyAdd['credential']): Promise<NewPasskey>;
  signInOptions(): Promise<{ challenge: string }>;
  /** Whose passkey was proved to be here. Throws `passkey-refused`. */
  prove(proof: PasskeyProof): Promise<Passkey>;
}

export type NewPasskey = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports'>;

export interface PasskeyCeremonyParts {
  store: PasskeyStore;
  rp: RelyingParty;
  /** To whom a challenge was given; registrations and sign-ins do not take each other's. */
  registrations: ShortLived<AccountId>;
  signIns: ShortLived<true>;
  now: () => number;
}

export function createPasskeyCeremonies(parts: PasskeyCeremonyParts): PasskeyCeremonies {
  const { store, rp, registrations, signIns, now } = parts;
  // What the library throws says which check failed: that is for nobody but who tries to get past them.
  const refuse = (cause: unknown): never => {
    throw cause instanceof CloudError && cause.kind === 'storage-unavailable'
      ? cause
      : new CloudError('passkey-refused', { cause });
  };
  const expected = { expectedOrigin: rp.origins, expectedRPID: rp.id, requireUserVerification: true };
  return {
    async registrationOptions({ accountId, email, name }) {
      return generateRegistrationOptions({
        rpName: 'Claimstead',
        rpID: rp.id,
        userName: email,
        userDisplayName: name,
        // No address: authenticators show it to whoever holds them. [WebAuthn 3 §14.6.1]
        userID: bytesOf(Buffer.from(accountId)),
        challenge: challengeBytes(registrations.issue(accountId).secret),
        timeout: challengeLimits.lifetimeMs,
        attestationType: 'none',
        excludeCredentials: (await store.ofAccount(accountId)).map(({ credentialId, transports }) => ({
          id: credentialId,
          transports,
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
    },
    async register(accountId, credential) {
      const { clientDataJSON, attestationObject, transports = [] } = credential.response;
      const verified = await verifyRegistrationResponse({
        ...expected,
        response: { ...withoutExtensions(credential), response: { clientDataJSON, attestationObject, transports } },
        expectedChallenge: (challenge) => registrations.take(challenge) === accountId,
      }).catch(refuse);
      if (!verified.verified) throw new CloudError('passkey-refused');
      const { id, publicKey, counter } = verified.registrationInfo.credential;
      return { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports };
    },
    async signInOptions() {
      return generateAuthenticationOptions({
        rpID: rp.id,
        challenge: challengeBytes(signIns.issue(true).secret),
        timeout: challengeLimits.lifetimeMs,
        userVerification: 'required',
      });
    },
    async prove(proof) {
      const passkey = await store.byCredentialId(proof.id);
      if (passkey === undefined) throw new CloudError('passkey-refused');
      const { clientDataJSON, authenticatorData, signature, userHandle } = proof.response;
      // A passkey of one account that another one's name was put on.
      if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString() !== passkey.accountId)
        throw new CloudError('passkey-refused');
      const verified = await verifyAuthenticationResponse({
        ...expected,
        response: { ...withoutExtensions(proof), response: { clientDataJSON, authenticatorData, signature } },
        expectedChallenge: (challenge) => signIns.take(challenge) === true,
        credential: {
          id: passkey.credentialId,
          publicKey: bytesOf(Buffer.from(passkey.publicKey, 'base64url')),
          counter: passkey.counter,
          transports: passkey.transports,
        },
      }).catch(refuse);
      if (!verified.verified) throw new CloudError('passkey-refused');
      if (!(await store.used(passkey, verified.authenticationInfo.newCounter, now())))
        throw new CloudError('passkey-refused');
      return passkey;
    },
  };
}

/** The challenge comes back as base64url of these bytes, which is the secret itself. */
const challengeBytes = (secret: string) => bytesOf(Buffer.from(secret, 'base64url'));

/** The library's types want an array whose memory is nobody else's. */
const bytesOf = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);

/** We ask for no extension, so none is read. */
const withoutExtensions = ({ id, rawId }: { id: string; rawId: string }) => ({
  id,
  rawId,
  type: 'public-key' as const,
  clientExtensionResults: {},
});
