// GET and POST /spaces/:spaceId/rooms, PATCH and DELETE /spaces/:spaceId/rooms/:roomId.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { RoomCreate, RoomList, RoomRename, RoomView } from '@claimstead/wire/cloud-api/spaces';
import { CloudError } from '@claimstead/wire/errors';
import { parseRoomId, type AccountId, type NodeId, type RoomId, type SpaceId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RoomStore, RoomWithCount } from './room.ts';

export interface RoomRoutesParts {
  rooms: RoomStore;
  /** Every node of a Space shows its rooms' names: they are told when one changes. */
  nodesInSpace: (spaceId: SpaceId) => Promise<{ nodeId: NodeId }[]>;
  now: () => number;
  newRoomId: () => RoomId;
  bus: Bus;
  events: Events;
}

export function roomRoutes({ rooms, nodesInSpace, now, newRoomId, bus, events }: RoomRoutesParts): RouteEntry[] {
  const collection = `${apiBase}/spaces/:spaceId/rooms`;
  const one = `${collection}/:roomId`;
  const find = async (spaceId: SpaceId, idText: string | undefined): Promise<RoomWithCount> => {
    const roomId = parseRoomId(idText);
    const room = roomId === undefined ? undefined : await rooms.byId(spaceId, roomId);
    if (room === undefined) throw new CloudError('not-found');
    return room;
  };
  const decision = (accountId: AccountId, sourceNetwork: string) => ({ accountId, atMs: now(), sourceNetwork });
  const tellNodes = async (spaceId: SpaceId): Promise<void> => {
    for (const { nodeId } of await nodesInSpace(spaceId)) bus.publish('node-changed', { nodeId });
  };

  return [
    route({
      method: 'GET',
      path: collection,
      permission: 'see-space',
      summary: 'The rooms of the Space; the one of all nodes comes first.',
      responses: { 200: RoomList },
      handle: async ({ who }) => ({
        status: 200,
        body: {
          rooms: (await rooms.inSpace(who.spaceId)).filter(({ roomId }) => who.sight.room(roomId)).map(toRoomView),
        },
      }),
    }),
    route({
      method: 'POST',
      path: collection,
      permission: 'manage-rooms',
      summary: 'Makes a room.',
      body: RoomCreate,
      responses: { 201: RoomView },
      handle: async ({ who, body, sourceNetwork }) => {
        const roomId = newRoomId();
        const by = decision(who.accountId, sourceNetwork);
        await rooms.create({ roomId, spaceId: who.spaceId, name: body.name, createdAtMs: by.atMs }, by);
        events.roomCreated({ roomId, spaceId: who.spaceId, accountId: who.accountId });
        return { status: 201, body: toRoomView(await find(who.spaceId, roomId)) };
      },
    }),
    route({
      method: 'PATCH',
      path: one,
      permission: 'manage-rooms',
      summary: 'Renames a room; its slug stays.',
      body: RoomRename,
      responses: { 200: RoomView },
      handle: async ({ who, params, body, sourceNetwork }) => {
        const room = await find(who.spaceId, params['roomId']);
        const by = decision(who.accountId, sourceNetwork);
        if (!(await rooms.rename(who.spaceId, room.roomId, body.name, by))) throw new CloudError('not-found');
        await tellNodes(who.spaceId);
        return { status: 200, body: toRoomView({ ...room, name: body.name }) };
      },
    }),
    route({
      method: 'DELETE',
      path: one,
      permission: 'manage-rooms',
      summary: 'Deletes a room; its nodes stay in the Space. The room of all nodes cannot be deleted.',
      handle: async ({ who, params, sourceNetwork }) => {
        const room = await find(who.spaceId, params['roomId']);
        if (room.holdsAllNodes)
          throw new CloudError('forbidden', { detail: 'The room of all nodes cannot be deleted.' });
        const members = await rooms.remove(who.spaceId, room.roomId, decision(who.accountId, sourceNetwork));
        if (members === undefined) throw new CloudError('not-found');
        for (const accountId of members) bus.publish('access-changed', { spaceId: who.spaceId, accountId });
        events.roomDeleted({ roomId: room.roomId, spaceId: who.spaceId, accountId: who.accountId });
        await tellNodes(who.spaceId);
        return { status: 204 };
      },
    }),
  ];
}

function toRoomView({ roomId, slug, name, holdsAllNodes, nodeCount }: RoomWithCount): RoomView {
  return { id: roomId, slug, name, holdsAllNodes, nodeCount };
}
