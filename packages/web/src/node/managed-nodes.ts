// Which nodes Manage Claimed Nodes shows, in which order. Pure.

import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { NodeState, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { inOrder, nodesMatching } from '../events/live-nodes.ts';
import type { ManageSearch } from '../paths.ts';
import { plainText } from '../ui/plain-text.ts';
import { manageWords } from './manage-words.ts';

/** A node with what only those who manage nodes get to know; that comes a moment later. */
export interface ManagedNode {
  node: NodeView;
  more: ClaimedNodeView | undefined;
}

export function managedNodes(nodes: NodeView[], more: readonly ClaimedNodeView[] | undefined): ManagedNode[] {
  const byId = new Map(more?.map((one) => [one.nodeId, one]));
  return nodes.map((node) => ({ node, more: byId.get(node.nodeId) }));
}

export const versionOf = ({ info }: Pick<NodeView, 'info'>): string => info?.agentVersion ?? '';

/** What people filter by, with how many nodes each has; versions newest first. */
export function choicesOf(nodes: readonly NodeView[]): {
  versions: [version: string, count: number][];
  contested: number;
} {
  const versions = new Map<string, number>();
  for (const node of nodes) versions.set(versionOf(node), (versions.get(versionOf(node)) ?? 0) + 1);
  return {
    versions: [...versions].toSorted(([a], [b]) => byText.compare(b, a)),
    contested: nodes.filter(({ contested }) => contested !== null).length,
  };
}

export function matchingNodes(all: ManagedNode[], search: ManageSearch): ManagedNode[] {
  const { find = '', state = null, room = null, version, contested } = search;
  const matching = new Set(
    nodesMatching(
      all.map(({ node }) => node),
      { roomId: room, state, find },
    ),
  );
  return all.filter(
    ({ node }) =>
      matching.has(node) &&
      (version === undefined || versionOf(node) === version) &&
      (contested === undefined || node.contested !== null),
  );
}

const byText = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const stateOrder: Record<NodeState, number> = { offline: 0, stale: 1, unseen: 2, live: 3 };

const compare: Record<NonNullable<ManageSearch['sort']>, (a: NodeView, b: NodeView) => number> = {
  host: () => 0,
  state: (a, b) => stateOrder[a.state] - stateOrder[b.state],
  since: (a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0),
  version: (a, b) => byText.compare(versionOf(a), versionOf(b)),
  claimed: (a, b) => (a.claimedAt < b.claimedAt ? -1 : a.claimedAt > b.claimedAt ? 1 : 0),
};

/** Equal ones by name. Before filtering: the order of a thousand is found once, and not with every key that is typed. */
export function sortedNodes(all: ManagedNode[], { sort = 'host', order }: ManageSearch): ManagedNode[] {
  const more = new Map(all.map((one) => [one.node, one]));
  const named = inOrder(all.map(({ node }) => node));
  const sign = order === 'descending' ? -1 : 1;
  const ordered =
    sort === 'host' ? (sign < 0 ? named.toReversed() : named) : named.toSorted((a, b) => sign * compare[sort](a, b));
  return ordered.flatMap((node) => more.get(node) ?? []);
}

/** Why it is not live, as a sentence; null while it is, or where that is not known yet. Words come from agents in part. */
export function whyWords(more: ClaimedNodeView | undefined): string | null {
  const down = more?.down ?? null;
  return down === null ? null : plainText(manageWords.down[down.cause](down.words));
}

/** The last link error, where the reason does not tell it already. */
export function errorBeside({ node, more }: ManagedNode): string | null {
  const error = node.lastLinkError;
  return error === null || (more?.down?.words ?? '').includes(error) ? null : plainText(error);
}

export const shortFingerprint = (hex: string): string => hex.slice(0, 8).replace(/(.{4})(.{4})/, '$1 $2');
