import { expect, test } from 'vitest';
import { contextsStream } from './contexts-stream.ts';
import { claimId, nodeId, streamWorld, type StreamWorld } from './testing.ts';

const checkpoint = (world: StreamWorld, versionHash: bigint, over: object = {}): boolean =>
  world.say({ name: 'ContextsCheckpoint', message: { claimId, nodeId, versionHash, ...over } });

const start = 1_795_000_000;
/** (version + last entry − first entry) of one context that did not change since it started. */
const fresh = 1n;

test('nothing is sent before a checkpoint, and a checkpoint with another hash brings the snapshot', () => {
  const world = streamWorld(contextsStream);
  world.second(start, 'a', 'b');
  world.settle();
  expect(world.sent).toEqual({});
  expect(checkpoint(world, 5n)).toBe(true);
  const [snapshot] = world.sent.ContextsSnapshot ?? [];
  expect(snapshot).toMatchObject({ claimId, nodeId, version: 2n * fresh });
  expect(snapshot?.contexts?.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(snapshot?.contexts?.[0]).toEqual({
    id: 'a',
    version: BigInt(start + 1),
    firstEntry: BigInt(start),
    lastEntry: 0n,
    deleted: false,
    title: 'T',
    priority: 7n,
    chartType: 'line',
    units: 'u',
    family: 'f',
  });
});

test('what appears, falls silent and goes is told, each time with the new hash', () => {
  const world = streamWorld(contextsStream);
  world.second(start, 'a');
  checkpoint(world, 9n);
  world.second(start + 1, 'a', 'b');
  expect(world.sent.ContextsUpdated).toBeUndefined();
  world.settle();
  const updates = world.sent.ContextsUpdated ?? [];
  expect(updates[0]).toMatchObject({ claimId, nodeId, createdAt: 1_795_000_000_000_000n, versionHash: 2n * fresh });
  expect(updates[0]?.contextUpdates?.map(({ id, deleted }) => [id, deleted])).toEqual([['b', false]]);

  for (let second = start + 2; second <= start + 70; second++) world.second(second, 'a');
  world.settle();
  const silent = updates[1]?.contextUpdates?.[0];
  expect(silent).toMatchObject({ id: 'b', lastEntry: BigInt(start + 1), deleted: false });
  expect(updates[1]?.versionHash).toBe(fresh + (silent?.version ?? 0n) + BigInt(start + 1) - BigInt(start + 1));

  for (let second = start + 71; second <= start + 3700; second++) world.second(second, 'a');
  world.settle();
  expect(updates).toHaveLength(3);
  expect(updates[2]?.contextUpdates).toMatchObject([{ id: 'b', deleted: true }]);
  expect(updates[2]?.versionHash).toBe(fresh);
});

test('samples alone wake nobody, also when the oldest ones slide out', () => {
  const world = streamWorld(contextsStream);
  world.second(start, 'a');
  checkpoint(world, 9n);
  for (let second = start + 1; second < start + 4000; second++) world.second(second, 'a');
  expect(world.waiting).toBe(0);
});

test('a reconnect with the hash that was told brings no second snapshot, however long the link was away', () => {
  const world = streamWorld(contextsStream);
  world.second(start, 'a', 'b');
  checkpoint(world, 9n);
  world.second(start + 30, 'a', 'b', 'c');
  world.settle();
  for (let second = start + 31; second <= start + 5000; second++) world.second(second, 'a', 'b', 'c');
  const { versionHash = -1n } = world.sent.ContextsUpdated?.at(-1) ?? {};
  checkpoint(world, versionHash);
  expect(world.sent.ContextsSnapshot).toHaveLength(1);
  world.second(start + 5001, 'a', 'b', 'c', 'd');
  world.settle();
  expect(world.sent.ContextsUpdated?.at(-1)?.contextUpdates).toMatchObject([{ id: 'd' }]);
});

test('every change shows in the hash, also long after the first samples slid out', () => {
  const world = streamWorld(contextsStream);
  checkpoint(world, 9n);
  for (let second = start; second < start + 5 * 3600; second++) {
    world.second(second, 'a');
    const chart = world.store.chart('a');
    if (chart !== undefined && second % 1500 === 0) world.store.openDimension(chart, `d${second}`, 'd', false);
    world.settle();
  }
  const told = world.sent.ContextsUpdated?.map(({ versionHash = 0n }) => versionHash) ?? [];
  expect(told.length).toBeGreaterThan(10);
  for (const [i, hash] of told.entries()) expect(hash).not.toBe(told[i - 1]);
  const { firstEntry = 0n } = world.sent.ContextsUpdated?.at(-1)?.contextUpdates?.[0] ?? {};
  const last = Number(firstEntry) - (start + 5 * 3600);
  // Kept for an hour, rounded by up to an hour, and up to 1,500 s since the change.
  expect(last).toBeGreaterThan(-3600 - 3600 - 1500);
});

test('0 asks for everything, also where there is nothing', () => {
  const world = streamWorld(contextsStream);
  checkpoint(world, 0n);
  expect(world.sent.ContextsSnapshot).toEqual([{ claimId, nodeId, contexts: [], version: 0n }]);
});

test('the hash is a number modulo 2^64', () => {
  const world = streamWorld(contextsStream);
  // A clock that was set back after the first samples: the first entry is younger than the version.
  world.second(start, 'a');
  world.second(start - 100, 'a');
  checkpoint(world, 1n);
  const { version = 0n, contexts = [] } = world.sent.ContextsSnapshot?.[0] ?? {};
  const [context] = contexts;
  expect(version).toBe(BigInt.asUintN(64, (context?.version ?? 0n) - (context?.firstEntry ?? 0n)));
  expect(context?.version).toBeGreaterThan(BigInt(start));
});

test.each([
  ['another claim', { claimId: 'x' }],
  ['a node that is not here', { nodeId: 'x' }],
])('a checkpoint for %s is ignored and logged', (words, over) => {
  const world = streamWorld(contextsStream);
  world.second(start, 'a');
  expect(checkpoint(world, 9n, over)).toBe(true);
  world.second(start + 1, 'b');
  expect(world.waiting).toBe(0);
  expect(world.sent).toEqual({});
  expect(world.lines.join()).toContain(words);
});

test('a stop of the Cloud, another node id and the end of the connection end it', () => {
  const world = streamWorld(contextsStream);
  checkpoint(world, 9n);
  world.say({ name: 'StopStreamingContexts', message: { claimId, nodeId, reason: 0 } });
  world.second(start, 'a');
  expect(world.waiting).toBe(0);
  checkpoint(world, 9n);
  world.second(start + 1, 'b');
  world.ids.nodeId = 'another';
  world.settle();
  world.second(start + 2, 'c');
  expect(world.waiting).toBe(0);
  world.ids.nodeId = nodeId;
  checkpoint(world, 9n);
  world.second(start + 3, 'd');
  world.stream.close();
  expect(world.waiting).toBe(0);
  world.second(start + 4, 'e');
  expect(world.waiting).toBe(0);
  expect(world.sent.ContextsUpdated).toBeUndefined();
});

test('messages of others are left to them', () => {
  const world = streamWorld(contextsStream);
  expect(world.say({ name: 'SendAlarmLogHealth', message: { nodeId } })).toBe(false);
});
