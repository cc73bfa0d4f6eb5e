// Nodes: GET /spaces/:spaceId/nodes, GET|DELETE /nodes/:nodeId, PUT /nodes/:nodeId/rooms,
// and GET /nodes/:nodeId/agent/* which is relayed to the agent (the answer is the agent's).

import { z } from 'zod';

/** unseen: claimed, never connected. live: link up, streaming. stale: something can answer for it, it does not stream. offline: nothing can. */
export const NodeState = z.enum(['unseen', 'live', 'stale', 'offline']);
export type NodeState = z.infer<typeof NodeState>;

export const NodeView = z.object({
  nodeId: z.uuid(),
  spaceId: z.uuid(),
  claimId: z.uuid(),
  machineGuid: z.uuid(),
  hostname: z.string(),
  state: NodeState,
  /** When the state began. */
  since: z.iso.datetime(),
  rooms: z.array(z.object({ id: z.uuid(), name: z.string() })),
  claimedAt: z.iso.datetime(),
  /** Milliseconds from the accepted claim to the first time the link was up; null before. */
  claimToLiveMs: z.int().nullable(),
  /** Milliseconds from the accepted claim to the first sample that the Cloud relayed; null before. */
  claimToFirstSampleMs: z.int().nullable(),
  /** Last thing that went wrong with its link, in words; null when nothing did since it was last live. */
  lastLinkError: z.string().nullable(),
  /**
   * Several machines use the identity of the node, and took the link from each other. The connected one comes first, at least two are
   * named; milliseconds since 1970. Null again ten minutes after the last attempt of another.
   */
  contested: z
    .object({ hosts: z.array(z.object({ hostname: z.string(), address: z.string() })), sinceMs: z.int() })
    .nullable(),
  /** What the agent told of itself on this connection; kept in memory only, null until told. */
  info: z
    .object({
      agentVersion: z.string(),
      osName: z.string(),
      osVersion: z.string(),
      kernelName: z.string(),
      kernelVersion: z.string(),
      architecture: z.string(),
      cpus: z.int(),
      memoryBytes: z.number().nullable(),
      diskBytes: z.number().nullable(),
      virtualization: z.string(),
      container: z.string(),
    })
    .nullable(),
});
export type NodeView = z.infer<typeof NodeView>;
export const NodeList = z.object({ nodes: z.array(NodeView) });
export const NodeRooms = z.strictObject({ roomIds: z.array(z.uuid()).max(50) });
