// 24 hours of a recorded agent's events at speed: what the Cloud keeps of them does not grow.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { dayOfEvents } from '../recording/day-of-events.ts';
import { heapBytes } from '../recording/fuzz.ts';
import { createFuzzWorld } from '../recording/fuzz-world.ts';
import { linksIn, recordedSessions } from '../recording/recorded-sessions.ts';

// The heap is measured after a collection, which programs may ask for only when they say so.
setFlagsFromString('--expose_gc');
(globalThis as { gc?: unknown }).gc = runInNewContext('gc');

const mebibyte = 1024 * 1024;

test('after three hours memory is what it is after twenty-four', async () => {
  const recording = (await recordedSessions()).find(({ name }) => name === 'v2.9.0-claim-and-reconnect.jsonl.gz');
  const [link] = recording === undefined ? [] : linksIn(recording);
  if (link === undefined) throw new Error('there is no such recording');
  const world = await createFuzzWorld();
  let raised = 0;
  const heap = new Map<number, number>();
  const hours = dayOfEvents(link.ids, link.frames, (hour) => {
    if (hour === 3 || hour === 24) heap.set(hour, heapBytes());
    if (hour === 24) raised = world.raised(link.ids);
  });
  await world.longSession(link.ids, hours);
  expect([...heap.keys()]).toEqual([3, 24]);
  // Two thirds of those that the day is about, so it was heard.
  expect(raised).toBeGreaterThan(190);
  expect(world.seen).toMatchObject({ opened: 2, refused: 0 });
  expect((heap.get(24) ?? 0) - (heap.get(3) ?? 0)).toBeLessThan(2 * mebibyte);
  expect(await world.harm()).toBeUndefined();
  expect(world.faults).toEqual([]);
});
