// The CPU use of every live node, for the list of nodes: one watch on the live connection while somebody looks at the list.

import { withBusyRows, type BusyHistory } from '../node/cpu-busy.ts';
import type { LiveConnection } from './live-connection.ts';

/** Seconds that a sparkline shows. */
export const busySeconds = 60;

export interface BusyStore {
  of(nodeId: string): BusyHistory | undefined;
  /** Called when the node's history grew; returns the end of the subscription. The watch lasts as long as anybody listens. */
  subscribe(nodeId: string, listener: () => void): () => void;
}

export function createBusyStore(connection: LiveConnection): BusyStore {
  const histories = new Map<string, BusyHistory>();
  const listeners = new Map<string, Set<() => void>>();
  let endWatch: (() => void) | null = null;
  return {
    of: (nodeId) => histories.get(nodeId),
    subscribe(nodeId, listener) {
      const own = listeners.get(nodeId) ?? new Set();
      listeners.set(nodeId, own.add(listener));
      endWatch ??= connection.watch(
        { nodeIds: 'all', chart: 'system.cpu', historySeconds: busySeconds },
        {
          onSamples({ nodeId: from, dimensions, rows }) {
            const before = histories.get(from);
            const after = withBusyRows(before, dimensions, rows, busySeconds);
            if (after === before) return;
            histories.set(from, after);
            for (const each of listeners.get(from) ?? []) each();
          },
          // The state of a node that does not answer is told by the node itself.
          onFailed: () => undefined,
        },
      );
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(nodeId);
        if (listeners.size > 0) return;
        endWatch?.();
        endWatch = null;
        // What is shown next time must not look new.
        histories.clear();
      };
    },
  };
}
