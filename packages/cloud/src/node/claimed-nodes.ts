// Claimed nodes as whoever manages them sees them: why one is not live, whose key it has, how it came here; and what is done with many at
// once. Rules and the interface of the store; no I/O.

import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { AccountId, ClaimId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import type { KeptDown, Node } from './node.ts';
import type { NodePresence } from './presence.ts';

/** A node with what only those who manage it get to see. */
export interface ManagedNode extends Node {
  publicKeyHash: string | null;
  downCause: KeptDown['downCause'] | null;
  downWords: string | null;
  /** Who had made the token that it was claimed with, where that account is still there. */
  claimedByName: string | null;
  claimedByEmail: string | null;
}

/** Who decides, and when. */
export interface NodeDecision {
  atMs: number;
  accountId: AccountId;
  sourceNetwork: string;
}

export interface ClaimedNodeStore {
  /** By id: `count` at most, of those behind `after` that `seenBy` sees by their rooms (null: of all). */
  pageInSpace(
    spaceId: SpaceId,
    after: NodeId | undefined,
    count: number,
    seenBy: AccountId | null,
  ): Promise<ManagedNode[]>;
  /** Ends all of them in one transaction; `parents` stream a node right now. Answers those that there were, as they were. */
  removeAll(
    spaceId: SpaceId,
    wanted: readonly { nodeId: NodeId; parents: readonly ClaimId[] }[],
    by: NodeDecision,
  ): Promise<Node[]>;
  /**
   * In one transaction. Undefined = one of the rooms is no room of the Space, or the one of all nodes; then nothing changes. Otherwise
   * those of the nodes that are nodes of the Space, and whether anything changed for each.
   */
  moveAll(
    spaceId: SpaceId,
    nodeIds: readonly NodeId[],
    rooms: { join: readonly RoomId[]; leave: readonly RoomId[] },
    by: NodeDecision,
  ): Promise<Map<NodeId, 'moved' | 'unchanged'> | undefined>;
}

/** How a link ended, as it is kept; a reason of null is an orderly farewell. */
export const keptDownOf = (reason: string | null): KeptDown =>
  reason === null ? { downCause: 'said-goodbye', downWords: null } : { downCause: 'link-closed', downWords: reason };

/** The first that holds: what is so for certain before what was noticed, and that before what is only kept. */
export function whyDown(
  node: Pick<ManagedNode, 'claimId' | 'waitsSinceMs' | 'downCause' | 'downWords'>,
  { state, sinceMs, down }: Pick<NodePresence, 'state' | 'sinceMs' | 'down'>,
): ClaimedNodeView['down'] {
  const at = (atMs: number): string => new Date(atMs).toISOString();
  if (state === 'live') return null;
  if (node.waitsSinceMs !== null) return { cause: 'waits', words: null, since: at(node.waitsSinceMs) };
  if (state === 'stale') return { cause: 'not-streaming', words: null, since: at(sinceMs) };
  if (down !== null) return { cause: down.cause, words: down.words, since: at(down.atMs) };
  if (state === 'unseen') return { cause: 'never-connected', words: null, since: at(sinceMs) };
  if (node.claimId === null) return { cause: 'parent-gone', words: null, since: at(sinceMs) };
  if (node.downCause !== null) return { cause: node.downCause, words: node.downWords, since: at(sinceMs) };
  return { cause: 'not-back', words: null, since: at(sinceMs) };
}

export function toClaimedNodeView(
  node: ManagedNode,
  presence: Pick<NodePresence, 'state' | 'sinceMs' | 'down' | 'contested'>,
  ephemeral: ClaimedNodeView['ephemeral'],
): ClaimedNodeView {
  const { claimedByName: name, claimedByEmail: email } = node;
  return {
    nodeId: node.nodeId,
    down: whyDown(node, presence),
    keyFingerprint: node.publicKeyHash,
    claimed:
      node.claimId === null
        ? null
        : {
            at: new Date(node.claimedAtMs).toISOString(),
            by: name === null || email === null ? null : { name, email },
            tokenId: node.claimedTokenId,
            tokenName: node.claimedTokenName,
            from: node.claimedFrom,
          },
    contest: presence.contested && contestView(presence.contested),
    ephemeral,
  };
}

function contestView({
  hosts,
  sinceMs,
  settling,
}: NonNullable<NodePresence['contested']>): NonNullable<ClaimedNodeView['contest']> {
  const at = (atMs: number): string => new Date(atMs).toISOString();
  return {
    since: at(sinceMs),
    hosts: hosts.map(({ seenAtMs, ...host }) => ({ ...host, seenAt: at(seenAtMs) })),
    settling: settling && { hostname: settling.hostname, address: settling.address, at: at(settling.atMs) },
  };
}
