// What is known of nodes right now: in memory, rebuilt from the links after a restart.

import type { NodeFacts, NodeState, NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';

/** Why nothing answers for a node, as it was noticed. `words`: the rest of a sentence. */
export interface Down {
  cause: 'said-goodbye' | 'link-closed' | 'refused' | 'parent-gone';
  words: string | null;
  /** Milliseconds since 1970. */
  atMs: number;
}

export interface NodePresence {
  state: NodeState;
  /** When the state began, milliseconds since 1970. */
  sinceMs: number;
  info: NodeView['info'];
  lastLinkError: string | null;
  /** Null while it is live, and where nothing was noticed since the Cloud was started. */
  down: Down | null;
  /** Several machines hold the key of the node's claim; the connected one comes first. */
  contested: {
    hosts: readonly { hostname: string; address: string; isConnected: boolean; seenAtMs: number }[];
    sinceMs: number;
    /** One of them shall claim itself anew. */
    settling: { hostname: string; address: string; atMs: number } | null;
  } | null;
  via: NodeView['via'];
  alerts: NodeView['alerts'];
  metricsApi: NodeView['metricsApi'];
  hasFunctions: boolean;
}

export interface Presence {
  /** Every node has a presence; one that never connected is `unseen` since it was claimed. */
  of(node: {
    nodeId: NodeId;
    claimId: ClaimId | null;
    claimedAtMs: number;
    firstLiveAtMs: number | null;
    lastLiveAtMs: number | null;
  }): NodePresence;
  /** Everything else that agents told of it. */
  factsOf(nodeId: NodeId): NodeFacts;
  /** Of these alone, for who looks at many nodes. */
  labelsOf(nodeId: NodeId): NodeFacts['labels'];
}
