// A node: a machine that was claimed to a Space. Reading order: node.ts (what is kept), node-state.ts (rules),
// presence.ts (what is known of it right now, in memory), node-store.ts (SQL), node-routes.ts (HTTP), then the three claimed-nodes files: what
// whoever manages nodes knows of them and does with many at once.

import type { AccountId, ClaimId, MachineGuid, NodeId, SpaceId } from '@claimstead/wire/ids';

/** What is stored of a node: identity only, never a sample. Times are milliseconds since 1970. */
export interface Node {
  nodeId: NodeId;
  spaceId: SpaceId;
  /** The claim that holds the node now; an earlier one of the same machine is retired. Null: a parent streams it, it was never claimed itself. */
  claimId: ClaimId | null;
  machineGuid: MachineGuid;
  hostname: string;
  /** SubjectPublicKeyInfo of the agent's RSA key, PEM; null without a claim. */
  publicKeyPem: string | null;
  /** Or, without a claim, when its parent first told of it. */
  claimedAtMs: number;
  firstLiveAtMs: number | null;
  firstSampleAtMs: number | null;
  /** When it was last known to be live; what `since` of an offline node starts from after a restart of the Cloud. */
  lastLiveAtMs: number | null;
  /** The token that it was claimed with, as it was called then; both survive the token. Null without a claim, or before this was kept. */
  claimedTokenName: string | null;
  claimedTokenId: string | null;
  /** Where the claim came from: an IPv4 address or an IPv6 /64. */
  claimedFrom: string | null;
  /** Who had made that token; null = somebody on the private socket. */
  claimedByAccountId: AccountId | null;
  /** Since when it waits for an administrator to admit it, and is refused a link until then; null = it does not. */
  waitsSinceMs: number | null;
}

/** Where a node stands in the list of its Space. */
export type NodePlace = Pick<Node, 'hostname' | 'nodeId'>;

/** How the link of a node ended, kept for the time after a restart. */
export interface KeptDown {
  downCause: 'said-goodbye' | 'link-closed';
  downWords: string | null;
}

/** Of a machine that was not claimed itself. */
export const unclaimedOrigin = {
  claimedTokenName: null,
  claimedTokenId: null,
  claimedFrom: null,
  claimedByAccountId: null,
  waitsSinceMs: null,
} as const;

/** A node with an agent that proves its own key. */
export interface ClaimedNode extends Node {
  claimId: ClaimId;
  publicKeyPem: string;
}

/** A machine that a parent tells of. */
export interface Child {
  machineGuid: MachineGuid;
  hostname: string;
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
  byNodeId(nodeId: NodeId): Promise<Node | undefined>;
  all(): Promise<Node[]>;
  inSpace(spaceId: SpaceId): Promise<Node[]>;
  /** By name, in whatever case, then by id: `count` at most, of those behind `after` that `seenBy` sees by their rooms (null: of all). */
  pageInSpace(spaceId: SpaceId, after: NodePlace | undefined, count: number, seenBy: AccountId | null): Promise<Node[]>;
  /**
   * The nodes of machines that the agent of `parent` streams, in order, made where there are none; undefined for one that was removed while
   * this parent streamed it. One transaction for all.
   */
  adopt(parent: ClaimedNode, children: readonly Child[], atMs: number): Promise<(Node | undefined)[]>;
  /** First and last time live, first sample; each only ever set where it was null, lastLiveAtMs always. */
  recordLive(nodeId: NodeId, atMs: number): Promise<void>;
  recordFirstSample(nodeId: NodeId, atMs: number): Promise<void>;
  /** `down`: how its link ended; undefined leaves what is kept of that. */
  recordLastLive(nodeId: NodeId, atMs: number, down: KeptDown | undefined): Promise<void>;
  /** The host name as the agent tells it now. */
  recordHostname(nodeId: NodeId, hostname: string): Promise<void>;
  /** As a parent tells it: only of a machine that has no claim of its own. */
  recordChildHostname(nodeId: NodeId, hostname: string): Promise<void>;
  /**
   * Removal denies the key and frees the machine GUID. Answers the removed node, or undefined when there was none, or another claim
   * than the one that ends holds it by now, or one that is claimed shall be let go.
   */
  remove(nodeId: NodeId, end: NodeEnd): Promise<Node | undefined>;
}

/**
 * Who ends a node: an administrator (then `parents`, which stream it right now, cannot bring it back), the Cloud because it is ephemeral and
 * was away for long enough (the same), the node's own agent whose claim was deleted, or the last parent of a machine without a claim, which
 * lets it go.
 */
export type NodeEnd = { atMs: number } & (
  | { because: 'removed'; accountId: AccountId; sourceNetwork: string; parents: readonly ClaimId[] }
  | { because: 'ephemeral'; offlineForMs: number; parents: readonly ClaimId[] }
  | { because: 'unclaimed'; claimId: ClaimId; sourceNetwork: string }
  | { because: 'let-go'; claimId: ClaimId; sourceNetwork: string }
);
