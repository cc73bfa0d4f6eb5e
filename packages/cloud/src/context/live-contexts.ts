// Which contexts nodes have, as their agents tell: in memory, names only. Kept over a loss of the link together with the agent's own hash
// of them, so that an agent that comes back unchanged need not tell them all again. [docs/link-protocol.md, Contexts]

import type { ContextsSnapshot, ContextsUpdated, ContextUpdated } from '@claimstead/wire/gen/link/v1/context';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import { beginning } from '../node/beginning.ts';

export interface LiveContexts {
  snapshotTold(claimId: ClaimId, nodeId: NodeId, told: ContextsSnapshot): void;
  updateTold(claimId: ClaimId, nodeId: NodeId, told: ContextsUpdated): void;
  /** The agent's hash of what it told last; 0 = nothing is known, so it tells everything. */
  hashOf(claimId: ClaimId, nodeId: NodeId): bigint;
  /** How many the node has, by the agent of that claim; undefined = not told. */
  countOf(claimId: ClaimId, nodeId: NodeId): number | undefined;
  /** Whether the node has the context; undefined = not told. */
  has(claimId: ClaimId, nodeId: NodeId, context: string): boolean | undefined;
  forgetNode(nodeId: NodeId): void;
  forgetClaim(claimId: ClaimId): void;
}

/** Contexts of one node that are kept: real ones have some hundreds. 20,000 × 100 B = 2 MB. */
export const maxContexts = 20_000;
const maxIdCharacters = 200;

interface Book {
  ids: Set<string>;
  hash: bigint;
}

export function createLiveContexts(): LiveContexts {
  // A child has other contexts with each parent that streams it: they began to listen at different times.
  const books = new Map<NodeId, Map<ClaimId, Book>>();
  const bookOf = (claimId: ClaimId, nodeId: NodeId): Book | undefined => books.get(nodeId)?.get(claimId);

  const apply = ({ ids }: Book, { id, deleted }: ContextUpdated): void => {
    if (id === '' || id.length > maxIdCharacters) return;
    if (deleted) ids.delete(id);
    // The message that it came with must not stay in memory for it.
    else if (ids.size < maxContexts) ids.add(beginning(id, maxIdCharacters));
  };

  return {
    snapshotTold(claimId, nodeId, { contexts, version }) {
      const ofNode = books.get(nodeId) ?? new Map<ClaimId, Book>();
      books.set(nodeId, ofNode);
      const book: Book = { ids: new Set(), hash: version };
      for (const context of contexts) apply(book, context);
      ofNode.set(claimId, book);
    },
    updateTold(claimId, nodeId, { contextUpdates, versionHash }) {
      const book = bookOf(claimId, nodeId);
      // Changes of something that was never told say nothing; the next checkpoint asks for all of it.
      if (book === undefined) return;
      for (const context of contextUpdates) apply(book, context);
      book.hash = versionHash;
    },
    hashOf: (claimId, nodeId) => bookOf(claimId, nodeId)?.hash ?? 0n,
    countOf: (claimId, nodeId) => bookOf(claimId, nodeId)?.ids.size,
    has: (claimId, nodeId, context) => bookOf(claimId, nodeId)?.ids.has(context),
    forgetNode: (nodeId) => void books.delete(nodeId),
    forgetClaim(claimId) {
      for (const [nodeId, ofNode] of books) if (ofNode.delete(claimId) && ofNode.size === 0) books.delete(nodeId);
    },
  };
}
