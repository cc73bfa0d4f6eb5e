import { wordlist } from '@scure/bip39/wordlists/english.js';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyWords } from './key-words.ts';

const pem = `-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKZ5WJ2Xb8QZmE5yq0eN8b1o0v2pYw3s
0v1pYw3s5WJ2Xb8QZmE5yq0eN8b1o0v2pYw3s5WJ2Xb8QZmE5yq0eN0CAwEAAQ==
-----END PUBLIC KEY-----
`;

it('are six words of a list of 2,048, the same for a key in every form, and others for another key', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const words = keyWords(publicPem);
  expect(words).toMatch(/^[a-z]+( [a-z]+){5}$/);
  expect(new Set(wordlist).size).toBe(2048);
  for (const word of words.split(' ')) expect(wordlist).toContain(word);
  for (const same of [
    createPublicKey(publicPem),
    createPrivateKey(privatePem),
    publicPem.replaceAll('\n', '\r\n'),
    pair.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  ])
    expect(keyWords(same)).toBe(words);
  expect(keyWords(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)).not.toBe(words);
});

it('stay what they are: an agent of today is compared with a Cloud of later', () => {
  expect(keyWords(pem)).toMatchInlineSnapshot(`"fade predict clutch daughter boost crisp"`);
});
