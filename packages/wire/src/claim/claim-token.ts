// The shape of a claiming token: `cst_` and the rest of a scannable token. Tokens are made, compared by hash and shown once; nothing here
// prints one.

import { hashScannableToken, isScannableToken, makeScannableToken } from './scannable-token.ts';

const claimTokenPrefix = 'cst_';

/** `random(n)` answers n random bytes. */
export const makeClaimToken = (random: (bytes: number) => Uint8Array): string =>
  makeScannableToken(claimTokenPrefix, random);

/** Whether `text` can be a token at all: shape and checksum. */
export const isClaimToken = (text: string): boolean => isScannableToken(claimTokenPrefix, text);

/** What is stored and looked up instead of the token. */
export const hashClaimToken = hashScannableToken;
