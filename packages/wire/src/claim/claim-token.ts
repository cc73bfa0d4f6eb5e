// The shape of a claiming token: `cst_` + 32 characters of randomness + 6 of checksum, all of [0-9A-Za-z], so that it needs no
// quoting in a shell, a scanner finds it in a leak, and a mistyped one is recognised before a database is asked.
// Tokens are made, compared by hash and shown once; nothing here prints one.

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const claimTokenPrefix = 'cst_';
/** 32 characters of 62 = 190 bits. */
const bodyCharacters = 32;
const checksumCharacters = 6;
const shape = /^cst_[0-9A-Za-z]{38}$/;

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < checksumCharacters; i++) {
    text = alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** `random(n)` answers n random bytes. Bytes of 248 and more are thrown away, so that every character is equally likely (248 = 4 × 62). */
export function makeClaimToken(random: (bytes: number) => Uint8Array): string {
  let body = '';
  while (body.length < bodyCharacters) {
    for (const byte of random(bodyCharacters)) {
      if (byte < 248 && body.length < bodyCharacters) body += alphabet.charAt(byte % 62);
    }
  }
  return claimTokenPrefix + body + checksum(body);
}

/** Whether `text` can be a token at all: shape and checksum. */
export function isClaimToken(text: string): boolean {
  if (!shape.test(text)) return false;
  const body = text.slice(claimTokenPrefix.length, claimTokenPrefix.length + bodyCharacters);
  return checksum(body) === text.slice(-checksumCharacters);
}

/** What is stored and looked up instead of the token: hex SHA-256. 190 random bits need no slow hash. */
export function hashClaimToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
