// When rules act: after something that they look at was told of a node, and at once on all nodes of a Space when a rule is made.

import type { NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { setImmediate } from 'node:timers/promises';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Events } from '../events.ts';
import type { LabelsOf, NamedNode, RoomRuleStore, RuledMove } from './room-rule.ts';

export interface RoomRuleKeeper {
  /** Lets the rules of the room act on all nodes of its Space; answers how many have joined it. */
  actIn(spaceId: SpaceId, roomId: RoomId): Promise<number>;
  /** Lets what runs end. */
  close(): Promise<void>;
}

/** A fleet that connects is moved together: every move makes browsers read the Space anew. */
const gatherMs = 250;
/** Nodes of one transaction. */
const nodesAtOnce = 100;
/** Acts of rules after which a transaction ends: each takes some 0.1 ms, and nobody else is served meanwhile. A node has `mostRulesOfSpace` more at most. */
const actsAtOnce = 200;
/** After a failure; most are a disk that is full or held by a backup. */
const againMs = 10_000;

export interface RoomRuleKeeperParts {
  clock: Clock;
  store: Pick<RoomRuleStore, 'naming' | 'act' | 'ruledNodes'>;
  labelsOf: LabelsOf;
  bus: Bus;
  events: Events;
  onError: (error: unknown) => void;
}

export function createRoomRuleKeeper(parts: RoomRuleKeeperParts): RoomRuleKeeper {
  const { clock, store, bus, events } = parts;
  const waiting = new Set<NodeId>();
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  const act = async (
    nodeIds: readonly NodeId[],
    roomId: RoomId | undefined,
    onActed?: (count: number) => void,
  ): Promise<number> => {
    let moved = 0;
    let acted = 0;
    let named: NamedNode[] = [];
    for (const [at, nodeId] of nodeIds.entries()) {
      if (isClosed) break;
      // Hundreds of patterns may be compared for one node: between two nodes the Cloud does other work.
      await setImmediate();
      const ruleIds = await store.naming(nodeId, roomId, parts.labelsOf);
      if (ruleIds.length > 0) named.push({ nodeId, ruleIds });
      const looked = at + 1 - acted;
      const isEnough = looked === nodesAtOnce || named.reduce((sum, one) => sum + one.ruleIds.length, 0) >= actsAtOnce;
      if (!isEnough && at + 1 < nodeIds.length) continue;
      if (named.length > 0) moved += tell(await store.act(named, parts.labelsOf, clock.nowMs()));
      named = [];
      acted = at + 1;
      onActed?.(looked);
    }
    return moved;
  };
  const tell = (moves: readonly RuledMove[]): number => {
    const bySpace = new Map<SpaceId, number>();
    for (const { nodeId, spaceId } of moves) {
      bus.publish('node-changed', { nodeId });
      bySpace.set(spaceId, (bySpace.get(spaceId) ?? 0) + 1);
    }
    // Who sees nodes by their rooms may see others from now on.
    for (const [spaceId, count] of bySpace) {
      bus.publish('access-changed', { spaceId, accountId: null });
      events.nodesMovedByRules({ spaceId, count });
    }
    return moves.length;
  };
  const actOn = async (gathered: readonly NodeId[]): Promise<void> => {
    let count = 0;
    try {
      await act(gathered, undefined, (acted) => (count += acted));
    } catch (error) {
      parts.onError(error);
      // Those that failed come last, so that they never keep the others waiting.
      const left = gathered.slice(count);
      for (const nodeId of [...left.slice(nodesAtOnce), ...left.slice(0, nodesAtOnce)]) waiting.add(nodeId);
      plan(againMs);
    }
  };
  const plan = (delayMs: number): void => {
    if (isClosed) return;
    cancel ??= clock.after(delayMs, () => {
      cancel = undefined;
      const gathered = [...waiting];
      waiting.clear();
      running = running.then(() => actOn(gathered));
    });
  };
  const look = (nodeId: NodeId): void => {
    waiting.add(nodeId);
    plan(gatherMs);
  };
  const unsubscribe = [
    bus.subscribe('node-claimed', ({ nodeId }) => look(nodeId)),
    bus.subscribe('node-described', ({ nodeId }) => look(nodeId)),
  ];
  // What the Cloud ended in the middle of.
  running = store.ruledNodes(undefined).then((nodeIds) => nodeIds.forEach(look), parts.onError);

  return {
    actIn: async (spaceId, roomId) => act(await store.ruledNodes(spaceId), roomId),
    async close() {
      isClosed = true;
      cancel?.();
      for (const end of unsubscribe) end();
      await running;
    },
  };
}
