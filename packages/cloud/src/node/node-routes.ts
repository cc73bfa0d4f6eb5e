// GET /spaces/:spaceId/nodes, GET and DELETE /nodes/:nodeId, GET /nodes/:nodeId/facts, PUT /nodes/:nodeId/rooms.

import { keyWords } from '@claimstead/wire/claim/key-words';
import { NodeFacts, NodeList, NodeRooms, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { mostOfPage, PageQuery } from '@claimstead/wire/cloud-api/paging';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId, NodeId, RoomId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { pageOf, readCursor, writeCursor } from '../http/cursor.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import { seenBy, type Sight } from '../member/member.ts';
import type { Node, NodeStore } from './node.ts';
import type { NodeRoom, NodeRoomStore } from './node-store.ts';
import type { NodePresence, Presence } from './presence.ts';

export interface NodeRoutesParts {
  nodes: NodeStore & NodeRoomStore;
  presence: Presence;
  /** The claims whose agents stream the node right now. */
  claimsTo: (nodeId: NodeId) => readonly ClaimId[];
  now: () => number;
  bus: Bus;
  events: Events;
}

export function nodeRoutes({ nodes, presence, claimsTo, now, bus, events }: NodeRoutesParts): RouteEntry[] {
  const one = `${apiBase}/nodes/:nodeId`;
  const view = async (node: Node, sight: Sight): Promise<NodeView> =>
    toNodeView(node, presence.of(node), await nodes.roomsOf(node), sight);

  return [
    route({
      method: 'GET',
      path: `${apiBase}/spaces/:spaceId/nodes`,
      permission: 'see-nodes',
      summary: `The nodes of the Space with their states and rooms, by name: ${mostOfPage} at most, and the cursor of the next page.`,
      query: PageQuery,
      responses: { 200: NodeList },
      handle: async ({ who, query: { limit, cursor } }) => {
        const start = readCursor(cursor, ['hostname', 'nodeId']);
        const from = start && { hostname: start.hostname, nodeId: start.nodeId as NodeId };
        const { page, next } = await pageOf<Node>({
          limit,
          read: (count) => nodes.pageInSpace(who.spaceId, from, count, seenBy(who)),
          cursorOf: ({ hostname, nodeId }) => writeCursor([hostname, nodeId]),
        });
        const rooms = await nodes.roomsInSpace(
          who.spaceId,
          page.map(({ nodeId }) => nodeId),
        );
        const list = page.map((node) => toNodeView(node, presence.of(node), rooms.get(node.nodeId) ?? [], who.sight));
        return { status: 200, body: { nodes: list, next } };
      },
    }),
    route({
      method: 'GET',
      path: one,
      permission: 'see-nodes',
      summary: 'One node.',
      responses: { 200: NodeView },
      handle: async ({ who }) => ({ status: 200, body: await view(existing(who.node), who.sight) }),
    }),
    route({
      method: 'GET',
      path: `${one}/facts`,
      permission: 'see-nodes',
      summary: 'Labels, collectors, abilities and paths of the node, as agents told them.',
      responses: { 200: NodeFacts },
      handle: async ({ who }) => {
        const facts = presence.factsOf(existing(who.node).nodeId);
        return {
          status: 200,
          body: { ...facts, paths: facts.paths.filter(({ nodeId }) => who.sight.node(nodeId as NodeId)) },
        };
      },
    }),
    route({
      method: 'DELETE',
      path: one,
      permission: 'manage-nodes',
      summary:
        'Removes the node: its key is refused from now on, parents that stream it do not bring it back, and the machine may be claimed anew.',
      handle: async ({ who, sourceNetwork }) => {
        const { accountId } = who;
        const parents = claimsTo(existing(who.node).nodeId);
        const end = { because: 'removed', atMs: now(), accountId, sourceNetwork, parents } as const;
        const removed = await nodes.remove(existing(who.node).nodeId, end);
        const { nodeId, spaceId, claimId } = existing(removed);
        bus.publish('node-removed', { nodeId, spaceId, claimId });
        events.nodeRemoved({ nodeId, spaceId, accountId });
        return { status: 204 };
      },
    }),
    route({
      method: 'PUT',
      path: `${one}/rooms`,
      permission: 'manage-nodes',
      summary: 'Puts the node into exactly these rooms; it stays in the room of all nodes.',
      body: NodeRooms,
      responses: { 200: NodeView },
      handle: async ({ who, body, sourceNetwork }) => {
        const node = existing(who.node);
        const roomIds = body.roomIds.map((roomId) => roomId.toLowerCase() as RoomId);
        const by = { atMs: now(), accountId: who.accountId, sourceNetwork };
        const outcome = await nodes.setRooms(node, roomIds, by);
        if (outcome === undefined) {
          throw new CloudError('invalid-request', { detail: 'roomIds names a room that is not in this Space.' });
        }
        if (outcome === 'gone') throw new CloudError('not-found');
        if (outcome === 'moved') {
          bus.publish('node-changed', { nodeId: node.nodeId });
          // Who sees nodes by their rooms may see this one from now on, or not any more.
          bus.publish('access-changed', { spaceId: node.spaceId, accountId: null });
        }
        return { status: 200, body: await view(node, who.sight) };
      },
    }),
  ];
}

/** Removed in the meantime. */
function existing(node: Node | undefined): Node {
  if (node === undefined) throw new CloudError('not-found');
  return node;
}

/** A node as one person gets it: what is stored, what is known of it right now, and those of its rooms that they see. */
export function toNodeView(node: Node, presence: NodePresence, rooms: readonly NodeRoom[], sight: Sight): NodeView {
  const since = (atMs: number | null): number | null => (atMs === null ? null : Math.max(0, atMs - node.claimedAtMs));
  return {
    nodeId: node.nodeId,
    spaceId: node.spaceId,
    claimId: node.claimId,
    machineGuid: node.machineGuid,
    hostname: node.hostname,
    state: presence.state,
    since: new Date(presence.sinceMs).toISOString(),
    rooms: rooms.filter(({ id }) => sight.room(id)),
    claimedAt: new Date(node.claimedAtMs).toISOString(),
    claimToLiveMs: since(node.firstLiveAtMs),
    claimToFirstSampleMs: since(node.firstSampleAtMs),
    lastLinkError: presence.lastLinkError,
    contested:
      presence.contested === null
        ? null
        : {
            hosts: presence.contested.hosts.map(({ hostname, address }) => ({ hostname, address })),
            sinceMs: presence.contested.sinceMs,
          },
    admission:
      node.waitsSinceMs === null || node.publicKeyPem === null
        ? null
        : { waitsSince: new Date(node.waitsSinceMs).toISOString(), keyWords: keyWords(node.publicKeyPem) },
    info: presence.info,
    via: presence.via !== null && sight.node(presence.via.nodeId as NodeId) ? presence.via : null,
    alerts: presence.alerts,
    metricsApi: presence.metricsApi,
    hasFunctions: presence.hasFunctions,
  };
}
