// Changes of a node that come in bursts (its alerts, what its agent tells after connecting), told once.

import type { NodeId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';

/** Far below the two seconds in which an alert has to be on a page. */
const gatherMs = 150;

export interface GatheredChanges {
  changed(nodeId: NodeId): void;
  close(): void;
}

export function createGatheredChanges(parts: { clock: Clock; onChange: (nodeId: NodeId) => void }): GatheredChanges {
  const waiting = new Set<NodeId>();
  let cancel: (() => void) | undefined;
  return {
    changed(nodeId) {
      waiting.add(nodeId);
      cancel ??= parts.clock.after(gatherMs, () => {
        cancel = undefined;
        const gathered = [...waiting];
        waiting.clear();
        for (const one of gathered) parts.onChange(one);
      });
    },
    close() {
      cancel?.();
      waiting.clear();
    },
  };
}
