// Which contexts this node has: all of them when the Cloud's number shows that it knows others, then every change.

import { listContexts } from '../../metrics/contexts.ts';
import type { MetricStore } from '../../metrics/store.ts';
import type { OpenStream } from '../stream.ts';
import { changesBetween, toldContexts, versionHash, type ToldContexts } from './told-contexts.ts';

export interface StreamParts {
  store: MetricStore;
  /** Milliseconds since 1970. */
  nowMs: () => number;
  /** Acts once, later; what it returns prevents that. */
  later: (act: () => void, ms: number) => () => void;
  log: (text: string) => void;
}

/** From a change to the message, in ms: a device brings its charts and dimensions over several ticks. */
export const settleMs = 1000;

export const contextsStream =
  ({ store, nowMs, later, log }: StreamParts): OpenStream =>
  (publish, { claimId, nodeId: currentNodeId }) => {
    let stop = (): void => undefined;

    const current = (): ToldContexts => toldContexts(listContexts(store), store.retentionSeconds);

    const start = (nodeId: string, known: bigint): void => {
      stop();
      let told = current();
      const version = versionHash(told);
      // 0 asks for everything, whatever there is.
      if (known === 0n || version !== known)
        publish('contexts-snapshot', 'ContextsSnapshot', { contexts: [...told.values()], claimId, nodeId, version });
      let forget: (() => void) | undefined;
      const look = (): void => {
        forget = undefined;
        // A node that got another id in between is asked about anew.
        if (currentNodeId() !== nodeId) return stop();
        const before = told;
        told = current();
        const contextUpdates = changesBetween(before, told);
        if (contextUpdates.length === 0) return;
        const createdAt = BigInt(Math.round(nowMs() * 1000));
        publish('contexts-updated', 'ContextsUpdated', {
          contextUpdates,
          claimId,
          nodeId,
          versionHash: versionHash(told),
          createdAt,
        });
      };
      const unwatch = store.watchChanges(() => (forget ??= later(look, settleMs)));
      stop = () => {
        unwatch();
        forget?.();
        stop = () => undefined;
      };
    };

    const concerns = (message: string, ids: { claimId: string; nodeId: string }): boolean => {
      const isOwn = ids.claimId === claimId && ids.nodeId !== '' && ids.nodeId === currentNodeId();
      if (!isOwn)
        log(`ACLK: ignored ${message} for ${ids.claimId === claimId ? 'a node that is not here' : 'another claim'}`);
      return isOwn;
    };

    return {
      onCommand({ name, message }) {
        if (name !== 'ContextsCheckpoint' && name !== 'StopStreamingContexts') return false;
        if (!concerns(name, message)) return true;
        if (name === 'ContextsCheckpoint') start(message.nodeId, message.versionHash);
        else stop();
        return true;
      },
      close: () => stop(),
    };
  };
