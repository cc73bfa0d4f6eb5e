// Secrets that the Cloud must be able to read again (a hash will not do) are sealed before they go into the database: whoever has the database
// alone, from a backup or a stolen disk image, has none of them. Reading order: seal.ts (the box), seal-key.ts (its key, and the start).

import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** `v1.KEY.BOX`: the key is named, so that a box of another key is told from a damaged one. */
const version = 'v1';
export const sealKeyBytes = 32;
/** What AES-GCM is made for [NIST SP 800-38D §8.2.2]: random ones of 96 bits are good for 2^32 boxes of one key. */
const ivBytes = 12;
const tagBytes = 16;

export interface Seal {
  /** First letters of a hash of the key: names it, and tells nothing of it. */
  readonly keyName: string;
  /**
   * `place` says what the secret is and whose, e.g. `totp ACCOUNT`; it is no secret, and is not kept. A box that was moved to another place does
   * not open there.
   */
  close(place: string, secret: Uint8Array): string;
  /** Throws CannotOpen. */
  open(place: string, box: string): Buffer;
}

/** Another key, another place, or bytes that changed. The message names none of them. */
export class CannotOpen extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`a sealed value cannot be opened: ${why}`, options);
    this.name = 'CannotOpen';
  }
}

export function createSeal(key: Uint8Array, random: (bytes: number) => Uint8Array): Seal {
  if (key.length !== sealKeyBytes) throw new Error(`a key of the seal has ${sealKeyBytes} bytes`);
  const keyName = createHash('sha256').update('claimstead seal ').update(key).digest('hex').slice(0, 12);
  return {
    keyName,
    close(place, secret) {
      const iv = random(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(place));
      const box = Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${keyName}.${box.toString('base64url')}`;
    },
    open(place, text) {
      const box = boxIn(text);
      if (box === undefined) throw new CannotOpen('it is not one');
      if (box.keyName !== keyName) throw new CannotOpen('it was sealed with another key');
      const { bytes } = box;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
      } catch (cause) {
        throw new CannotOpen('it was changed, or belongs elsewhere', { cause });
      }
    },
  };
}

/** The parts of a box; undefined for what is none. */
export function boxIn(text: string): { keyName: string; bytes: Buffer } | undefined {
  const [, keyName = '', box = ''] = /^v1\.([0-9a-f]{12})\.([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  const bytes = Buffer.from(box, 'base64url');
  return bytes.length < ivBytes + tagBytes ? undefined : { keyName, bytes };
}
