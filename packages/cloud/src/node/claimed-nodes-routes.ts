// GET /spaces/:spaceId/claimed-nodes, POST /spaces/:spaceId/node-removals and /node-moves: for who manages nodes.

import {
  ClaimedNodeList,
  type ClaimedNodeView,
  NodeMoveResults,
  NodeMoves,
  NodeRemovalResults,
  NodeRemovals,
} from '@claimstead/wire/cloud-api/claimed-nodes';
import { mostOfPage, PageQuery } from '@claimstead/wire/cloud-api/paging';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId, NodeId, RoomId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { pageOf, readCursor, writeCursor } from '../http/cursor.ts';
import { route, type RouteEntry, type SpaceAccess } from '../http/routes.ts';
import { seenBy } from '../member/member.ts';
import { toClaimedNodeView, type ClaimedNodeStore, type ManagedNode, type NodeDecision } from './claimed-nodes.ts';
import type { Presence } from './presence.ts';

export interface ClaimedNodesRoutesParts {
  nodes: ClaimedNodeStore;
  presence: Presence;
  /** The claims whose agents stream the node right now. */
  claimsTo: (nodeId: NodeId) => readonly ClaimId[];
  ephemeralOf: (node: ManagedNode) => ClaimedNodeView['ephemeral'];
  now: () => number;
  bus: Bus;
  events: Events;
}

const seenOf = (who: SpaceAccess, ids: readonly string[]): NodeId[] =>
  [...new Set(ids.map((id) => id.toLowerCase() as NodeId))].filter((nodeId) => who.sight.node(nodeId));

export function claimedNodesRoutes(parts: ClaimedNodesRoutesParts): RouteEntry[] {
  const { nodes, presence, bus, events } = parts;
  const space = `${apiBase}/spaces/:spaceId`;
  const decision = (who: SpaceAccess, sourceNetwork: string): NodeDecision => ({
    atMs: parts.now(),
    accountId: who.accountId,
    sourceNetwork,
  });
  return [
    route({
      method: 'GET',
      path: `${space}/claimed-nodes`,
      permission: 'manage-nodes',
      summary: `Of every node of the Space why it is not live, the fingerprint of its key, and how it was claimed: ${mostOfPage} at most, and the cursor of the next page.`,
      query: PageQuery,
      responses: { 200: ClaimedNodeList },
      handle: async ({ who, query: { limit, cursor } }) => {
        const from = readCursor(cursor, ['nodeId'])?.nodeId as NodeId | undefined;
        const { page, next } = await pageOf<ManagedNode>({
          limit,
          read: (count) => nodes.pageInSpace(who.spaceId, from, count, seenBy(who)),
          cursorOf: ({ nodeId }) => writeCursor([nodeId]),
        });
        const views = page.map((node) => toClaimedNodeView(node, presence.of(node), parts.ephemeralOf(node)));
        return { status: 200, body: { nodes: views, next } };
      },
    }),
    route({
      method: 'POST',
      path: `${space}/node-removals`,
      permission: 'manage-nodes',
      summary:
        'Removes many nodes at once, all or none where the Cloud fails: their keys are refused from now on, and their machines may be claimed anew.',
      body: NodeRemovals,
      responses: { 200: NodeRemovalResults },
      handle: async ({ who, body, sourceNetwork }) => {
        const wanted = seenOf(who, body.nodeIds).map((nodeId) => ({ nodeId, parents: parts.claimsTo(nodeId) }));
        const removed = await nodes.removeAll(who.spaceId, wanted, decision(who, sourceNetwork));
        for (const { nodeId, spaceId, claimId } of removed) {
          bus.publish('node-removed', { nodeId, spaceId, claimId });
          events.nodeRemoved({ nodeId, spaceId, accountId: who.accountId });
        }
        const gone = new Set<string>(removed.map(({ nodeId }) => nodeId));
        const results = body.nodeIds.map((nodeId) => ({
          nodeId,
          outcome: gone.has(nodeId.toLowerCase()) ? ('removed' as const) : ('not-found' as const),
        }));
        return { status: 200, body: { results } };
      },
    }),
    route({
      method: 'POST',
      path: `${space}/node-moves`,
      permission: 'manage-nodes',
      summary: 'Puts many nodes into rooms and takes them out of others.',
      body: NodeMoves,
      responses: { 200: NodeMoveResults },
      handle: async ({ who, body, sourceNetwork }) => {
        const [join, leave] = [body.join, body.leave].map((ids) => ids.map((id) => id.toLowerCase() as RoomId));
        if (join === undefined || leave === undefined || join.some((roomId) => leave.includes(roomId)))
          throw new CloudError('invalid-request', { detail: 'A room stands in join or in leave, not in both.' });
        const seen = seenOf(who, body.nodeIds);
        const outcomes = await nodes.moveAll(who.spaceId, seen, { join, leave }, decision(who, sourceNetwork));
        if (outcomes === undefined)
          throw new CloudError('invalid-request', {
            detail: 'join or leave names what is no room of this Space, or the room that holds all nodes.',
          });
        const count = [...outcomes.values()].filter((outcome) => outcome === 'moved').length;
        if (count > 0) {
          // Who sees nodes by their rooms may see others from now on. Everybody reads the Space anew with this, so no node is told by itself.
          bus.publish('access-changed', { spaceId: who.spaceId, accountId: null });
          events.nodesMoved({ spaceId: who.spaceId, accountId: who.accountId, count });
        }
        const results = body.nodeIds.map((nodeId) => ({
          nodeId,
          outcome: outcomes.get(nodeId.toLowerCase() as NodeId) ?? ('not-found' as const),
        }));
        return { status: 200, body: { results } };
      },
    }),
  ];
}
