// When a node came or went, as somebody who is woken for it wants to know: not when the Cloud starts, and not for a link that is back at once.

import type { NodeState } from '@claimstead/wire/cloud-api/nodes';
import type { NodeId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';

export interface NodeWatch {
  /** What the node is now; told after anything of it changed. `firstLiveAtMs`: as it is written down, null = not yet. */
  saw(node: { nodeId: NodeId; firstLiveAtMs: number | null }, state: NodeState): void;
  forget(nodeId: NodeId): void;
  /** Tells of nobody any more: whose link ends with the Cloud has not gone. */
  close(): void;
}

/** An agent that restarts, or a network that blinks, is back within this. */
export const goneAfterMs = 30_000;

export function createNodeWatch(parts: {
  clock: Clock;
  onChange: (nodeId: NodeId, state: 'live' | 'offline') => void;
}): NodeWatch {
  const { clock, onChange } = parts;
  /** Who was live before comes back, and is no news. */
  const startedAtMs = clock.nowMs();
  /** What was told last, or taken as known. */
  const told = new Map<NodeId, 'live' | 'offline'>();
  const leaving = new Map<NodeId, () => void>();
  let isClosed = false;
  const stay = (nodeId: NodeId): void => {
    leaving.get(nodeId)?.();
    leaving.delete(nodeId);
  };
  return {
    saw({ nodeId, firstLiveAtMs }, state) {
      // A look that began before the end may answer after it.
      if (isClosed) return;
      if (state === 'live') {
        stay(nodeId);
        const before = told.get(nodeId);
        told.set(nodeId, 'live');
        const wasLiveBefore = firstLiveAtMs !== null && firstLiveAtMs < startedAtMs;
        if (before === 'live' || (before === undefined && wasLiveBefore)) return;
        onChange(nodeId, 'live');
      } else if (state === 'offline' && told.get(nodeId) === 'live' && !leaving.has(nodeId)) {
        leaving.set(
          nodeId,
          clock.after(goneAfterMs, () => {
            leaving.delete(nodeId);
            told.set(nodeId, 'offline');
            onChange(nodeId, 'offline');
          }),
        );
      } else if (state !== 'offline') stay(nodeId);
    },
    forget(nodeId) {
      stay(nodeId);
      told.delete(nodeId);
    },
    close() {
      isClosed = true;
      for (const cancel of leaving.values()) cancel();
      leaving.clear();
    },
  };
}
