// A public key as six words, so that a person can compare the one on a machine with the one in the Cloud by reading them aloud. Both sides
// make them by this file. Why: docs/decisions/0024-claiming-tokens.md.

import { wordlist } from '@scure/bip39/wordlists/english.js';
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** 6 × 11 bits = 66: to find another key with the same words somebody makes 2^65 RSA keys on average. */
const wordCount = 6;
const bitsPerWord = 11;

/** `key` is a public or private RSA key, or a public one as PEM. Words are lower-case English ones, apart by blanks. */
export function keyWords(key: KeyObject | string): string {
  const publicKey = typeof key === 'string' || key.type === 'private' ? createPublicKey(key) : key;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const digest = createHash('sha256').update('claimstead key words\n').update(der).digest();
  let bits = BigInt(`0x${digest.toString('hex')}`) >> BigInt(digest.length * 8 - wordCount * bitsPerWord);
  const words: string[] = [];
  for (let n = 0; n < wordCount; n++) {
    words.unshift(wordlist[Number(bits & 0x7ffn)] ?? '');
    bits >>= BigInt(bitsPerWord);
  }
  return words.join(' ');
}
