import { expect, test } from 'vitest';
import { collectorsStream } from './collectors-stream.ts';
import { claimId, nodeId, streamWorld } from './testing.ts';

test('who collects is told with the node, and again when that has changed', () => {
  const world = streamWorld(collectorsStream);
  world.second(1000, 'a');
  world.settle();
  expect(world.sent).toEqual({});
  world.stream.onAnnounced?.();
  const told = world.sent.UpdateNodeCollectors ?? [];
  expect(told).toEqual([{ claimId, nodeId, collectors: [{ module: '/proc/a', plugin: 'proc.plugin' }] }]);
  world.second(1001, 'a', 'b');
  world.settle();
  expect(told[1]?.collectors?.map(({ module }) => module)).toEqual(['/proc/a', '/proc/b']);
  world.second(1002, 'a', 'b');
  expect(world.waiting).toBe(0);
  world.stream.onAnnounced?.();
  expect(told).toHaveLength(3);
  world.second(1003, 'c');
  world.stream.close();
  expect(world.waiting).toBe(0);
});

test('an agent that has collected nothing yet says so by saying nothing', () => {
  const world = streamWorld(collectorsStream);
  world.stream.onAnnounced?.();
  expect(world.sent).toEqual({});
  world.second(1000, 'a');
  world.settle();
  expect(world.sent.UpdateNodeCollectors).toHaveLength(1);
});
