// The CPU use of the nodes that somebody looks at: watches on the live connection for those in sight, and for no others. A list of a thousand
// nodes shows twenty; asking for all of them, every agent would be asked each second for what nobody sees.

import { withBusyRows, type BusyHistory } from '../node/cpu-busy.ts';
import type { LiveConnection } from './live-connection.ts';

/** Seconds that a sparkline shows. */
export const busySeconds = 60;
/** While somebody scrolls, rows come and go with every frame. */
const gatherMs = 100;
/** Node ids that one watch may name. */
const mostAtOnce = 200;
/** More than these become one: a browser may hold 64. */
const mostWatches = 12;

export interface BusyStore {
  of(nodeId: string): BusyHistory | undefined;
  /** Called when the node's history grew; returns the end of the subscription. The node is watched as long as anybody listens. */
  subscribe(nodeId: string, listener: () => void): () => void;
}

interface OpenWatch {
  nodeIds: ReadonlySet<string>;
  end: () => void;
}

/** `nextFrame`: before the browser draws again; what came until then is drawn at once. */
export function createBusyStore(
  connection: Pick<LiveConnection, 'watch'>,
  nextFrame: (draw: () => void) => void = (draw) => void requestAnimationFrame(draw),
): BusyStore {
  const histories = new Map<string, BusyHistory>();
  const listeners = new Map<string, Set<() => void>>();
  let watches: OpenWatch[] = [];
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const grown = new Set<string>();

  const draw = (): void => {
    const now = [...grown];
    grown.clear();
    for (const nodeId of now) for (const listener of listeners.get(nodeId) ?? []) listener();
  };
  const watch = (nodeIds: string[]): OpenWatch => {
    const end = connection.watch(
      { nodeIds, chart: 'system.cpu', historySeconds: busySeconds },
      {
        onSamples({ nodeId, dimensions, rows }) {
          const before = histories.get(nodeId);
          const after = withBusyRows(before, dimensions, rows, busySeconds);
          if (after === before) return;
          histories.set(nodeId, after);
          if (grown.size === 0) nextFrame(draw);
          grown.add(nodeId);
        },
        // The state of a node that does not answer is told by the node itself.
        onFailed: () => undefined,
      },
    );
    return { nodeIds: new Set(nodeIds), end };
  };
  /** In parts that one watch may name. */
  const watchAll = (nodeIds: readonly string[]): OpenWatch[] =>
    Array.from({ length: Math.ceil(nodeIds.length / mostAtOnce) }, (_, n) =>
      watch(nodeIds.slice(n * mostAtOnce, (n + 1) * mostAtOnce)),
    );
  const end = (some: readonly OpenWatch[]): void => {
    for (const one of some) one.end();
  };

  const settle = (): void => {
    gathering = undefined;
    const wanted = [...listeners.keys()];
    if (wanted.length === 0) {
      end(watches);
      watches = [];
      // What is shown next time must not look new.
      histories.clear();
      return;
    }
    const unwatched = wanted.filter((nodeId) => !watches.some(({ nodeIds }) => nodeIds.has(nodeId)));
    const isNeeded = ({ nodeIds }: OpenWatch): boolean => wanted.some((nodeId) => nodeIds.has(nodeId));
    const needed = watches.filter(isNeeded);
    const isTooMany = needed.length >= mostWatches;
    end(isTooMany ? watches : watches.filter((one) => !isNeeded(one)));
    watches = isTooMany ? watchAll(wanted) : [...needed, ...watchAll(unwatched)];
  };
  const settleSoon = (): void => {
    gathering ??= setTimeout(settle, gatherMs);
  };

  return {
    of: (nodeId) => histories.get(nodeId),
    subscribe(nodeId, listener) {
      const own = listeners.get(nodeId) ?? new Set();
      listeners.set(nodeId, own.add(listener));
      settleSoon();
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(nodeId);
        settleSoon();
      };
    },
  };
}
