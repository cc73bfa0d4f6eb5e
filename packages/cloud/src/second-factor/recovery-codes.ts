// Codes for whoever has lost the phone: made ten at a time, shown once, kept as hashes, each good once.

import { createHash } from 'node:crypto';
import { asRead, readableSecret } from '../account/readable-secret.ts';

const howMany = 10;

/** 28 characters of 31 kinds = 138 bits: a plain hash keeps them as well as a slow one. */
export const makeRecoveryCodes = (random: (bytes: number) => Uint8Array): string[] =>
  Array.from({ length: howMany }, () => readableSecret(random, 4, 7));

export const hashRecoveryCode = (typed: string): string => createHash('sha256').update(asRead(typed)).digest('hex');
