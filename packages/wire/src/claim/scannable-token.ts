// Tokens that a scanner finds in a leak and that need no quoting in a shell: a prefix, 32 characters of randomness and 6 of checksum, all of
// [0-9A-Za-z]; a mistyped one is recognised before a database is asked.

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 characters of 62 = 190 bits. */
const bodyCharacters = 32;
const checksumCharacters = 6;
const shape = /^[0-9A-Za-z]{38}$/;

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
export function makeScannableToken(prefix: string, random: (bytes: number) => Uint8Array): string {
  let body = '';
  while (body.length < bodyCharacters) {
    for (const byte of random(bodyCharacters)) {
      if (byte < 248 && body.length < bodyCharacters) body += alphabet.charAt(byte % 62);
    }
  }
  return prefix + body + checksum(body);
}

/** Whether `text` can be a token of that prefix at all: shape and checksum. */
export function isScannableToken(prefix: string, text: string): boolean {
  if (!text.startsWith(prefix) || !shape.test(text.slice(prefix.length))) return false;
  const body = text.slice(prefix.length, prefix.length + bodyCharacters);
  return checksum(body) === text.slice(-checksumCharacters);
}

/** What is stored and looked up instead of the token: hex SHA-256. 190 random bits need no slow hash. */
export const hashScannableToken = (token: string): string => createHash('sha256').update(token).digest('hex');
