// The relay: one request of a browser goes over the link to the agent, its answer comes back; nothing of it is kept.
// Reading order: relay.ts (the question and the answer), relay-target.ts (which addresses may be asked),
// one-node-target.ts (and by whom who does not see every node), link-relay.ts,
// relay-routes.ts (the browser's side), pending-requests.ts (what awaits a reply), and gateway/live-links.ts (the link itself).

import type { Role } from '@claimstead/wire/cloud-api/roles';
import type { AccountId, ClaimId, NodeId } from '@claimstead/wire/ids';

/** Who asks, as the agent is told in exactly one header each. */
export interface Asker {
  accountId: AccountId;
  /** Shown by the agent in its own logs; printable ASCII only reaches it. */
  name: string;
  role: Role;
}

/**
 * Nobody in particular: shared rounds of live samples are asked on behalf of all who watch. They are not counted for an account; each pair of
 * node and chart is asked once at a time.
 */
export const sharedAsker: Asker = {
  accountId: '00000000-0000-0000-0000-000000000000' as AccountId,
  name: 'live view',
  role: 'member',
};

export interface RelayRequest {
  nodeId: NodeId;
  /** Path and query as the agent will see them, e.g. `/api/v1/data?chart=system.cpu`; checked by relay-target. */
  target: string;
  asker: Asker;
  /** Default 10,000. */
  timeoutMs?: number | undefined;
  /** Aborted when nobody waits any more: the agent is told to stop. */
  signal?: AbortSignal;
}

/** The agent's answer, decompressed; headers are not passed on, but for the content type. */
export interface RelayAnswer {
  status: number;
  contentType: string;
  body: Buffer;
  /** The same body as the agent compressed it, when it did: passed on to browsers that take gzip, so that it is not compressed twice. */
  gzipped: Buffer | undefined;
}

/** Throws CloudError: node-offline, relay-path-refused, relay-query-refused, relay-timeout, relay-link-lost, relay-answer-too-large, relay-answer-invalid, relay-too-many, relay-cancelled. */
export interface Relay {
  ask(request: RelayRequest): Promise<RelayAnswer>;
  /** Asks the agent of a claim itself, whatever the nodes that it can answer for; throws the same. */
  askAgent(request: Omit<RelayRequest, 'nodeId'> & { claimId: ClaimId }): Promise<RelayAnswer>;
}
