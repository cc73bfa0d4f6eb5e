// The state of a node, from the paths over which it can be reached. Pure.

import type { NodeState } from '@claimstead/wire/cloud-api/nodes';

/** One way to a node: over the link of its own agent (hops 0), or of a parent that streams it. Paths exist while their link is up. */
export interface NodePath {
  /** The agent at the end of the link is collecting or receiving the node's data now. */
  live: boolean;
  /** The agent can answer for the node. */
  queryable: boolean;
  hops: number;
}

const isOwn = ({ hops }: NodePath): boolean => hops === 0;

/** While the node's own agent can answer, no parent's word counts. */
export function nodeState(everLive: boolean, known: readonly NodePath[]): NodeState {
  const own = known.filter((path) => isOwn(path) && (path.live || path.queryable));
  const paths = own.length > 0 ? own : known;
  if (paths.some((path) => path.live)) return 'live';
  if (paths.some((path) => path.queryable)) return 'stale';
  return everLive ? 'offline' : 'unseen';
}

/** The paths that can answer, the one to ask first: the node's own, then one that streams before one that only answers, then the shortest. */
export function pathsInOrder<Path extends NodePath>(paths: readonly Path[]): Path[] {
  return paths
    .filter((path) => path.live || path.queryable)
    .toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)) || Number(b.live) - Number(a.live) || a.hops - b.hops);
}
