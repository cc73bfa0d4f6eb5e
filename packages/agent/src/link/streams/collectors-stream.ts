// What collects on this node: told with the node, and again when that has changed.

import { listCollectors } from '../../metrics/list-collectors.ts';
import type { OpenStream } from '../stream.ts';
import { settleMs, type StreamParts } from './contexts-stream.ts';

export const collectorsStream =
  ({ store, later }: Pick<StreamParts, 'store' | 'later'>): OpenStream =>
  (publish, { claimId, nodeId: currentNodeId }) => {
    let told: string | undefined;
    let unwatch: (() => void) | undefined;
    let forget: (() => void) | undefined;

    const look = (): void => {
      forget = undefined;
      const nodeId = currentNodeId();
      const collectors = listCollectors(store);
      const words = JSON.stringify([nodeId, collectors]);
      // Right after the start nothing is collected yet, which is not worth a message.
      if (nodeId === undefined || collectors.length === 0 || words === told) return;
      told = words;
      publish('node-instance-collectors', 'UpdateNodeCollectors', { claimId, nodeId, collectors });
    };

    return {
      onCommand: () => false,
      onAnnounced() {
        told = undefined;
        look();
        unwatch ??= store.watchChanges(() => (forget ??= later(look, settleMs)));
      },
      close() {
        unwatch?.();
        forget?.();
      },
    };
  };
