// Presence as the links tell it: which paths lead to a node, since when it is in its state, what its agent said of it.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';
import { bestPath, nodeState, type NodePath } from './node-state.ts';
import type { NodePresence, Presence } from './presence.ts';

/** What the links tell; who else holds the key is known to others. */
export interface LivePresence {
  of(node: Parameters<Presence['of']>[0]): Omit<NodePresence, 'contested'>;
  /** A link came up; the claim's own node counts as live until its agent says otherwise. */
  linkUp(claimId: ClaimId, nodeId: NodeId): void;
  /** What an agent says of a path. Ignored for a claim whose link is down: it would be older than the loss. */
  pathReported(claimId: ClaimId, nodeId: NodeId, path: { live: boolean; queryable: boolean; hops: number }): void;
  /** Every path of the claim is down. `reason` is shown with the nodes that this leaves without a path; null = an orderly farewell. */
  linkDown(claimId: ClaimId, reason: string | null): void;
  /** An attempt to connect failed. */
  linkFailed(nodeId: NodeId, reason: string): void;
  infoTold(nodeId: NodeId, info: NonNullable<NodeView['info']>): void;
  forget(nodeId: NodeId): void;
  /** The claim to ask about a node. */
  pathTo(nodeId: NodeId): { claimId: ClaimId; hops: number } | undefined;
}

type Path = NodePath & { claimId: ClaimId };
interface Known {
  paths: Map<ClaimId, Path>;
  sinceMs: number;
  everLive: boolean;
  state: ReturnType<typeof nodeState>;
  info: NodeView['info'];
  lastLinkError: string | null;
}

/** `onChange` hears of every node of which something shown has changed. */
export function createPresence(parts: {
  clock: Clock;
  onChange: (nodeId: NodeId, becameLive: boolean) => void;
}): LivePresence {
  const { clock, onChange } = parts;
  const known = new Map<NodeId, Known>();

  const knownOf = (nodeId: NodeId): Known => {
    const found = known.get(nodeId);
    if (found !== undefined) return found;
    const fresh: Known = {
      paths: new Map(),
      sinceMs: clock.nowMs(),
      everLive: false,
      state: 'unseen',
      info: null,
      lastLinkError: null,
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
    }
    onChange(nodeId, state === 'live');
  };

  return {
    of(node) {
      const found = known.get(node.nodeId);
      if (found !== undefined && (found.paths.size > 0 || found.everLive)) {
        return { state: found.state, sinceMs: found.sinceMs, info: found.info, lastLinkError: found.lastLinkError };
      }
      const everLive = node.firstLiveAtMs !== null;
      return {
        state: everLive ? 'offline' : 'unseen',
        sinceMs: everLive ? (node.lastLiveAtMs ?? node.firstLiveAtMs ?? node.claimedAtMs) : node.claimedAtMs,
        info: null,
        lastLinkError: found?.lastLinkError ?? null,
      };
    },
    linkUp(claimId, nodeId) {
      const node = knownOf(nodeId);
      node.paths.set(claimId, { claimId, linkUp: true, live: true, queryable: true, hops: 0 });
      settle(nodeId, node);
    },
    pathReported(claimId, nodeId, { live, queryable, hops }) {
      const node = known.get(nodeId);
      if (node === undefined) return;
      const path = node.paths.get(claimId);
      if (path === undefined || !path.linkUp) return;
      node.paths.set(claimId, { claimId, linkUp: true, live, queryable, hops });
      settle(nodeId, node);
    },
    linkDown(claimId, reason) {
      for (const [nodeId, node] of known) {
        if (!node.paths.delete(claimId)) continue;
        node.lastLinkError = reason;
        settle(nodeId, node);
      }
    },
    linkFailed(nodeId, reason) {
      const node = knownOf(nodeId);
      if (node.lastLinkError === reason) return;
      node.lastLinkError = reason;
      onChange(nodeId, false);
    },
    infoTold(nodeId, info) {
      const node = known.get(nodeId);
      if (node === undefined) return;
      node.info = info;
      onChange(nodeId, false);
    },
    forget(nodeId) {
      known.delete(nodeId);
    },
    pathTo(nodeId) {
      const best = bestPath([...(known.get(nodeId)?.paths.values() ?? [])]);
      return best === undefined ? undefined : { claimId: best.claimId, hops: best.hops };
    },
  };
}
