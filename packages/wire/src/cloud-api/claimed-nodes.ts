// What whoever manages nodes gets to know of them beyond NodeView: GET /spaces/:spaceId/claimed-nodes. And what they do with many at once:
// POST /spaces/:spaceId/node-removals and /node-moves. Of one node alone: nodes.ts.

import { z } from 'zod';
import { EphemeralView } from './ephemeral.ts';
import { Next } from './paging.ts';

/** Nodes of one request. A page with more sends several, and shows how far it is. */
export const mostNodesAtOnce = 1000;

/**
 * Why nothing streams from a node. never-connected: claimed, never seen. waits: nobody has admitted it yet. said-goodbye: its agent was stopped
 * in order. link-closed: its link ended without that. refused: its agent asks, and is not let in. parent-gone: it was seen through a parent,
 * and is not any more. not-streaming: an agent answers for its past alone. not-back: it has not come since the Cloud was started.
 */
export const DownCause = z.enum([
  'never-connected',
  'waits',
  'said-goodbye',
  'link-closed',
  'refused',
  'parent-gone',
  'not-streaming',
  'not-back',
]);
export type DownCause = z.infer<typeof DownCause>;

export const ClaimedNodeView = z.object({
  nodeId: z.uuid(),
  /** Null while it is live. */
  down: z
    .object({
      cause: DownCause,
      /** The reason in words, the rest of a sentence; null where the cause says it all. */
      words: z.string().nullable(),
      since: z.iso.datetime(),
    })
    .nullable(),
  /** SHA-256 of the public key's DER bytes, hex; null for a machine that a parent streams. */
  keyFingerprint: z.string().nullable(),
  /** How it came here; null for a machine that a parent streams. `by`: who made the token, null for somebody at the Cloud's own machine, or where neither that nor the token was kept. */
  claimed: z
    .object({
      at: z.iso.datetime(),
      by: z.object({ name: z.string(), email: z.string() }).nullable(),
      tokenId: z.string().nullable(),
      tokenName: z.string().nullable(),
      /** An IPv4 address or an IPv6 /64. */
      from: z.string().nullable(),
    })
    .nullable(),
  /** Machines that use its identity, the connected one first; null = one alone does. */
  contest: z
    .object({
      since: z.iso.datetime(),
      hosts: z.array(
        z.object({ hostname: z.string(), address: z.string(), isConnected: z.boolean(), seenAt: z.iso.datetime() }),
      ),
      /** Somebody has begun to give a machine an identity of its own. */
      settling: z.object({ hostname: z.string(), address: z.string(), at: z.iso.datetime() }).nullable(),
    })
    .nullable(),
  /** Null = it stays until somebody removes it. */
  ephemeral: EphemeralView,
});
export type ClaimedNodeView = z.infer<typeof ClaimedNodeView>;
/** A page of them, by id. [paging.ts] */
export const ClaimedNodeList = z.object({ nodes: z.array(ClaimedNodeView), next: Next });

const NodeIds = z.array(z.uuid()).min(1).max(mostNodesAtOnce);

export const NodeRemovals = z.strictObject({ nodeIds: NodeIds });
/** In the order of the request. `not-found`: no node of this Space, or gone already. */
export const NodeRemovalResults = z.object({
  results: z.array(z.object({ nodeId: z.uuid(), outcome: z.enum(['removed', 'not-found']) })),
});

const RoomIds = z.array(z.uuid()).max(50);
/** A room stands in one of the two lists; of the room of all nodes nobody is moved in or out. */
export const NodeMoves = z.strictObject({ nodeIds: NodeIds, join: RoomIds, leave: RoomIds });
export const NodeMoveResults = z.object({
  results: z.array(z.object({ nodeId: z.uuid(), outcome: z.enum(['moved', 'unchanged', 'not-found']) })),
});
