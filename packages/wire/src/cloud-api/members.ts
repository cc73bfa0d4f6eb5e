// People in a Space: GET /spaces/:spaceId/members, PATCH|DELETE /spaces/:spaceId/members/:accountId, DELETE /spaces/:spaceId/membership
// (one's own). What each role may do: roles.ts.

import { z } from 'zod';
import { Next } from './paging.ts';
import { Role } from './roles.ts';

/** Rooms whose nodes somebody sees; a Space has no more rooms than this that make sense to choose one by one. */
export const RoomIds = z.array(z.uuid()).max(500);

export const MemberView = z.object({
  accountId: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: Role,
  /** What they were put into; of no consequence while their role sees every node. */
  roomIds: z.array(z.uuid()),
  joinedAt: z.iso.datetime(),
});
export type MemberView = z.infer<typeof MemberView>;
export const MemberList = z.object({ members: z.array(MemberView), next: Next });

/**
 * What is absent stays; `roomIds` is the whole set. `revokesTokens`: with it the claiming tokens that they made in the Space and that still work
 * are revoked; for who may manage tokens.
 */
export const MemberChange = z
  .strictObject({ role: Role.optional(), roomIds: RoomIds.optional(), revokesTokens: z.boolean().optional() })
  .refine(({ role, roomIds }) => role !== undefined || roomIds !== undefined, 'nothing to change');
export type MemberChange = z.infer<typeof MemberChange>;

/** Of DELETE; `yes` as above. */
export const MemberRemoval = z.strictObject({ revokesTokens: z.enum(['yes', 'no']).default('no') });
