// Which nodes arrived while somebody looks at the claim command. Pure.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';

/**
 * What was there when the page was opened: claim id by node id, null for a node that a parent streams. A node that is claimed again
 * gets another claim id.
 */
export type Before = ReadonlyMap<string, string | null>;

export const claimsOf = (nodes: NodeView[]): Before => new Map(nodes.map(({ nodeId, claimId }) => [nodeId, claimId]));

export interface Arrival {
  node: NodeView;
  /** When this page saw it first, milliseconds since 1970 by this browser's clock: the Cloud's may differ. */
  seenMs: number;
}

/** Names an arrival: the same node that is claimed anew arrives anew. */
export const arrivalKey = ({ nodeId, claimId }: Pick<NodeView, 'nodeId' | 'claimId'>): string =>
  `${nodeId} ${claimId ?? ''}`;

/** Arrivals so far, the newest first; the same array when nothing changed. */
export function withArrivals(arrivals: Arrival[], before: Before, nodes: NodeView[], nowMs: number): Arrival[] {
  const known = new Map(arrivals.map((arrival) => [arrivalKey(arrival.node), arrival]));
  const next = nodes
    .filter(({ nodeId, claimId }) => before.get(nodeId) !== claimId)
    .map((node): Arrival => {
      const old = known.get(arrivalKey(node));
      return old?.node === node ? old : { node, seenMs: old?.seenMs ?? nowMs };
    })
    .sort((a, b) => b.seenMs - a.seenMs);
  const isSame = next.length === arrivals.length && next.every((arrival, n) => arrival === arrivals[n]);
  return isSame ? arrivals : next;
}
