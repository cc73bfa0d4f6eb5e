import type { NodeId } from '@claimstead/wire/ids';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createInProcessBus } from '../bus/in-process-bus.ts';
import { createManualClock } from '../clock.ts';
import { createEvents } from '../events.ts';
import { silentLog } from '../log.ts';
import { createRoomRuleKeeper } from './room-rule-keeper.ts';

const nodeIds = Array.from({ length: 250 }, (_, n) => `node-${n}` as NodeId);

/** A store that fails for these; what it was asked to act on, in order. */
async function keeping(fails: (asked: readonly NodeId[], time: number) => boolean, rulesOfEach = 1) {
  const clock = createManualClock(0);
  const bus = createInProcessBus(() => undefined);
  const acted: NodeId[] = [];
  const sizes: number[] = [];
  const errors: unknown[] = [];
  let times = 0;
  const keeper = createRoomRuleKeeper({
    clock,
    bus,
    events: createEvents(silentLog),
    labelsOf: () => ({}),
    onError: (error) => errors.push(error),
    store: {
      ruledNodes: () => Promise.resolve([]),
      naming: () => Promise.resolve(Array.from({ length: rulesOfEach }, (_, n) => `rule-${n}`)),
      act: (named) => {
        const asked = named.map(({ nodeId }) => nodeId);
        sizes.push(asked.length);
        if (fails(asked, times++)) return Promise.reject(new Error('the disk is full'));
        acted.push(...asked);
        return Promise.resolve([]);
      },
    },
  });
  await setImmediate();
  for (const nodeId of nodeIds) bus.publish('node-described', { nodeId });
  await setImmediate();
  /** Lets what the clock begins come to its end. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turn = 0; turn < 2 * nodeIds.length; turn++) await setImmediate();
  };
  return { keeper, acted, sizes, errors, pass };
}

it('acts later on what could not be done, and once on what was', async () => {
  const { keeper, acted, errors, pass } = await keeping((_, time) => time === 1);
  await pass(300);
  expect([acted.length, errors.length]).toEqual([100, 1]);
  await pass(300);
  expect(acted).toHaveLength(100);
  await pass(60_000);
  expect(acted.toSorted()).toEqual(nodeIds.toSorted());
  await pass(600_000);
  expect([acted.length, errors.length]).toEqual([250, 1]);
  await keeper.close();
});

it('does not let some nodes that fail each time keep the others waiting', async () => {
  const { keeper, acted, pass } = await keeping((asked) => asked.includes('node-0' as NodeId));
  for (let round = 0; round < 4; round++) await pass(60_000);
  expect(acted).toEqual(expect.arrayContaining(nodeIds.slice(100)));
  expect(acted).not.toContain('node-0');
  expect(new Set(acted).size).toBe(acted.length);
  await keeper.close();
});

it('ends a transaction after some nodes, and sooner where many rules act', async () => {
  for (const [rulesOfEach, expected] of [
    [1, [100, 100, 50]],
    [3, [67, 67, 67, 49]],
    [500, nodeIds.map(() => 1)],
  ] as const) {
    const { keeper, acted, sizes, pass } = await keeping(() => false, rulesOfEach);
    await pass(300);
    expect(sizes).toEqual(expected);
    expect(acted).toEqual(nodeIds);
    await keeper.close();
  }
});
