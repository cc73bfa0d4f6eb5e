// Nodes: GET /spaces/:spaceId/nodes, GET|DELETE /nodes/:nodeId, PUT /nodes/:nodeId/rooms, GET /nodes/:nodeId/facts,
// and GET /nodes/:nodeId/agent/* which is relayed to the agent (the answer is the agent's).

import { z } from 'zod';
import { Next } from './paging.ts';

/** unseen: claimed, never connected. live: link up, streaming. stale: something can answer for it, it does not stream. offline: nothing can. */
export const NodeState = z.enum(['unseen', 'live', 'stale', 'offline']);
export type NodeState = z.infer<typeof NodeState>;

export const NodeView = z.object({
  nodeId: z.uuid(),
  spaceId: z.uuid(),
  /** Null for a machine that was not claimed itself: a parent streams it. */
  claimId: z.uuid().nullable(),
  machineGuid: z.uuid(),
  hostname: z.string(),
  state: NodeState,
  /** When the state began. */
  since: z.iso.datetime(),
  rooms: z.array(z.object({ id: z.uuid(), name: z.string() })),
  /** When it was claimed; of a machine that a parent streams, when that parent first told of it. */
  claimedAt: z.iso.datetime(),
  /** The node whose agent answers for this one now, and how many agents its data pass on the way; null = its own agent, or nobody. */
  via: z.object({ nodeId: z.uuid(), hostname: z.string(), hops: z.int().min(1) }).nullable(),
  /** How many alerts are raised; null where that was not told, or nothing can answer for the node now. */
  alerts: z
    .object({
      critical: z.int(),
      warning: z.int(),
      /** Of the newest change of any of its alerts: what was read before it is old. */
      changedAt: z.iso.datetime(),
    })
    .nullable(),
  /** The newest generation of the metrics API that its agent speaks. */
  metricsApi: z.enum(['v1', 'v2', 'v3']),
  /** Whether its agent offers functions (processes, network connections, …). */
  hasFunctions: z.boolean(),
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
  /**
   * It waits for an administrator to admit it, and is refused a link until then. `keyWords`: six words that its machine shows, too. Null: it
   * does not wait.
   */
  admission: z.object({ waitsSince: z.iso.datetime(), keyWords: z.string() }).nullable(),
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
/** A page of them, by name. [paging.ts] */
export const NodeList = z.object({ nodes: z.array(NodeView), next: Next });
export const NodeRooms = z.strictObject({ roomIds: z.array(z.uuid()).max(50) });

/** GET /nodes/:nodeId/facts: everything that agents told of a node, kept in memory only. Texts come from strangers. */
export const NodeFacts = z.object({
  releaseChannel: z.string(),
  timezone: z.string(),
  /** Hz; null = not told. */
  cpuFrequencyHz: z.number().nullable(),
  labels: z.record(z.string(), z.string()),
  collectors: z.array(z.object({ plugin: z.string(), module: z.string() })),
  capabilities: z.array(z.object({ name: z.string(), version: z.int(), enabled: z.boolean() })),
  /** Contexts that the node has, by the last word of its agent; null = not told. */
  contextCount: z.int().nullable(),
  /** Every way to the node, the best first. `nodeId` is the node whose agent answers: the node itself, or a parent. */
  paths: z.array(
    z.object({ nodeId: z.uuid(), hostname: z.string(), hops: z.int(), live: z.boolean(), queryable: z.boolean() }),
  ),
});
export type NodeFacts = z.infer<typeof NodeFacts>;
