// Rooms in SQL. That a node is in the room of all nodes has no row: it is so by being a node of the Space.

import { foldName } from '@claimstead/wire/cloud-api/spaces';
import { CloudError } from '@claimstead/wire/errors';
import type { RoomId, SpaceId } from '@claimstead/wire/ids';
import { sql } from 'kysely';
import { insertAudit } from '../audit/audit-store.ts';
import type { RoomTable } from '../storage/schema.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import { allNodesRoomName, mostRooms, roomSlug, type Room, type RoomStore, type RoomWithCount } from './room.ts';

export function createRoomStore(storage: Storage): RoomStore {
  return {
    inSpace: async (spaceId) => (await roomsOf(storage.read, spaceId).execute()).map(fromRow),
    async byId(spaceId, roomId) {
      const row = await roomsOf(storage.read, spaceId).where('room.roomId', '=', roomId).executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    },
    create: (room, by) =>
      storage.write(async (tx) => {
        const others = await namesIn(tx, room.spaceId);
        refuseTakenName(others, room.name);
        if (others.length >= mostRooms)
          throw new CloudError('forbidden', { detail: `A Space has ${mostRooms} rooms at most; delete one first.` });
        const slug = roomSlug(room.name, new Set(others.map((other) => other.slug)));
        await insertRoom(tx, { ...room, slug, holdsAllNodes: false });
        const { spaceId, roomId, name, createdAtMs: atMs } = room;
        await insertAudit(tx, { kind: 'room-made', atMs, spaceId, ...by, details: { roomId, name, slug } });
      }),
    rename: (spaceId, roomId, name, by) =>
      storage.write(async (tx) => {
        const others = await namesIn(tx, spaceId);
        refuseTakenName(
          others.filter((other) => other.roomId !== roomId),
          name,
        );
        const before = others.find((other) => other.roomId === roomId);
        if (before === undefined) return false;
        await tx.updateTable('room').set({ name }).where('roomId', '=', roomId).execute();
        await insertAudit(tx, {
          kind: 'room-renamed',
          spaceId,
          ...by,
          details: { roomId, from: before.name, to: name },
        });
        return true;
      }),
    remove: (spaceId, roomId, by) =>
      storage.write(async (tx) => {
        const room = await tx
          .selectFrom('room')
          .select(['name', 'slug'])
          .where('spaceId', '=', spaceId)
          .where('roomId', '=', roomId)
          .where('holdsAllNodes', '=', 0)
          .executeTakeFirst();
        if (room === undefined) return undefined;
        const members = await tx.selectFrom('roomMember').select('accountId').where('roomId', '=', roomId).execute();
        await tx.deleteFrom('room').where('roomId', '=', roomId).execute();
        await insertAudit(tx, { kind: 'room-deleted', spaceId, ...by, details: { roomId, ...room } });
        return members.map(({ accountId }) => accountId);
      }),
  };
}

/** Part of the transaction of whoever makes a room. */
export async function insertRoom(tx: Tx, room: Room): Promise<void> {
  const holdsAllNodes = room.holdsAllNodes ? 1 : 0;
  await tx
    .insertInto('room')
    .values({ ...room, holdsAllNodes })
    .execute();
}

/** Part of the transaction of whoever makes a Space. */
export async function insertAllNodesRoom(
  tx: Tx,
  { roomId, spaceId, createdAtMs }: { roomId: RoomId; spaceId: SpaceId; createdAtMs: number },
): Promise<void> {
  const slug = roomSlug(allNodesRoomName, new Set());
  await insertRoom(tx, { roomId, spaceId, slug, name: allNodesRoomName, holdsAllNodes: true, createdAtMs });
}

const namesIn = (tx: Tx, spaceId: SpaceId) =>
  tx.selectFrom('room').select(['roomId', 'name', 'slug']).where('spaceId', '=', spaceId).execute();

/** Throws `name-taken`: of Spaces as of rooms, names that look alike are one. */
export function refuseTakenName(others: readonly { name: string }[], name: string): void {
  if (others.some((other) => foldName(other.name) === foldName(name))) throw new CloudError('name-taken');
}

const roomsOf = (queries: Queries, spaceId: SpaceId) =>
  queries
    .selectFrom('room')
    .selectAll('room')
    .select(
      sql<number>`case when holds_all_nodes = 1
        then (select count(*) from node where node.space_id = room.space_id)
        else (select count(*) from node_room where node_room.room_id = room.room_id) end`.as('nodeCount'),
    )
    .where('room.spaceId', '=', spaceId)
    .orderBy('room.holdsAllNodes', 'desc')
    .orderBy(sql`lower(room.name)`)
    .orderBy('room.roomId');

function fromRow(row: RoomTable & { nodeCount: number }): RoomWithCount {
  return { ...row, holdsAllNodes: row.holdsAllNodes === 1, nodeCount: Number(row.nodeCount) };
}

/** These rooms, each once; throws `invalid-request` where one is not a room of the Space. */
export async function roomsOfSpace(queries: Queries, spaceId: SpaceId, roomIds: readonly RoomId[]): Promise<RoomId[]> {
  const wanted = [...new Set(roomIds)];
  const rows = await queries.selectFrom('room').select('roomId').where('spaceId', '=', spaceId).execute();
  const known = new Set(rows.map(({ roomId }) => roomId));
  if (wanted.some((roomId) => !known.has(roomId)))
    throw new CloudError('invalid-request', { detail: 'roomIds names a room that is not in this Space.' });
  return wanted;
}
