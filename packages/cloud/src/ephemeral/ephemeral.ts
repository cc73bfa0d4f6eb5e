// Ephemeral nodes leave by themselves when they have been offline for long enough. Reading order: ephemeral.ts (rules), ephemeral-store.ts (SQL),
// ephemeral-watch.ts (counts, and lets them go), ephemeral-routes.ts (HTTP). How time is counted, and why so: docs/decisions/0031-ephemeral-nodes.md.

import type { AccountId, ClaimId, NodeId, SpaceId } from '@claimstead/wire/ids';
import type { Node } from '../node/node.ts';

/** What is kept of an ephemeral node. */
export interface EphemeralNode {
  nodeId: NodeId;
  /** How long it is offline before it leaves. */
  afterMs: number;
  /** How long it has been so while a Cloud ran, as far as that was written. */
  awayMs: number;
  /** It waits for admission, which is nobody's absence: nothing is counted. */
  waits: boolean;
}

export interface EphemeralDecision {
  atMs: number;
  accountId: AccountId;
  sourceNetwork: string;
}

export interface EphemeralStore {
  all(): Promise<EphemeralNode[]>;
  of(nodeId: NodeId): Promise<EphemeralNode | undefined>;
  /** Null = it stays. What it has been away counts on. */
  set(node: { nodeId: NodeId; spaceId: SpaceId }, afterMs: number | null, by: EphemeralDecision): Promise<void>;
  saveAway(nodes: readonly Pick<EphemeralNode, 'nodeId' | 'awayMs'>[]): Promise<void>;
  /** Ends the node as an administrator would. Undefined = it is gone, stays, waits for admission, or is there after all (`isThere`). */
  leave(
    nodeId: NodeId,
    end: { atMs: number; offlineForMs: number; parents: readonly ClaimId[]; isThere: () => boolean },
  ): Promise<Node | undefined>;
}

/**
 * After a start of the Cloud no node leaves before this: an agent that found nobody for a while has backed off, stock ones for up to a
 * quarter of an hour.
 */
export const returnMs = 30 * 60 * 1000;

/** How long until it leaves, if nothing comes from it; `runningMs`: how long the Cloud has been running. */
export const leavesInMs = (afterMs: number, awayMs: number, runningMs: number): number =>
  Math.max(0, afterMs - awayMs, returnMs - runningMs);
