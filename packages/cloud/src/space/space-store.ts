// Spaces in SQL.

import { CloudError } from '@claimstead/wire/errors';
import { sql } from 'kysely';
import { insertAudit } from '../audit/audit-store.ts';
import { insertMember } from '../member/member-store.ts';
import { insertAllNodesRoom } from '../room/room-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import { foldSpaceName, type Space, type SpaceStore } from './space.ts';

export function createSpaceStore(storage: Storage): SpaceStore {
  return {
    ofAccount: (accountId) =>
      storage.read
        .selectFrom('space')
        .innerJoin('spaceMember', 'spaceMember.spaceId', 'space.spaceId')
        .where('spaceMember.accountId', '=', accountId)
        .selectAll('space')
        .select('spaceMember.role')
        .select(sql<number>`(select count(*) from node where node.space_id = space.space_id)`.as('nodeCount'))
        .orderBy('space.createdAtMs')
        .orderBy('space.spaceId')
        .execute(),
    all: () =>
      storage.read
        .selectFrom('space')
        .selectAll('space')
        .select(sql<number>`(select count(*) from node where node.space_id = space.space_id)`.as('nodeCount'))
        .orderBy('createdAtMs')
        .orderBy('spaceId')
        .execute(),
    create: ({ spaceId, roomId, name, administratorId, createdAtMs }) =>
      storage.write(async (tx) => {
        const others = await tx.selectFrom('space').select('name').execute();
        if (others.some((other) => foldSpaceName(other.name) === foldSpaceName(name)))
          throw new CloudError('name-taken');
        await insertSpace(tx, { spaceId, name, namedAtMs: createdAtMs, createdAtMs });
        await insertMember(tx, { spaceId, accountId: administratorId, role: 'admin', joinedAtMs: createdAtMs });
        await insertAllNodesRoom(tx, { roomId, spaceId, createdAtMs });
        await insertAudit(tx, { kind: 'space-made', atMs: createdAtMs, spaceId, details: { name } });
      }),
    rename: (spaceId, name, atMs) =>
      storage.write(async (tx) => {
        await tx
          .updateTable('space')
          .set((e) => ({ name, namedAtMs: e.fn.coalesce('namedAtMs', e.val(atMs)) }))
          .where('spaceId', '=', spaceId)
          .execute();
      }),
  };
}

/** Part of the transaction of whoever makes a Space. */
export async function insertSpace(tx: Tx, space: Space): Promise<void> {
  await tx.insertInto('space').values(space).execute();
}
