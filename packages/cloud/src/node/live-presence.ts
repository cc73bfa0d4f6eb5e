// Presence as the links tell it: which paths lead to a node, since when it is in its state, and why it is not live.

import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';
import { nodeState, pathsInOrder, type NodePath } from './node-state.ts';
import type { Down, NodePresence, Presence } from './presence.ts';

/** A path and the claim whose agent answers on it. */
export type LivePath = NodePath & {
  claimId: ClaimId;
  /** It is the node's own agent. */
  isOwn: boolean;
};

/** What the links tell; the rest of a node's presence is known to others. */
export interface LivePresence {
  of(node: Parameters<Presence['of']>[0]): Pick<NodePresence, 'state' | 'sinceMs' | 'lastLinkError' | 'down'>;
  /** A link came up; the claim's own node counts as live until its agent says otherwise. */
  linkUp(claimId: ClaimId, nodeId: NodeId): void;
  /** What an agent says of a path. Ignored for a claim whose link is down: it would be older than the loss. */
  pathReported(claimId: ClaimId, nodeId: NodeId, path: NodePath & { isOwn: boolean }): void;
  /** The agent cannot answer for the node any more. False when it did not before. */
  pathGone(claimId: ClaimId, nodeId: NodeId): boolean;
  /** Every path of the claim is down. `reason` is shown with the nodes that this leaves without a path; null = an orderly farewell. */
  linkDown(claimId: ClaimId, reason: string | null): void;
  /** An attempt to connect failed. */
  linkFailed(nodeId: NodeId, reason: string): void;
  forget(nodeId: NodeId): void;
  /** Every path that can answer, the one to ask first. */
  pathsTo(nodeId: NodeId): LivePath[];
}

interface Known {
  paths: Map<ClaimId, LivePath>;
  sinceMs: number;
  everLive: boolean;
  state: ReturnType<typeof nodeState>;
  lastLinkError: string | null;
  down: Down | null;
}

/** `onChange` hears of every node of which something shown has changed. */
export function createPresence(parts: {
  clock: Clock;
  onChange: (nodeId: NodeId, becameLive: boolean) => void;
}): LivePresence {
  const { clock, onChange } = parts;
  const known = new Map<NodeId, Known>();
  /** Links that are up, and the nodes that each has a path to. */
  const links = new Map<ClaimId, Set<NodeId>>();

  const knownOf = (nodeId: NodeId): Known => {
    const found = known.get(nodeId);
    if (found !== undefined) return found;
    const fresh: Known = {
      paths: new Map(),
      sinceMs: clock.nowMs(),
      everLive: false,
      state: 'unseen',
      lastLinkError: null,
      down: null,
    };
    known.set(nodeId, fresh);
    return fresh;
  };

  const settle = (nodeId: NodeId, node: Known): void => {
    const state = nodeState(node.everLive, [...node.paths.values()]);
    if (state === node.state) return;
    node.state = state;
    node.sinceMs = clock.nowMs();
    if (state === 'live') {
      node.everLive = true;
      node.lastLinkError = null;
      node.down = null;
    }
    onChange(nodeId, state === 'live');
  };

  const best = (node: Known): LivePath | undefined => pathsInOrder([...node.paths.values()])[0];

  const setPath = (nodeId: NodeId, path: LivePath): void => {
    const node = knownOf(nodeId);
    const before = best(node);
    const { state } = node;
    links.get(path.claimId)?.add(nodeId);
    node.paths.set(path.claimId, path);
    settle(nodeId, node);
    // Through whom it is reached is shown, too.
    if (node.state === state && best(node)?.claimId !== before?.claimId) onChange(nodeId, false);
  };

  /** `without`: what is said of the loss where there is no reason. */
  const dropPath = (claimId: ClaimId, nodeId: NodeId, reason: string | null, without: string): void => {
    const node = known.get(nodeId);
    const path = node?.paths.get(claimId);
    if (node === undefined || path === undefined) return;
    const { state } = node;
    node.paths.delete(claimId);
    const isLeft = nodeState(node.everLive, [...node.paths.values()]) === 'live';
    if (!isLeft) {
      node.lastLinkError = path.isOwn || reason === null ? reason : `of the parent that streams it: ${reason}`;
      node.down = { ...causeOf(path, reason, without), atMs: clock.nowMs() };
    }
    settle(nodeId, node);
    if (node.state === state) onChange(nodeId, false);
  };

  return {
    of(node) {
      const found = known.get(node.nodeId);
      if (found !== undefined && (found.paths.size > 0 || found.everLive)) {
        return { state: found.state, sinceMs: found.sinceMs, lastLinkError: found.lastLinkError, down: found.down };
      }
      const everLive = node.firstLiveAtMs !== null;
      return {
        state: everLive ? 'offline' : 'unseen',
        sinceMs: everLive ? (node.lastLiveAtMs ?? node.firstLiveAtMs ?? node.claimedAtMs) : node.claimedAtMs,
        lastLinkError: found?.lastLinkError ?? null,
        down: found?.down ?? null,
      };
    },
    linkUp(claimId, nodeId) {
      if (!links.has(claimId)) links.set(claimId, new Set());
      setPath(nodeId, { claimId, isOwn: true, live: true, queryable: true, hops: 0 });
    },
    pathReported(claimId, nodeId, path) {
      if (links.has(claimId)) setPath(nodeId, { claimId, ...path });
    },
    pathGone(claimId, nodeId) {
      const had = links.get(claimId)?.delete(nodeId) === true;
      dropPath(claimId, nodeId, null, 'its parent does not receive it any more');
      return had;
    },
    linkDown(claimId, reason) {
      const reached = links.get(claimId) ?? new Set();
      links.delete(claimId);
      for (const nodeId of reached) dropPath(claimId, nodeId, reason, 'its parent said goodbye');
    },
    linkFailed(nodeId, reason) {
      const node = knownOf(nodeId);
      if (node.lastLinkError === reason) return;
      node.lastLinkError = reason;
      // Of a live node it is somebody else who was refused.
      if (node.paths.size === 0) node.down = { cause: 'refused', words: reason, atMs: clock.nowMs() };
      onChange(nodeId, false);
    },
    forget(nodeId) {
      for (const claimId of known.get(nodeId)?.paths.keys() ?? []) links.get(claimId)?.delete(nodeId);
      known.delete(nodeId);
    },
    pathsTo: (nodeId) => pathsInOrder([...(known.get(nodeId)?.paths.values() ?? [])]),
  };
}

const causeOf = (path: LivePath, reason: string | null, without: string): Omit<Down, 'atMs'> =>
  path.isOwn
    ? reason === null
      ? { cause: 'said-goodbye', words: null }
      : { cause: 'link-closed', words: reason }
    : { cause: 'parent-gone', words: reason ?? without };
