// GET and PUT /spaces/:spaceId/rooms/:roomId/rules, POST …/rules/preview: for who manages rooms.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import {
  mostPreviewed,
  ruleNames,
  RoomRules,
  RoomRulesPreview,
  RoomRulesSaved,
} from '@claimstead/wire/cloud-api/room-rules';
import { CloudError } from '@claimstead/wire/errors';
import { parseRoomId, type NodeId, type SpaceId } from '@claimstead/wire/ids';
import { setImmediate } from 'node:timers/promises';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Room, RoomStore } from '../room/room.ts';
import { distinctRules, type LabelsOf, type RoomRuleStore } from './room-rule.ts';
import type { RoomRuleKeeper } from './room-rule-keeper.ts';

export interface RoomRuleRoutesParts {
  rules: RoomRuleStore;
  keeper: RoomRuleKeeper;
  rooms: Pick<RoomStore, 'byId'>;
  nodesInSpace: (spaceId: SpaceId) => Promise<{ nodeId: NodeId; hostname: string }[]>;
  labelsOf: LabelsOf;
  now: () => number;
}

/** Comparisons of a preview before the Cloud does other work: the worst pattern takes some 0.1 ms for a name. */
const compareAtOnce = 100;

export function roomRuleRoutes({
  rules,
  keeper,
  rooms,
  nodesInSpace,
  labelsOf,
  now,
}: RoomRuleRoutesParts): RouteEntry[] {
  const path = `${apiBase}/spaces/:spaceId/rooms/:roomId/rules`;
  const find = async (spaceId: SpaceId, idText: string | undefined): Promise<Room> => {
    const roomId = parseRoomId(idText);
    const room = roomId === undefined ? undefined : await rooms.byId(spaceId, roomId);
    if (room === undefined) throw new CloudError('not-found');
    return room;
  };
  return [
    route({
      method: 'GET',
      path,
      permission: 'manage-rooms',
      summary: 'The rules by which nodes join the room by themselves.',
      responses: { 200: RoomRules },
      handle: async ({ who, params }) => {
        const room = await find(who.spaceId, params['roomId']);
        return { status: 200, body: { rules: await rules.of(room.roomId) } };
      },
    }),
    route({
      method: 'PUT',
      path,
      permission: 'manage-rooms',
      summary:
        'Replaces the rules of the room; new ones act on all nodes of the Space at once, each rule once on each node, and none takes a node out.',
      body: RoomRules,
      responses: { 200: RoomRulesSaved },
      handle: async ({ who: { spaceId, accountId }, params, body, sourceNetwork }) => {
        const room = await find(spaceId, params['roomId']);
        if (room.holdsAllNodes)
          throw new CloudError('forbidden', { detail: 'The room of all nodes needs no rules: every node is in it.' });
        const wanted = distinctRules(body.rules);
        if (!(await rules.save(room, wanted, { accountId, atMs: now(), sourceNetwork })))
          throw new CloudError('not-found');
        const moved = await keeper.actIn(spaceId, room.roomId);
        return { status: 200, body: { rules: await rules.of(room.roomId), moved } };
      },
    }),
    route({
      // Not GET: what is typed belongs into no address.
      method: 'POST',
      path: `${path}/preview`,
      permission: 'manage-rooms',
      summary: 'Which nodes of the Space such rules would name now; nothing is changed.',
      body: RoomRules,
      responses: { 200: RoomRulesPreview },
      handle: async ({ who, params, body }) => {
        const room = await find(who.spaceId, params['roomId']);
        const inRoom = new Set(await rules.nodesIn(room.roomId));
        const counts = body.rules.map(() => 0);
        const named: RoomRulesPreview['nodes'] = [];
        let count = 0;
        for (const [at, { nodeId, hostname }] of (await nodesInSpace(who.spaceId)).entries()) {
          if ((at * body.rules.length) % compareAtOnce < body.rules.length) await setImmediate();
          if (!who.sight.node(nodeId)) continue;
          const node = { hostname, labels: labelsOf(nodeId) };
          const naming = body.rules.flatMap((rule, index) => (ruleNames(rule, node) ? [index] : []));
          for (const index of naming) counts[index] = (counts[index] ?? 0) + 1;
          if (naming.length === 0) continue;
          count += 1;
          const isInRoom = room.holdsAllNodes || inRoom.has(nodeId);
          if (named.length < mostPreviewed) named.push({ nodeId, hostname, isInRoom });
        }
        return { status: 200, body: { count, counts, nodes: named } };
      },
    }),
  ];
}
