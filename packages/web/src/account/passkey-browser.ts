// The browser's part of a passkey, by @simplewebauthn/browser. Loaded when somebody asks for it.

import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { accountWords } from './account-words.ts';

/** The message is for the person: a device that gave up, or was not meant. */
export class PasskeyTrouble extends Error {}

/** What the authenticator made, for the Cloud. The options are the Cloud's own. */
export const makePasskey = (options: unknown): Promise<unknown> =>
  withWords(() => startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }));

export const askAuthenticator = (options: unknown): Promise<unknown> =>
  withWords(() => startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }));

async function withWords<T>(ask: () => Promise<T>): Promise<T> {
  if (!browserSupportsWebAuthn()) throw new PasskeyTrouble(accountWords.passkeys.unable);
  try {
    return await ask();
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    throw new PasskeyTrouble(
      name === 'InvalidStateError' ? accountWords.passkeys.known : accountWords.passkeys.gaveUp,
      { cause },
    );
  }
}
