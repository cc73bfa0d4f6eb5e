// Nodes in SQL: what the link, the relay and the pages ask of them.

import {
  unclaimedOrigin,
  type Child,
  type ClaimedNode,
  type ClaimStanding,
  type Node,
  type NodeStore,
} from './node.ts';
import type { AccountId, ClaimId, MachineGuid, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { sql } from 'kysely';
import { insertAudit } from '../audit/audit-store.ts';
import type { NodeDecision } from './claimed-nodes.ts';
import { removeNode } from './node-removal-store.ts';
import { anyOf } from '../storage/any-of.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';

/** A room as a node shows it. */
export interface NodeRoom {
  id: RoomId;
  name: string;
}

/** Which rooms nodes are in; the room of all nodes comes first, and every node is in it. */
export interface NodeRoomStore {
  roomsOf(node: { nodeId: NodeId; spaceId: SpaceId }): Promise<NodeRoom[]>;
  /** Of every node of a Space, or of these; each has an entry. */
  roomsInSpace(spaceId: SpaceId, nodeIds?: readonly NodeId[]): Promise<Map<NodeId, NodeRoom[]>>;
  /**
   * Puts the node into exactly these rooms (and the room of all nodes). Undefined = one of them is no room of the Space; nothing changes.
   * `gone`: the node was removed meanwhile.
   */
  setRooms(
    node: Pick<Node, 'nodeId' | 'spaceId' | 'hostname'>,
    roomIds: readonly RoomId[],
    by: NodeDecision,
  ): Promise<'moved' | 'unchanged' | 'gone' | undefined>;
}

/** Those of a Node. */
export const nodeColumns = [
  'nodeId',
  'spaceId',
  'claimId',
  'machineGuid',
  'hostname',
  'publicKeyPem',
  'claimedAtMs',
  'firstLiveAtMs',
  'firstSampleAtMs',
  'lastLiveAtMs',
  'claimedTokenName',
  'claimedTokenId',
  'claimedFrom',
  'claimedByAccountId',
  'waitsSinceMs',
] as const;

const isClaimed = (node: Node): node is ClaimedNode => node.claimId !== null && node.publicKeyPem !== null;

export function createNodeStore(storage: Storage, newNodeId: () => NodeId): NodeStore & NodeRoomStore {
  const nodes = (queries: Queries = storage.read) => queries.selectFrom('node').select(nodeColumns);
  const byNodeId = (nodeId: NodeId): Promise<Node | undefined> =>
    nodes().where('nodeId', '=', nodeId).executeTakeFirst();

  return {
    async standingOf(claimId): Promise<ClaimStanding> {
      const node = await nodes().where('claimId', '=', claimId).executeTakeFirst();
      if (node !== undefined && isClaimed(node)) return { standing: 'claimed', node };
      const ended = await storage.read
        .selectFrom('claim')
        .select('endedBecause')
        .where('claimId', '=', claimId)
        .executeTakeFirst();
      if (ended === undefined) return { standing: 'unknown' };
      return { standing: ended.endedBecause === 'unclaimed' ? 'unclaimed' : 'removed' };
    },
    byNodeId,
    all: () => nodes().orderBy('nodeId').execute(),
    inSpace: (spaceId) =>
      nodes()
        .where('spaceId', '=', spaceId)
        .orderBy(sql`lower(hostname)`)
        .orderBy('nodeId')
        .execute(),
    pageInSpace: (spaceId, after, count, seenBy) =>
      nodes()
        .where('spaceId', '=', spaceId)
        .$if(after !== undefined, (page) =>
          page.where(
            sql<boolean>`(lower(hostname), node_id) > (lower(${after?.hostname ?? ''}), ${after?.nodeId ?? ''})`,
          ),
        )
        .$if(seenBy !== null, (page) => page.where('nodeId', 'in', nodesInRoomsOf(storage.read, seenBy)))
        .orderBy(sql`lower(hostname)`)
        .orderBy('nodeId')
        .limit(count)
        .execute(),
    adopt: (parent, children, atMs) =>
      storage.write(async (tx) => {
        const adopted: (Node | undefined)[] = [];
        for (const child of children) {
          const known = await nodes(tx)
            .where('spaceId', '=', parent.spaceId)
            .where('machineGuid', '=', child.machineGuid)
            .executeTakeFirst();
          if (await isDismissed(tx, parent.claimId, child.machineGuid)) adopted.push(undefined);
          else adopted.push(known ?? (await insertChild(tx, parent, child, newNodeId(), atMs)));
        }
        return adopted;
      }),
    recordLive: (nodeId, atMs) =>
      storage.write(async (tx) => {
        await tx
          .updateTable('node')
          .set((e) => ({ firstLiveAtMs: e.fn.coalesce('firstLiveAtMs', e.val(atMs)), lastLiveAtMs: atMs }))
          .where('nodeId', '=', nodeId)
          .execute();
      }),
    recordFirstSample: (nodeId, atMs) =>
      storage.write(async (tx) => {
        await tx
          .updateTable('node')
          .set({ firstSampleAtMs: atMs })
          .where('nodeId', '=', nodeId)
          .where('firstSampleAtMs', 'is', null)
          .execute();
      }),
    recordLastLive: (nodeId, atMs, down) =>
      storage.write(async (tx) => {
        const ended = { lastLiveAtMs: atMs, ...down };
        await tx.updateTable('node').set(ended).where('nodeId', '=', nodeId).execute();
      }),
    recordHostname: (nodeId, hostname) =>
      storage.write(async (tx) => {
        await tx.updateTable('node').set({ hostname }).where('nodeId', '=', nodeId).execute();
      }),
    recordChildHostname: (nodeId, hostname) =>
      storage.write(async (tx) => {
        const ofChild = tx.updateTable('node').set({ hostname }).where('claimId', 'is', null);
        await ofChild.where('nodeId', '=', nodeId).execute();
      }),
    remove: (nodeId, end) =>
      storage.write(async (tx) => {
        const node = await nodes(tx).where('nodeId', '=', nodeId).executeTakeFirst();
        return node === undefined ? undefined : removeNode(tx, node, end);
      }),

    roomsOf: (node) =>
      storage.read
        .selectFrom('room')
        .select(['room.roomId as id', 'room.name'])
        .where('room.spaceId', '=', node.spaceId)
        .where((e) =>
          e.or([
            e('room.holdsAllNodes', '=', 1),
            e('room.roomId', 'in', e.selectFrom('nodeRoom').select('roomId').where('nodeId', '=', node.nodeId)),
          ]),
        )
        .orderBy('room.holdsAllNodes', 'desc')
        .orderBy(sql`lower(room.name)`)
        .execute(),
    async roomsInSpace(spaceId, nodeIds) {
      const rows = await storage.read
        .selectFrom('node')
        .innerJoin('room', 'room.spaceId', 'node.spaceId')
        .leftJoin('nodeRoom', (join) =>
          join.onRef('nodeRoom.nodeId', '=', 'node.nodeId').onRef('nodeRoom.roomId', '=', 'room.roomId'),
        )
        .select(['node.nodeId', 'room.roomId as id', 'room.name'])
        .where('node.spaceId', '=', spaceId)
        .$if(nodeIds !== undefined, (some) => some.where('node.nodeId', 'in', anyOf(nodeIds ?? [])))
        .where((e) => e.or([e('room.holdsAllNodes', '=', 1), e('nodeRoom.roomId', 'is not', null)]))
        .orderBy('room.holdsAllNodes', 'desc')
        .orderBy(sql`lower(room.name)`)
        .execute();
      const byNode = new Map<NodeId, NodeRoom[]>();
      for (const { nodeId, id, name } of rows) byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), { id, name }]);
      return byNode;
    },
    setRooms: (node, roomIds, by) =>
      storage.write(async (tx) => {
        const rooms = await tx
          .selectFrom('room')
          .select(['roomId', 'holdsAllNodes'])
          .where('spaceId', '=', node.spaceId)
          .execute();
        const wanted = [...new Set(roomIds)].map((roomId) => rooms.find((room) => room.roomId === roomId));
        if (wanted.some((room) => room === undefined)) return undefined;
        const { nodeId, spaceId, hostname } = node;
        const kept = await tx.selectFrom('node').select('nodeId').where('nodeId', '=', nodeId).executeTakeFirst();
        if (kept === undefined) return 'gone';
        const before = await tx.deleteFrom('nodeRoom').where('nodeId', '=', nodeId).returning('roomId').execute();
        const now = wanted.flatMap((room) => (room?.holdsAllNodes === 0 ? [room.roomId] : []));
        if (now.length > 0)
          await tx
            .insertInto('nodeRoom')
            .values(now.map((roomId) => ({ nodeId, roomId })))
            .execute();
        const joined = now.filter((roomId) => !before.some((room) => room.roomId === roomId));
        const left = before.map((room) => room.roomId).filter((roomId) => !now.includes(roomId));
        if (joined.length + left.length === 0) return 'unchanged';
        await insertAudit(tx, { kind: 'node-moved', spaceId, nodeId, ...by, details: { hostname, joined, left } });
        return 'moved';
      }),
  };
}

