// A token as it is kept, for tests that look at something else of it.

import { randomUUID } from 'node:crypto';
import type { SpaceId } from '@claimstead/wire/ids';
import type { ClaimToken } from '../claim-token.ts';

export const keptToken = (of: Partial<ClaimToken> & { spaceId: SpaceId; tokenHash: string }): ClaimToken => ({
  tokenId: randomUUID(),
  name: 'a token',
  kind: 'named',
  madeByAccountId: null,
  createdAtMs: 0,
  expiresAtMs: 1_000_000,
  usesLeft: null,
  usesTaken: 0,
  lastUsedAtMs: null,
  sourceNetworks: [],
  admitsByHand: false,
  ephemeralAfterMs: null,
  sealedToken: null,
  revokedAtMs: null,
  roomIds: [],
  ...of,
});
