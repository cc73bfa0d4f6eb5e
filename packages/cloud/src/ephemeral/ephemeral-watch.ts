// Counts how long ephemeral nodes have been away, and lets them go. Only time in which this Cloud runs is counted, by a clock that nobody sets.

import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Events } from '../events.ts';
import { leavesInMs, returnMs, type EphemeralNode, type EphemeralStore } from './ephemeral.ts';

export interface EphemeralWatchParts {
  clock: Clock;
  store: EphemeralStore;
  /** Its own agent is connected, or somebody streams it. */
  isThere: (nodeId: NodeId) => boolean;
  claimsTo: (nodeId: NodeId) => readonly ClaimId[];
  bus: Bus;
  events: Events;
  onError: (error: unknown) => void;
}

export interface EphemeralWatch {
  /** Null = it stays. `leavesInMs` null = it is there. */
  of(nodeId: NodeId): { afterMs: number; leavesInMs: number | null } | null;
  /** It was made ephemeral, or not any more. */
  look(nodeId: NodeId): Promise<void>;
  close(): Promise<void>;
}

/** Between two looks; what has been counted since the last is lost with the Cloud. */
const roundMs = 60_000;

interface Watched {
  afterMs: number;
  /** Counted before `sinceMs`. */
  awayMs: number;
  /** Of the clock that nobody sets; null = it is there, or waits for admission. */
  sinceMs: number | null;
  /** As was read last; it may have been admitted since. */
  waits: boolean;
  writtenMs: number;
}

export async function createEphemeralWatch(parts: EphemeralWatchParts): Promise<EphemeralWatch> {
  const { clock, store, bus, events, isThere } = parts;
  const startedMs = clock.elapsedMs();
  const watched = new Map<NodeId, Watched>();
  const awayOf = ({ awayMs, sinceMs }: Watched): number =>
    awayMs + (sinceMs === null ? 0 : clock.elapsedMs() - sinceMs);

  const see = (nodeId: NodeId, one: Watched): void => {
    if (one.waits || isThere(nodeId)) {
      one.awayMs = 0;
      one.sinceMs = null;
    } else one.sinceMs ??= clock.elapsedMs();
  };
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;
  /** The next round, where there is anything to look at. */
  function plan(): void {
    if (isClosed || watched.size === 0) return;
    cancel ??= clock.after(roundMs, () => {
      running = roundAndPlan();
    });
  }
  const roundAndPlan = async (): Promise<void> => {
    await round().catch(parts.onError);
    cancel = undefined;
    plan();
  };
  const watch = ({ nodeId, afterMs, awayMs, waits }: EphemeralNode): void => {
    const known = watched.get(nodeId);
    const one = known ?? { afterMs, awayMs, sinceMs: null, waits, writtenMs: awayMs };
    one.afterMs = afterMs;
    one.waits = waits;
    watched.set(nodeId, one);
    see(nodeId, one);
    plan();
  };

  const leave = async (nodeId: NodeId, one: Watched): Promise<void> => {
    const offlineForMs = Math.round(awayOf(one));
    const left = await store.leave(nodeId, {
      atMs: clock.nowMs(),
      offlineForMs,
      parents: parts.claimsTo(nodeId),
      isThere: () => isThere(nodeId),
    });
    if (left === undefined) {
      // It is back, or waits for admission after it was claimed anew.
      one.awayMs = 0;
      one.sinceMs = null;
      return look(nodeId);
    }
    watched.delete(nodeId);
    const { spaceId, claimId } = left;
    bus.publish('node-removed', { nodeId, spaceId, claimId });
    events.ephemeralNodeLeft({ nodeId, spaceId, offlineForMs });
  };
  const write = async (): Promise<void> => {
    const changed = [...watched].flatMap(([nodeId, one]) => {
      const awayMs = Math.round(awayOf(one));
      if (awayMs === one.writtenMs) return [];
      one.writtenMs = awayMs;
      return [{ nodeId, awayMs }];
    });
    if (changed.length > 0) await store.saveAway(changed);
  };
  const round = async (): Promise<void> => {
    // Where being told of an admission failed.
    for (const [nodeId, { waits }] of watched) if (waits) await look(nodeId);
    for (const [nodeId, one] of watched) see(nodeId, one);
    if (clock.elapsedMs() - startedMs >= returnMs)
      for (const [nodeId, one] of watched) if (awayOf(one) >= one.afterMs) await leave(nodeId, one);
    await write();
  };

  const look = async (nodeId: NodeId): Promise<void> => {
    const kept = await store.of(nodeId);
    if (kept === undefined) watched.delete(nodeId);
    else watch(kept);
  };
  const unsubscribe = [
    bus.subscribe('node-claimed', ({ nodeId }) => void look(nodeId).catch(parts.onError)),
    bus.subscribe('node-changed', ({ nodeId }) => {
      const one = watched.get(nodeId);
      // Its admission, it may be.
      if (one?.waits === true) void look(nodeId).catch(parts.onError);
      else if (one !== undefined) see(nodeId, one);
    }),
    bus.subscribe('node-removed', ({ nodeId }) => watched.delete(nodeId)),
  ];
  for (const node of await store.all()) watch(node);

  return {
    of(nodeId) {
      const one = watched.get(nodeId);
      if (one === undefined) return null;
      see(nodeId, one);
      const { afterMs, sinceMs } = one;
      const runningMs = clock.elapsedMs() - startedMs;
      return { afterMs, leavesInMs: sinceMs === null ? null : leavesInMs(afterMs, awayOf(one), runningMs) };
    },
    look,
    async close() {
      isClosed = true;
      cancel?.();
      for (const end of unsubscribe) end();
      await running;
      await write().catch(parts.onError);
    },
  };
}
