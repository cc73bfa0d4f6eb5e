import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAlertReader } from './alert-reader.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = (nodeId: string, changedAt: string | null) =>
  new Map([
    [nodeId, { nodeId, alerts: changedAt === null ? null : { critical: 0, warning: 1, changedAt } } as NodeView],
  ]);

/** A reader with what it read; each reading ends when `answer` is called. */
function reading() {
  const read: string[][] = [];
  let answer = (): void => undefined;
  const reader = createAlertReader((nodeIds) => {
    read.push(nodeIds);
    return new Promise<void>((resolve) => (answer = resolve));
  });
  return {
    reader,
    read,
    answer: async () => {
      answer();
      await vi.advanceTimersByTimeAsync(1_000);
    },
  };
}

it('reads once for what changes together, and not at all for what did not change', async () => {
  const { reader, read, answer } = reading();
  reader.take(at('a', 't1'));
  reader.take(at('b', 't1'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read).toEqual([['a', 'b']]);
  await answer();
  reader.take(at('a', 't1'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read).toHaveLength(1);
  reader.take(at('a', null));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read[1]).toEqual(['a']);
});

it('waits for an answer before it reads again, and then does', async () => {
  const { reader, read, answer } = reading();
  reader.take(at('a', 't1'));
  await vi.advanceTimersByTimeAsync(1_000);
  reader.take(at('a', 't2'));
  reader.take(at('a', 't3'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveLength(1);
  await answer();
  expect(read).toEqual([['a'], ['a']]);
});

it('reads for a node that was removed, and nothing after its end', async () => {
  const { reader, read, answer } = reading();
  reader.take(at('a', 't1'));
  await vi.advanceTimersByTimeAsync(1_000);
  await answer();
  reader.take(new Map([['a', null]]));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read).toHaveLength(2);
  reader.take(at('b', 't1'));
  reader.end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read).toHaveLength(2);
});
