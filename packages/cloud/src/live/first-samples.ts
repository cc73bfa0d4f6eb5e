// The first sample of a node that nobody watches yet: one row is asked for when it becomes live, so that every claim has a moment from
// which its metrics are known to come. What comes is not kept, only when it came.

import type { NodeId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';
import { sharedAsker, type Relay } from '../relay/relay.ts';
import { readSamples, samplesTarget } from './samples.ts';

export interface FirstSamples {
  /** Asks until it has one; in a while at most. Asked for again meanwhile, it is one question. */
  want(nodeId: NodeId): void;
  /** Asks no further, e.g. because somebody who watches has got one. */
  drop(nodeId: NodeId): void;
  close(): void;
}

/** An agent that has just started knows no chart yet; ten seconds later, one that will ever answer does. */
const retryAfterMs: readonly number[] = [250, 500, 1000, 2000, 3000, 3000];
const timeoutMs = 5000;
/** Questions that are out at once: thousands of nodes that return together are asked one after the other. */
export const mostAtOnce = 64;
const chart = 'system.cpu';

/** A node that has none yet, and what ends its question or its waiting. */
interface Wanted {
  nodeId: NodeId;
  tries: number;
  cancel: () => void;
}

export function createFirstSamples(parts: {
  relay: Pick<Relay, 'ask'>;
  clock: Clock;
  isLive: (nodeId: NodeId) => boolean;
  onSample: (nodeId: NodeId) => void;
}): FirstSamples {
  const { relay, clock, isLive, onSample } = parts;
  const wanted = new Map<NodeId, Wanted>();
  const queue: Wanted[] = [];
  let asking = 0;

  const drop = (nodeId: NodeId): void => {
    wanted.get(nodeId)?.cancel();
    wanted.delete(nodeId);
  };

  const next = (): void => {
    while (asking < mostAtOnce) {
      const one = queue.shift();
      if (one === undefined) return;
      if (wanted.get(one.nodeId) !== one) continue;
      asking += 1;
      void ask(one).finally(() => {
        asking -= 1;
        next();
      });
    }
  };

  const ask = async (one: Wanted): Promise<void> => {
    const { nodeId } = one;
    const abort = new AbortController();
    one.cancel = () => abort.abort();
    try {
      const target = samplesTarget(chart, undefined, 1);
      const answer = await relay.ask({ nodeId, target, asker: sharedAsker, timeoutMs, signal: abort.signal });
      if (wanted.get(nodeId) === one && readSamples(answer).rows.length > 0) {
        wanted.delete(nodeId);
        onSample(nodeId);
        return;
      }
    } catch {
      // No chart yet, no answer yet: asked again below, or never of use to anybody.
    }
    if (wanted.get(nodeId) !== one) return;
    const delayMs = retryAfterMs[one.tries];
    one.tries += 1;
    if (delayMs === undefined || !isLive(nodeId)) return drop(nodeId);
    one.cancel = clock.after(delayMs, () => {
      queue.push(one);
      next();
    });
  };

  return {
    want(nodeId) {
      if (wanted.has(nodeId)) return;
      const one: Wanted = { nodeId, tries: 0, cancel: () => undefined };
      wanted.set(nodeId, one);
      queue.push(one);
      next();
    },
    drop,
    close() {
      queue.length = 0;
      for (const nodeId of wanted.keys()) drop(nodeId);
    },
  };
}
