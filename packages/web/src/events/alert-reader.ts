// Nodes tell when any of their alerts changed; the lists of alerts that pages hold are read again then. One reading at a time: a
// Space whose alerts flutter is read as fast as it answers, and never starts over before an answer has come.

import type { NodeNews } from './live-nodes.ts';

export interface AlertReader {
  take(news: NodeNews): void;
  end(): void;
}

/** What changes together is read together. */
const gatherMs = 200;

/** `read`: reads the lists that hold alerts of these nodes again; what it rejects with is not looked at. */
export function createAlertReader(read: (nodeIds: string[]) => Promise<unknown>): AlertReader {
  /** By node id: when its alerts changed, as it was told last. */
  const told = new Map<string, string | null>();
  let changed = new Set<string>();
  let isReading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const reading = async (nodeIds: string[]): Promise<void> => {
    try {
      await read(nodeIds);
    } catch {
      // Whoever shows the lists says why they could not be read.
    }
    isReading = false;
    start();
  };
  const start = (): void => {
    if (isReading || changed.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      isReading = true;
      const nodeIds = [...changed];
      changed = new Set();
      void reading(nodeIds);
    }, gatherMs);
  };
  return {
    take(news) {
      for (const [nodeId, node] of news) {
        const changedAt = node?.alerts?.changedAt ?? null;
        // A node that is seen for the first time may have changed before anybody listened.
        if (told.has(nodeId) && told.get(nodeId) === changedAt) continue;
        changed.add(nodeId);
        if (node) told.set(nodeId, changedAt);
        else told.delete(nodeId);
      }
      start();
    },
    end: () => {
      clearTimeout(timer);
      changed.clear();
    },
  };
}
