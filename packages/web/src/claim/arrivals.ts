// Which nodes arrived while somebody looks at the claim command. Pure.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';

/** What was there when the page was opened: claim id by node id. A node that is claimed again gets another claim id; null = a parent streams it. */
export type Before = ReadonlyMap<string, string | null>;

export const claimsOf = (nodes: NodeView[]): Before => new Map(nodes.map(({ nodeId, claimId }) => [nodeId, claimId]));

export interface Arrival {
  node: NodeView;
  /** When this page saw it first, milliseconds since 1970 by this browser's clock: the Cloud's may differ. */
  seenMs: number;
}

/** Arrivals so far, the newest first; the same array when nothing changed. */
export function withArrivals(arrivals: Arrival[], before: Before, nodes: NodeView[], nowMs: number): Arrival[] {
  const keyOf = ({ nodeId, claimId }: NodeView): string => `${nodeId} ${claimId ?? ''}`;
  const known = new Map(arrivals.map((arrival) => [keyOf(arrival.node), arrival]));
  const next = nodes
    .filter(({ nodeId, claimId }) => before.get(nodeId) !== claimId)
    .map((node): Arrival => {
      const old = known.get(keyOf(node));
      return old?.node === node ? old : { node, seenMs: old?.seenMs ?? nowMs };
    })
    .sort((a, b) => b.seenMs - a.seenMs);
  const isSame = next.length === arrivals.length && next.every((arrival, n) => arrival === arrivals[n]);
  return isSame ? arrivals : next;
}
