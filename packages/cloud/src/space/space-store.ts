// Spaces in SQL.

import { roleMay, roles, roleSeesAllNodes } from '@claimstead/wire/cloud-api/roles';
import { foldName } from '@claimstead/wire/cloud-api/spaces';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import { sql, type RawBuilder } from 'kysely';
import { insertAudit } from '../audit/audit-store.ts';
import { insertMember, roleOfDecider } from '../member/member-store.ts';
import { insertAllNodesRoom, refuseTakenName } from '../room/room-store.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import type { Space, SpaceStore } from './space.ts';

export function createSpaceStore(storage: Storage): SpaceStore {
  return {
    ofAccount: (accountId) =>
      storage.read
        .selectFrom('space')
        .innerJoin('spaceMember', 'spaceMember.spaceId', 'space.spaceId')
        .where('spaceMember.accountId', '=', accountId)
        .selectAll('space')
        .select('spaceMember.role')
        .select(nodesSeenBy(accountId).as('nodeCount'))
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
    nameOf: (spaceId) => nameOf(storage.read, spaceId),
    create: ({ spaceId, roomId, name, administratorId, createdAtMs, sourceNetwork }) =>
      storage.write(async (tx) => {
        const others =
          sourceNetwork === undefined
            ? await tx.selectFrom('space').select('space.name').execute()
            : await namesSeenBy(tx, administratorId);
        refuseTakenName(others, name);
        await insertSpace(tx, { spaceId, name, namedAtMs: createdAtMs, createdAtMs });
        await insertMember(tx, { spaceId, accountId: administratorId, role: 'admin', joinedAtMs: createdAtMs });
        await insertAllNodesRoom(tx, { roomId, spaceId, createdAtMs });
        const by = sourceNetwork !== undefined && { accountId: administratorId, sourceNetwork };
        await insertAudit(tx, { kind: 'space-made', atMs: createdAtMs, spaceId, ...by, details: { name } });
      }),
    rename: (spaceId, name, { isOfOneSpace, ...by }) =>
      storage.write(async (tx) => {
        const before = await nameOf(tx, spaceId);
        if (before === undefined) return;
        // An API token of one Space learns nothing of its owner's others; and a name that stays takes nobody's.
        if (!isOfOneSpace && foldName(before) !== foldName(name))
          refuseTakenName(await namesSeenBy(tx, by.accountId), name);
        await tx
          .updateTable('space')
          .set((e) => ({ name, namedAtMs: e.fn.coalesce('namedAtMs', e.val(by.atMs)) }))
          .where('spaceId', '=', spaceId)
          .execute();
        await insertAudit(tx, { kind: 'space-renamed', spaceId, ...by, details: { from: before, to: name } });
      }),
    remove: (spaceId, name, by) =>
      storage.write(async (tx) => {
        const actual = await nameOf(tx, spaceId);
        if (actual === undefined) return undefined;
        const role = await roleOfDecider(tx, spaceId, by);
        if (role === undefined || !roleMay(role, 'manage-space')) throw new CloudError('forbidden');
        if (actual !== name) throw new CloudError('space-name-differs');
        const nodes = await tx
          .selectFrom('node')
          .select(['nodeId', 'claimId'])
          .where('spaceId', '=', spaceId)
          .execute();
        const members = await tx.selectFrom('spaceMember').select('accountId').where('spaceId', '=', spaceId).execute();
        // Kept without their Space: an agent that comes back is told that its claim has ended.
        await tx
          .updateTable('claim')
          .set({ endedAtMs: by.atMs, endedBecause: 'removed' })
          .where('spaceId', '=', spaceId)
          .where('endedAtMs', 'is', null)
          .execute();
        await tx.deleteFrom('space').where('spaceId', '=', spaceId).execute();
        const details = { name, nodes: nodes.length, members: members.length };
        await insertAudit(tx, { kind: 'space-deleted', spaceId, ...by, details });
        return { nodes, members: members.map(({ accountId }) => accountId) };
      }),
  };
}

/** How many nodes of the Space a member sees: by their role, by the room of all nodes, or by the rooms that they are in. */
const nodesSeenBy = (accountId: AccountId): RawBuilder<number> => sql<number>`
  case when space_member.role in (${sql.join(roles.filter(roleSeesAllNodes))}) or exists (
    select 1 from room_member join room on room.room_id = room_member.room_id
    where room_member.account_id = ${accountId} and room.space_id = space.space_id and room.holds_all_nodes = 1
  ) then (select count(*) from node where node.space_id = space.space_id)
  else (
    select count(distinct node_room.node_id) from room_member
    join room on room.room_id = room_member.room_id
    join node_room on node_room.room_id = room.room_id
    where room_member.account_id = ${accountId} and room.space_id = space.space_id
  ) end`;

/** Of names of others nobody learns. */
const namesSeenBy = (queries: Queries, accountId: AccountId) =>
  queries
    .selectFrom('space')
    .innerJoin('spaceMember', 'spaceMember.spaceId', 'space.spaceId')
    .select(['space.spaceId', 'space.name'])
    .where('spaceMember.accountId', '=', accountId)
    .execute();

const nameOf = async (queries: Queries, spaceId: SpaceId): Promise<string | undefined> =>
  (await queries.selectFrom('space').select('name').where('spaceId', '=', spaceId).executeTakeFirst())?.name;

/** Part of the transaction of whoever makes a Space. */
export async function insertSpace(tx: Tx, space: Space): Promise<void> {
  await tx.insertInto('space').values(space).execute();
}
