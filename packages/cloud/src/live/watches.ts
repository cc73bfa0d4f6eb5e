// Live samples: what browsers watch is asked of the agent once a second, once for all who watch the same, and forgotten as it is sent.
// Reading order: watches.ts (who watches what), rounds.ts (what is asked together), samples.ts (reading an agent's answer), events-socket.ts (the browser's WebSocket),
// first-samples.ts (one row of a node that nobody watches).

import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import { readSeveralNodes, severalNodesTarget } from '@claimstead/wire/agent-api/several-nodes';
import { CloudError, errorRow, type ErrorKind } from '@claimstead/wire/errors';
import type { Clock } from '../clock.ts';
import { sharedAsker, type Relay } from '../relay/relay.ts';
import { batchesOf, type AnsweringAgent } from './rounds.ts';
import { newerThan, readJson, readSamples, samplesTarget, type Samples } from './samples.ts';

export interface Watcher {
  onSamples(nodeId: NodeId, chart: string, samples: Samples): void;
  onFailure(nodeId: NodeId, kind: ErrorKind, message: string): void;
}

export interface Watches {
  /**
   * Starts with the last `historySeconds` at once if anybody can answer for the node, otherwise when it becomes live; goes on while it is.
   * Returns the function that ends it.
   */
  add(watch: { nodeId: NodeId; chart: string; historySeconds: number; watcher: Watcher }): () => void;
  /** The node has just become live: nobody waits for the next second. */
  wake(nodeId: NodeId): void;
  close(): void;
  readonly size: number;
}

