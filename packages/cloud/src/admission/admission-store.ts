// Admission in SQL.

import type { SpaceId } from '@claimstead/wire/ids';
import type { Queries } from '../storage/storage.ts';

/** Whether nodes that are claimed to the Space wait until an administrator admits them; part of the claim's transaction. */
export async function isAdmittedByHand(queries: Queries, spaceId: SpaceId): Promise<boolean> {
  const on = await queries
    .selectFrom('spaceAdmission')
    .select('onSinceMs')
    .where('spaceId', '=', spaceId)
    .executeTakeFirst();
  return on !== undefined;
}
