// Claimed nodes in SQL: all of a Space with how they came here, and changes of many at once.

import type { NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import type { ClaimedNodeStore } from './claimed-nodes.ts';
import type { Node } from './node.ts';
import { nodeColumns, nodesInRoomsOf } from './node-store.ts';
import { removeNode } from './node-removal-store.ts';

export function createClaimedNodeStore(storage: Storage): ClaimedNodeStore {
  return {
    pageInSpace: (spaceId, after, count, seenBy) =>
      storage.read
        .selectFrom('node')
        .leftJoin('account', 'account.accountId', 'node.claimedByAccountId')
        .select(nodeColumns.map((column) => `node.${column}` as const))
        .select(['node.publicKeyHash', 'node.downCause', 'node.downWords'])
        .select(['account.name as claimedByName', 'account.email as claimedByEmail'])
        .where('node.spaceId', '=', spaceId)
        .$if(after !== undefined, (page) => page.where('node.nodeId', '>', after ?? ('' as NodeId)))
        .$if(seenBy !== null, (page) => page.where('node.nodeId', 'in', nodesInRoomsOf(storage.read, seenBy)))
        .orderBy('node.nodeId')
        .limit(count)
        .execute(),
    removeAll: (spaceId, wanted, by) =>
      storage.write(async (tx) => {
        const removed: Node[] = [];
        for (const { nodeId, parents } of wanted) {
          const node = await tx
            .selectFrom('node')
            .select(nodeColumns)
            .where('nodeId', '=', nodeId)
            .where('spaceId', '=', spaceId)
            .executeTakeFirst();
          const ended = node && (await removeNode(tx, node, { because: 'removed', parents, ...by }));
          if (ended !== undefined) removed.push(ended);
        }
        return removed;
      }),
    moveAll: (spaceId, nodeIds, { join, leave }, by) =>
      storage.write(async (tx) => {
        const wanted = [...new Set([...join, ...leave])];
        if (wanted.length > 0 && (await countRooms(tx, spaceId, wanted)) < wanted.length) return undefined;
        const nodes = await tx
          .selectFrom('node')
          .select(['nodeId', 'hostname'])
          .where('spaceId', '=', spaceId)
          .where('nodeId', 'in', [...nodeIds])
          .execute();
        const outcomes = new Map<NodeId, 'moved' | 'unchanged'>();
        for (const { nodeId, hostname } of nodes) {
          const joined = await joinRooms(tx, nodeId, join);
          const left = await leaveRooms(tx, nodeId, leave);
          outcomes.set(nodeId, joined.length + left.length > 0 ? 'moved' : 'unchanged');
          if (joined.length + left.length === 0) continue;
          await insertAudit(tx, { kind: 'node-moved', spaceId, nodeId, ...by, details: { hostname, joined, left } });
        }
        return outcomes;
      }),
  };
}

/** Of these, how many are rooms of the Space that nodes can be moved into. */
async function countRooms(tx: Tx, spaceId: SpaceId, roomIds: readonly RoomId[]): Promise<number> {
  const rooms = tx.selectFrom('room').select('roomId').where('spaceId', '=', spaceId).where('holdsAllNodes', '=', 0);
  return (await rooms.where('roomId', 'in', [...roomIds]).execute()).length;
}

/** Answers those that it was not in. */
export async function joinRooms(tx: Tx, nodeId: NodeId, roomIds: readonly RoomId[]): Promise<RoomId[]> {
  const joined: RoomId[] = [];
  for (const roomId of new Set(roomIds)) {
    const result = await tx
      .insertInto('nodeRoom')
      .values({ nodeId, roomId })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows === 1n) joined.push(roomId);
  }
  return joined;
}

/** Answers those that it was in. */
async function leaveRooms(tx: Tx, nodeId: NodeId, roomIds: readonly RoomId[]): Promise<RoomId[]> {
  if (roomIds.length === 0) return [];
  const left = await tx
    .deleteFrom('nodeRoom')
    .where('nodeId', '=', nodeId)
    .where('roomId', 'in', [...roomIds])
    .returning('roomId')
    .execute();
  return left.map(({ roomId }) => roomId);
}
