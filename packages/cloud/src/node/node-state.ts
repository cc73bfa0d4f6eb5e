// The state of a node, from the paths over which it can be reached. Pure.

import type { NodeState } from '@claimstead/wire/cloud-api/nodes';

/** One way to a node: over the link of one claim, directly (hops 0) or through a parent. */
export interface NodePath {
  /** The link of the claim is up. */
  linkUp: boolean;
  /** The agent at the end of the link is collecting or receiving the node's data now. */
  live: boolean;
  /** The agent can answer for the node. */
  queryable: boolean;
  hops: number;
}

export function nodeState(everLive: boolean, paths: readonly NodePath[]): NodeState {
  const up = paths.filter((path) => path.linkUp);
  if (up.some((path) => path.live)) return 'live';
  if (up.some((path) => path.queryable)) return 'stale';
  return everLive ? 'offline' : 'unseen';
}

/** The path to ask: one that streams before one that only answers, then the shortest. Undefined when nothing can answer. */
export function bestPath<Path extends NodePath>(paths: readonly Path[]): Path | undefined {
  return paths
    .filter((path) => path.linkUp && (path.live || path.queryable))
    .toSorted((a, b) => Number(b.live) - Number(a.live) || a.hops - b.hops)[0];
}
