// The raised alerts of all nodes, in memory: what agents tell on their links. Kept over a loss of the link, so that an agent that comes back
// tells only what changed; shown only while something can answer for the node.

import type { AlarmLogEntry, AlarmSnapshot } from '@claimstead/wire/gen/link/v1/alarm';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import { createAlertBook, type AlertBook, type RaisedAlert } from './alert-book.ts';

export interface AlertCounts {
  critical: number;
  warning: number;
  /** Of the newest change, milliseconds since 1970. */
  changedAtMs: number;
}

export interface LiveAlerts {
  entryTold(claimId: ClaimId, nodeId: NodeId, entry: AlarmLogEntry): void;
  snapshotTold(claimId: ClaimId, nodeId: NodeId, snapshot: AlarmSnapshot): void;
  /** What the agent of the claim told of the node; made when it is asked for. */
  book(claimId: ClaimId, nodeId: NodeId): AlertBook;
  /** By the word of the agent of that claim; undefined = it told nothing. */
  countsOf(claimId: ClaimId, nodeId: NodeId): AlertCounts | undefined;
  raisedOf(claimId: ClaimId, nodeId: NodeId): RaisedAlert[];
  forgetNode(nodeId: NodeId): void;
  forgetClaim(claimId: ClaimId): void;
}

/** `onChange` hears of every node of which a raised alert came, changed or went. */
export function createLiveAlerts(parts: { nowMs: () => number; onChange: (nodeId: NodeId) => void }): LiveAlerts {
  interface Kept {
    book: AlertBook;
    changedAtMs: number | undefined;
  }
  const kept = new Map<NodeId, Map<ClaimId, Kept>>();
  const keptOf = (claimId: ClaimId, nodeId: NodeId): Kept => {
    const ofNode = kept.get(nodeId) ?? new Map<ClaimId, Kept>();
    kept.set(nodeId, ofNode);
    const found = ofNode.get(claimId) ?? { book: createAlertBook(), changedAtMs: undefined };
    ofNode.set(claimId, found);
    return found;
  };
  const told = (claimId: ClaimId, nodeId: NodeId, change: (book: AlertBook) => boolean): void => {
    const one = keptOf(claimId, nodeId);
    const isFirst = one.changedAtMs === undefined;
    if (!change(one.book) && !isFirst) return;
    // Two changes in one millisecond are two changes to whoever compares.
    one.changedAtMs = Math.max(parts.nowMs(), (one.changedAtMs ?? 0) + 1);
    parts.onChange(nodeId);
  };
  return {
    entryTold: (claimId, nodeId, entry) => told(claimId, nodeId, (book) => book.entryTold(entry)),
    snapshotTold: (claimId, nodeId, snapshot) => told(claimId, nodeId, (book) => book.snapshotTold(snapshot)),
    book: (claimId, nodeId) => keptOf(claimId, nodeId).book,
    countsOf(claimId, nodeId) {
      const one = kept.get(nodeId)?.get(claimId);
      if (one?.changedAtMs === undefined) return undefined;
      const { critical, warning } = one.book;
      return { critical, warning, changedAtMs: one.changedAtMs };
    },
    raisedOf: (claimId, nodeId) => [...(kept.get(nodeId)?.get(claimId)?.book.raised() ?? [])],
    forgetNode: (nodeId) => void kept.delete(nodeId),
    forgetClaim(claimId) {
      for (const [nodeId, ofNode] of kept) if (ofNode.delete(claimId) && ofNode.size === 0) kept.delete(nodeId);
    },
  };
}
