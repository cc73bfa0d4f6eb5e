// Recorded sessions, spoilt in every way that a broken or hostile agent could: nothing breaks, and the link of another notices nothing. The
// long run is `npm run soak -- recorded`. [trust T6, T17, M6]

import { beforeAll, expect, test } from 'vitest';
import { runFuzz } from '../recording/fuzz.ts';
import { createFuzzWorld, type FuzzWorld } from '../recording/fuzz-world.ts';
import { linksIn, recordedSessions } from '../recording/recorded-sessions.ts';
import { maskedFrame } from '../recording/cut-stream.ts';

let world: FuzzWorld;
beforeAll(async () => {
  world = await createFuzzWorld();
});

test('the recorded sessions themselves are heard', async () => {
  const links = (await recordedSessions()).flatMap(linksIn);
  expect(links.length).toBeGreaterThan(0);
  for (const { ids, frames } of links) {
    const before = world.seen.opened;
    await world.session(
      ids,
      frames.map((bytes) => maskedFrame(2, bytes, Buffer.alloc(4))),
    );
    expect(world.seen.opened).toBe(before + 1);
  }
  expect(world.faults).toEqual([]);
  expect(await world.harm()).toBeUndefined();
});

test('2,000 mutated ones: no fault, no harm to another link', async () => {
  const { faults, harm, opened, refused } = await runFuzz({
    sessions: 2000,
    seed: 20_261_126,
    onProgress: () => undefined,
  });
  expect({ faults, harm }).toEqual({ faults: [], harm: undefined });
  // Most get past CONNECT, or nothing behind it would have been tried.
  expect(opened).toBeGreaterThan(1000);
  expect(refused).toBeGreaterThan(200);
});
