// The RSA key pair that proves, at every connect, that this is the node that was claimed. The private key never leaves claim.d.

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface KeyPair {
  privateKey: KeyObject;
  /** SubjectPublicKeyInfo, PEM: what the Cloud is given. */
  publicPem: string;
  /** PKCS #8, PEM: what private.pem holds. */
  privatePem: string;
}

const modulusBits = 2048;

/** Takes 50 to 500 ms; asynchronous, because the daemon collects every second meanwhile. */
export async function makeKeyPair(): Promise<KeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits });
  return pairOf(privateKey, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** Reads private.pem. Answers why it cannot be used, in words that complete "PATH …". */
export function readPrivateKey(privatePem: string): KeyPair | { fault: string } {
  if (privatePem.trim() === '') return { fault: 'is empty' };
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(privatePem);
  } catch {
    // The library's reason may quote the input; encrypted and truncated keys end up here, too.
    return { fault: 'is no private key that can be read (truncated, encrypted or not PEM)' };
  }
  if (privateKey.asymmetricKeyType !== 'rsa')
    return { fault: `is a key of type ${String(privateKey.asymmetricKeyType)} instead of RSA` };
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  // The challenge of the Cloud is one block of exactly this length.
  if (bits !== modulusBits) return { fault: `is an RSA key of ${bits} bits instead of ${modulusBits}` };
  return pairOf(privateKey, privatePem);
}

/** Whether the text of public.pem is the other half of `pair`. */
export function isPublicHalf(publicPem: string, pair: KeyPair): boolean {
  try {
    return createPublicKey(publicPem).equals(createPublicKey(pair.publicPem));
  } catch {
    return false;
  }
}

function pairOf(privateKey: KeyObject, privatePem: string): KeyPair {
  return {
    privateKey,
    privatePem,
    publicPem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  };
}
