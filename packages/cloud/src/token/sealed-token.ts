// The standing token's text, kept so that administrators can read it again. Why: docs/decisions/0025-the-standing-token.md.

import type { Seal } from '../seal/seal.ts';

export interface SealedTokens {
  close(tokenId: string, token: string): string;
  /** Throws where it was sealed for another token, with another key, or changed. */
  open(tokenId: string, box: string): string;
}

export function createSealedTokens(seal: Seal): SealedTokens {
  const place = (tokenId: string): string => `claim token ${tokenId}`;
  return {
    close: (tokenId, token) => seal.close(place(tokenId), Buffer.from(token)),
    open: (tokenId, box) => seal.open(place(tokenId), box).toString('utf8'),
  };
}