const roundMs = 1000;
const timeoutMs = 5000;
/** A chart that has no rows any more must not make a question about eighty nodes one about hours. */
const longestLagSeconds = 60;

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
  /** Live or stale. */
  isReachable: (nodeId: NodeId) => boolean;
  /** Undefined where nothing can answer. */
  agentOf: (nodeId: NodeId) => AnsweringAgent | undefined;
  onSample: (nodeId: NodeId) => void;
}): Watches {
  const { relay, clock, isLive, isReachable, onSample } = parts;
  const watched = new Map<string, Watched>();
  let cancelRound: (() => void) | undefined;

  const isFresh = ({ lastTime }: Listener): boolean => lastTime === undefined;

  const deliver = (one: Watched, listeners: readonly Listener[], samples: Samples): void => {
    if (samples.rows.length > 0) onSample(one.nodeId);
    for (const listener of listeners) {
      if (!one.listeners.has(listener)) continue;
      const rows =
        listener.lastTime === undefined
          ? samples.rows.slice(-listener.historySeconds)
          : newerThan(samples.rows, listener.lastTime);
      const last = rows.at(-1)?.[0];
      if (typeof last !== 'number') continue;
      listener.lastTime = last;
      listener.watcher.onSamples(one.nodeId, one.chart, { dimensions: samples.dimensions, rows });
    }
  };
  const failed = (one: Watched, listeners: readonly Listener[], cause: unknown): void => {
    const kind: ErrorKind = cause instanceof CloudError ? cause.kind : 'internal';
    const message = cause instanceof CloudError ? cause.message : errorRow(kind).message;
    if (kind === 'relay-cancelled') return;
    for (const listener of listeners)
      if (one.listeners.has(listener)) listener.watcher.onFailure(one.nodeId, kind, message);
  };
  const done = (one: Watched, listeners: readonly Listener[], abort: AbortController): void => {
    if (one.asking === abort) one.asking = undefined;
    // Somebody came while the question was out: their history is asked now, not with the next round.
    if ([...one.listeners].some((listener) => isFresh(listener) && !listeners.includes(listener))) ask(one);
  };

  const ask = (one: Watched): void => {
    if (one.asking !== undefined || !isReachable(one.nodeId)) return;
    const listeners = [...one.listeners];
    const fresh = listeners.filter(isFresh);
    // One question serves all: from the oldest row that anybody lacks.
    const since = fresh.length > 0 ? undefined : oldestOf(listeners);
    const historySeconds = Math.max(1, ...fresh.map((listener) => listener.historySeconds));
    const abort = new AbortController();
    one.asking = abort;
    void answerOne(one, listeners, samplesTarget(one.chart, since, historySeconds), abort);
  };

  const answerOne = async (
    one: Watched,
    listeners: readonly Listener[],
    target: string,
    abort: AbortController,
  ): Promise<void> => {
    const { nodeId } = one;
    try {
      const answer = await relay.ask({ nodeId, target, asker: sharedAsker, timeoutMs, signal: abort.signal });
      deliver(one, listeners, readSamples(answer));
    } catch (cause) {
      failed(one, listeners, cause);
    } finally {
      done(one, listeners, abort);
    }
  };

  /** Agents that did not answer for several nodes at once as they should: asked one by one until a node of theirs becomes live anew. */
  const oneByOne = new Set<ClaimId>();

  const askTogether = async (agent: AnsweringAgent, batch: readonly Watched[]): Promise<void> => {
    const { claimId, metricsApi } = agent;
    const [{ chart } = { chart: '' }] = batch;
    // Nobody can give one of several up; what comes for it then is not delivered.
    const questions = batch.map((one) => ({ one, listeners: [...one.listeners], abort: new AbortController() }));
    for (const { one, abort } of questions) one.asking = abort;
    const times = questions.map(({ listeners }) => oldestOf(listeners) ?? 0);
    const since = Math.max(Math.min(...times), Math.max(...times) - longestLagSeconds);
    const nodeIds = batch.map(({ nodeId }) => nodeId);
    try {
      const target = severalNodesTarget(metricsApi === 'v3' ? 'v3' : 'v2', { nodeIds, chart, afterSeconds: since - 1 });
      const answers = readSeveralNodes(
        readJson(await relay.askAgent({ claimId, target, asker: sharedAsker, timeoutMs })),
      );
      if (answers === undefined) throw new CloudError('relay-answer-invalid');
      for (const { one, listeners } of questions) {
        const rows = answers.get(one.nodeId);
        if (rows !== undefined) deliver(one, listeners, rows);
      }
    } catch (cause) {
      if (cause instanceof CloudError && cause.kind === 'relay-answer-invalid') oneByOne.add(claimId);
      for (const { one, listeners } of questions) failed(one, listeners, cause);
    } finally {
      for (const { one, listeners, abort } of questions) done(one, listeners, abort);
    }
  };

  const round = (): void => {
    cancelRound = watched.size === 0 ? undefined : clock.after(roundMs, round);
    // A stale node has nothing new: asked every second, it would be asked for all the time since its last row.
    const due = [...watched.values()].filter((one) => one.asking === undefined && isLive(one.nodeId));
    const [history, newest] = [
      due.filter((one) => [...one.listeners].some(isFresh)),
      due.filter((one) => ![...one.listeners].some(isFresh)),
    ];
    for (const one of history) ask(one);
    for (const { agent, watched: batch } of batchesOf(newest, parts.agentOf)) {
      if (agent === undefined || batch.length === 1 || oneByOne.has(agent.claimId)) for (const one of batch) ask(one);
      else void askTogether(agent, batch);
    }
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
      const agent = parts.agentOf(nodeId);
      if (agent !== undefined) oneByOne.delete(agent.claimId);
      for (const one of watched.values()) if (one.nodeId === nodeId) ask(one);
    },
    close() {
      cancelRound?.();
      for (const one of watched.values()) one.asking?.abort();
      watched.clear();
    },
  };
}

/** The row that whoever has the least has last, seconds since 1970; undefined where somebody has none. */
function oldestOf(listeners: readonly Listener[]): number | undefined {
  const times = listeners.map(({ lastTime }) => lastTime);
  return times.length === 0 || times.includes(undefined) ? undefined : Math.min(...(times as number[]));
}
