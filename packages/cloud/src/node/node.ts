// A node: a machine that was claimed to a Space. Reading order: node.ts (what is kept), node-state.ts (rules),
// presence.ts (what is known of it right now, in memory), node-store.ts (SQL), node-routes.ts (HTTP).

import type { AccountId, ClaimId, MachineGuid, NodeId, SpaceId } from '@claimstead/wire/ids';

/** What is stored of a node: identity only, never a sample. Times are milliseconds since 1970. */
export interface ClaimedNode {
  nodeId: NodeId;
  spaceId: SpaceId;
  /** The claim that holds the node now; an earlier one of the same machine is retired. */
  claimId: ClaimId;
  machineGuid: MachineGuid;
  hostname: string;
  /** SubjectPublicKeyInfo of the agent's RSA key, PEM. */
  publicKeyPem: string;
  claimedAtMs: number;
  firstLiveAtMs: number | null;
  firstSampleAtMs: number | null;
  /** When it was last known to be live; what `since` of an offline node starts from after a restart of the Cloud. */
  lastLiveAtMs: number | null;
}

/** Why a claim id cannot authenticate. */
export type ClaimStanding =
  | { standing: 'claimed'; node: ClaimedNode }
  /** An administrator removed the node, or a newer claim of the same machine replaced this one. */
  | { standing: 'removed' }
  /** Its own agent gave it up. */
  | { standing: 'unclaimed' }
  | { standing: 'unknown' };

/** What the gateway, the challenge and the relay need to know about stored nodes. */
export interface NodeStore {
  standingOf(claimId: ClaimId): Promise<ClaimStanding>;
  byNodeId(nodeId: NodeId): Promise<ClaimedNode | undefined>;
  all(): Promise<ClaimedNode[]>;
  inSpace(spaceId: SpaceId): Promise<ClaimedNode[]>;
  /** First and last time live, first sample; each only ever set where it was null, lastLiveAtMs always. */
  recordLive(nodeId: NodeId, atMs: number): Promise<void>;
  recordFirstSample(nodeId: NodeId, atMs: number): Promise<void>;
  recordLastLive(nodeId: NodeId, atMs: number): Promise<void>;
  /** The host name as the agent tells it now. */
  recordHostname(nodeId: NodeId, hostname: string): Promise<void>;
  /**
   * Removal denies the key and frees the machine GUID. Answers the removed node, or undefined when there was none, or another claim
   * than the one that ends holds it by now.
   */
  remove(nodeId: NodeId, end: NodeEnd): Promise<ClaimedNode | undefined>;
}

/** Who ends a node: an administrator, or the node's own agent whose claim was deleted. */
export type NodeEnd = { atMs: number; sourceNetwork: string } & (
  | { because: 'removed'; accountId: AccountId }
  | { because: 'unclaimed'; claimId: ClaimId }
);
