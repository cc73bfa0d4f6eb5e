// The challenge: the Cloud encrypts random bytes with the claim's public key, the agent proves its private key by sending them back,
// and gets a password for one connection. [docs/link-protocol.md, One-time password]

import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';

/** Random bytes in a challenge. Agents of v1.36 cut an answer at 64 characters of base64, which 48 bytes just fill. */
export const challengeBytes = 32;
/** RSA-2048 gives 256 bytes, which are 344 characters of base64; agents check exactly that. */
export const challengeCharacters = 344;
/** How long a challenge and a password may be used, seconds. [trust T4] */
export const challengeLifetimeSeconds = 60;

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const;

export function encryptChallenge(publicKey: KeyObject, plain: Uint8Array): string {
  return publicEncrypt({ key: publicKey, ...oaep }, plain).toString('base64');
}

/** Throws when the key does not fit the challenge. Base64 of the decrypted bytes, as the Cloud wants it back. */
export function answerChallenge(privateKey: KeyObject, challenge: string): string {
  return privateDecrypt({ key: privateKey, ...oaep }, Buffer.from(challenge, 'base64')).toString('base64');
}

export const challengePath = (authPath: string, claimId: string): string => `${authPath}/node/${claimId}/challenge`;
export const passwordPath = (authPath: string, claimId: string): string => `${authPath}/node/${claimId}/password`;

/** What an agent needs to connect. */
export interface LinkCredentials {
  clientId: string;
  username: string;
  password: string;
  topics: { name: string; topic: string }[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the answer to the challenge request; throws an Error with one sentence. */
export function readChallenge(value: unknown): string {
  const challenge = isRecord(value) ? value['challenge'] : undefined;
  if (
    typeof challenge !== 'string' ||
    challenge.length !== challengeCharacters ||
    !/^[A-Za-z0-9+/]+={0,2}$/.test(challenge)
  ) {
    throw new Error(`the challenge is not ${challengeCharacters} characters of base64`);
  }
  return challenge;
}

/** Reads the answer to the password request; throws an Error with one sentence that holds nothing of the answer. */
export function readCredentials(value: unknown): LinkCredentials {
  if (!isRecord(value)) throw new Error('the answer to the password request is not a JSON object');
  const text = (key: string): string => {
    const found = value[key];
    if (typeof found !== 'string' || found === '' || found.length > 1024)
      throw new Error(`the answer to the password request has no ${key}`);
    return found;
  };
  const list = value['topics'];
  if (!Array.isArray(list) || list.length > 64) throw new Error('the answer to the password request has no topics');
  const topics = (list as unknown[])
    .filter(isRecord)
    .flatMap(({ name, topic }) =>
      typeof name === 'string' && typeof topic === 'string' && topic.length <= 512 ? [{ name, topic }] : [],
    );
  return { clientId: text('clientID'), username: text('username'), password: text('password'), topics };
}
