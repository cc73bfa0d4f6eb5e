// Live samples: what browsers watch is asked of the agent once a second, once for all who watch the same, and forgotten as it is sent.
// Reading order: watches.ts (who watches what), samples.ts (reading an agent's answer), events-socket.ts (the browser's WebSocket),
// first-samples.ts (one row of a node that nobody watches).

import type { NodeId } from '@claimstead/wire/ids';
import { CloudError, errorRow, type ErrorKind } from '@claimstead/wire/errors';
import type { Clock } from '../clock.ts';
import { sharedAsker, type Relay } from '../relay/relay.ts';
import { newerThan, readSamples, samplesTarget, type Samples } from './samples.ts';

export interface Watcher {
  onSamples(nodeId: NodeId, chart: string, samples: Samples): void;
  onFailure(nodeId: NodeId, kind: ErrorKind, message: string): void;
}

export interface Watches {
  /** Starts with the last `historySeconds` at once if the node is live; otherwise when it becomes so. Returns the function that ends it. */
  add(watch: { nodeId: NodeId; chart: string; historySeconds: number; watcher: Watcher }): () => void;
  /** The node has just become live: nobody waits for the next second. */
  wake(nodeId: NodeId): void;
  close(): void;
  readonly size: number;
}

const roundMs = 1000;
const timeoutMs = 5000;

interface Listener {
  watcher: Watcher;
  historySeconds: number;
  /** Newest row that it was given, seconds since 1970; undefined until its first answer. */
  lastTime: number | undefined;
}
interface Watched {
  nodeId: NodeId;
  chart: string;
  listeners: Set<Listener>;
  asking: AbortController | undefined;
}

export function createWatches(parts: {
  relay: Relay;
  clock: Clock;
  isLive: (nodeId: NodeId) => boolean;
  onSample: (nodeId: NodeId) => void;
}): Watches {
  const { relay, clock, isLive, onSample } = parts;
  const watched = new Map<string, Watched>();
  let cancelRound: (() => void) | undefined;

  const ask = (one: Watched): void => {
    if (one.asking !== undefined || !isLive(one.nodeId)) return;
    const listeners = [...one.listeners];
    const fresh = listeners.filter((listener) => listener.lastTime === undefined);
    // One question serves all: from the oldest row that anybody lacks.
    const known = listeners.flatMap((listener) => (listener.lastTime === undefined ? [] : [listener.lastTime]));
    const since = fresh.length > 0 || known.length === 0 ? undefined : Math.min(...known);
    const historySeconds = Math.max(1, ...fresh.map((listener) => listener.historySeconds));
    const abort = new AbortController();
    one.asking = abort;
    void answerRound(one, listeners, samplesTarget(one.chart, since, historySeconds), abort);
  };

  const answerRound = async (
    one: Watched,
    listeners: readonly Listener[],
    target: string,
    abort: AbortController,
  ): Promise<void> => {
    const still = (): Listener[] => listeners.filter((listener) => one.listeners.has(listener));
    try {
      const samples = readSamples(
        await relay.ask({ nodeId: one.nodeId, target, asker: sharedAsker, timeoutMs, signal: abort.signal }),
      );
      if (samples.rows.length > 0) onSample(one.nodeId);
      for (const listener of still()) {
        const rows =
          listener.lastTime === undefined
            ? samples.rows.slice(-listener.historySeconds)
            : newerThan(samples.rows, listener.lastTime);
        const last = rows.at(-1)?.[0];
        if (typeof last !== 'number') continue;
        listener.lastTime = last;
        listener.watcher.onSamples(one.nodeId, one.chart, { dimensions: samples.dimensions, rows });
      }
    } catch (cause) {
      const kind: ErrorKind = cause instanceof CloudError ? cause.kind : 'internal';
      const message = cause instanceof CloudError ? cause.message : errorRow(kind).message;
      if (kind !== 'relay-cancelled')
        for (const listener of still()) listener.watcher.onFailure(one.nodeId, kind, message);
    } finally {
      if (one.asking === abort) one.asking = undefined;
      // Somebody came while the question was out: their history is asked now, not with the next round.
      if ([...one.listeners].some((listener) => listener.lastTime === undefined && !listeners.includes(listener)))
        ask(one);
    }
  };

  const round = (): void => {
    cancelRound = watched.size === 0 ? undefined : clock.after(roundMs, round);
    for (const one of watched.values()) ask(one);
  };

  return {
    get size() {
      return watched.size;
    },
    add({ nodeId, chart, historySeconds, watcher }) {
      const key = `${nodeId} ${chart}`;
      const one = watched.get(key) ?? { nodeId, chart, listeners: new Set(), asking: undefined };
      watched.set(key, one);
      const listener: Listener = { watcher, historySeconds, lastTime: undefined };
      one.listeners.add(listener);
      cancelRound ??= clock.after(roundMs, round);
      ask(one);
      return () => {
        if (!one.listeners.delete(listener) || one.listeners.size > 0) return;
        watched.delete(key);
        one.asking?.abort();
      };
    },
    wake(nodeId) {
      for (const one of watched.values()) if (one.nodeId === nodeId) ask(one);
    },
    close() {
      cancelRound?.();
      for (const one of watched.values()) one.asking?.abort();
      watched.clear();
    },
  };
}
