// What the Cloud's news change in a list of nodes. Pure; LiveProvider applies it to what the pages hold.

import type { NodeState, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { holdsWords } from '../ui/holds-words.ts';

/** News of nodes by node id, the last word on each: what it is now, or null when it was removed. */
export type NodeNews = ReadonlyMap<string, NodeView | null>;

/** The Space's list with the news applied: known nodes keep their place, new ones come last. The same list when nothing changes. */
export function withNews(nodes: NodeView[], spaceId: string, news: NodeNews): NodeView[] {
  const known = new Set(nodes.map(({ nodeId }) => nodeId));
  const kept = nodes.flatMap((node) => {
    const next = news.get(node.nodeId);
    return next === undefined ? [node] : next === null ? [] : [next];
  });
  const added = [...news.values()].filter(
    (node) => node !== null && node.spaceId === spaceId && !known.has(node.nodeId),
  ) as NodeView[];
  const isSame = added.length === 0 && kept.length === nodes.length && kept.every((node, n) => node === nodes[n]);
  return isSame ? nodes : [...kept, ...added];
}

export type StateCounts = Record<NodeState, number>;

export function countStates(nodes: NodeView[]): StateCounts {
  const counts: StateCounts = { unseen: 0, live: 0, stale: 0, offline: 0 };
  for (const { state } of nodes) counts[state] += 1;
  return counts;
}

const stateOrder: Record<NodeState, number> = { offline: 0, stale: 1, unseen: 2, live: 3 };
const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** By name; nodes of one name by what needs a look first. The order rests while states change. */
export const inOrder = (nodes: NodeView[]): NodeView[] =>
  [...nodes].sort(
    (a, b) =>
      byName.compare(a.hostname, b.hostname) ||
      stateOrder[a.state] - stateOrder[b.state] ||
      (a.nodeId < b.nodeId ? -1 : 1),
  );

/** Nodes of the room (null = all) and state (null = all) whose name, room, system, version or parent holds every word typed. */
export function nodesMatching(
  nodes: NodeView[],
  filter: { roomId: string | null; state: NodeState | null; find: string },
): NodeView[] {
  return nodes.filter((node) => {
    if (filter.state && node.state !== filter.state) return false;
    if (filter.roomId && !node.rooms.some(({ id }) => id === filter.roomId)) return false;
    const { hostname, rooms, info, machineGuid, nodeId, via } = node;
    return holdsWords(filter.find, [
      hostname,
      nodeId,
      machineGuid,
      ...rooms.map(({ name }) => name),
      info?.osName,
      info?.osVersion,
      info?.agentVersion,
      via?.hostname,
    ]);
  });
}
