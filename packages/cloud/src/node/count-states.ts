import type { Node } from './node.ts';
import type { Presence } from './presence.ts';

/** How many nodes are in each state; every state is there. */
export function countStates(nodes: readonly Node[], presence: Presence): Record<string, number> {
  const counts = { unseen: 0, live: 0, stale: 0, offline: 0 };
  for (const node of nodes) counts[presence.of(node).state]++;
  return counts;
}
