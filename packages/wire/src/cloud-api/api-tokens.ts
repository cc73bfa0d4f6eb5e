// API tokens, for programs: GET|POST /account/tokens, DELETE /account/tokens/:tokenId. A request with `Authorization: Bearer csa_…` may what the
// token's role and its owner's role in that one Space both may, and nothing about the account.

import { z } from 'zod';
import { Role } from './roles.ts';
import { GivenName } from './spaces.ts';

export const mostApiTokenDays = 365;

export const ApiTokenView = z.object({
  id: z.uuid(),
  name: z.string(),
  spaceId: z.uuid(),
  /** The most that it may; its owner's role may be lower by now. */
  role: Role,
  since: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** To the minute; null = never. */
  lastUsedAt: z.iso.datetime().nullable(),
});
export type ApiTokenView = z.infer<typeof ApiTokenView>;
export const ApiTokenList = z.object({ tokens: z.array(ApiTokenView) });

export const ApiTokenMake = z.strictObject({
  name: GivenName,
  spaceId: z.uuid(),
  role: Role,
  days: z.int().min(1).max(mostApiTokenDays),
});
export type ApiTokenMake = z.infer<typeof ApiTokenMake>;

/** `token` is shown this once. */
export const ApiTokenMade = z.object({ token: z.string(), view: ApiTokenView });
