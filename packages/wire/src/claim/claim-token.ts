// The shape of a claiming token: `cst_` and the rest of a scannable token. Tokens are made, compared by hash and shown once; nothing here
// prints one.

import { hashScannableToken, isScannableToken, makeScannableToken } from './scannable-token.ts';

const claimTokenPrefix = 'cst_';

/** `random(n)` answers n random bytes. */
export const makeClaimToken = (random: (bytes: number) => Uint8Array): string =>
  makeScannableToken(claimTokenPrefix, random);

/** Whether `text` can be a token at all: shape and checksum. */
export const isClaimToken = (text: string): boolean => isScannableToken(claimTokenPrefix, text);

/** Whether `text` was meant for one of our tokens but lacks or changes a character; false of what another Cloud may have made. */
export const isMistypedClaimToken = (text: string): boolean => text.startsWith(claimTokenPrefix) && !isClaimToken(text);

/** What a person reads who gave such a token, in place of a reason why it is refused. */
export const mistypedTokenWords =
  'The claiming token is incomplete or has a typing error. Copy the whole command again, or get a new one from an administrator of the Space.';

/** What is stored and looked up instead of the token. */
export const hashClaimToken = hashScannableToken;