/** Those in rooms that the account is a member of, of any Space; part of a query. */
export const nodesInRoomsOf = (queries: Queries, accountId: AccountId | null) =>
  queries
    .selectFrom('roomMember')
    .innerJoin('nodeRoom', 'nodeRoom.roomId', 'roomMember.roomId')
    .select('nodeRoom.nodeId')
    .where('roomMember.accountId', '=', accountId);

const isDismissed = async (queries: Queries, claimId: ClaimId, machineGuid: MachineGuid): Promise<boolean> =>
  (await queries
    .selectFrom('dismissedChild')
    .select('claimId')
    .where('claimId', '=', claimId)
    .where('machineGuid', '=', machineGuid)
    .executeTakeFirst()) !== undefined;

async function insertChild(tx: Tx, parent: ClaimedNode, child: Child, nodeId: NodeId, atMs: number): Promise<Node> {
  const { spaceId, claimId } = parent;
  const unclaimed = { claimId: null, publicKeyPem: null };
  const unseen = { claimedAtMs: atMs, firstLiveAtMs: null, firstSampleAtMs: null, lastLiveAtMs: null };
  const node: Node = { nodeId, spaceId, ...child, ...unclaimed, ...unseen, ...unclaimedOrigin };
  await tx
    .insertInto('node')
    .values({ ...node, publicKeyHash: null })
    .execute();
  await insertAudit(tx, { kind: 'child-added', atMs, spaceId, nodeId, claimId, details: { ...child } });
  return node;
}
