import { expect, test } from 'vitest';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import { createInProcessBus } from '../bus/in-process-bus.ts';
import { createManualClock } from '../clock.ts';
import { createRecentReads } from './recent-reads.ts';

const make = () => {
  const clock = createManualClock(0);
  const bus = createInProcessBus(() => undefined);
  let reads = 0;
  const answers: (string | undefined)[] = [];
  const read = createRecentReads({ clock, bus })(async (id: string) => {
    reads += 1;
    return answers.length > 0 ? answers.shift() : `${id} ${reads}`;
  });
  return { clock, bus, read, answers, reads: () => reads };
};

test('what was read a moment ago is not read again, by its own id only', async () => {
  const { read, reads } = make();
  expect([await read('a'), await read('a'), await read('b')]).toEqual(['a 1', 'a 1', 'b 2']);
  expect(reads()).toBe(2);
});

test('after a second it is', async () => {
  const { clock, read } = make();
  await read('a');
  clock.advance(1001);
  expect(await read('a')).toBe('a 2');
});

test('a message of a change forgets it at once', async () => {
  const { bus, read } = make();
  await read('a');
  bus.publish('session-ended', { accountId: 'x' as AccountId, sessionId: null });
  await Promise.resolve();
  expect(await read('a')).toBe('a 2');
});

test('what was not there is looked up no sooner than what was, until somebody tells of a change', async () => {
  const { bus, read, answers, reads } = make();
  answers.push(undefined);
  expect([await read('a'), await read('a')]).toEqual([undefined, undefined]);
  expect(reads()).toBe(1);
  bus.publish('access-changed', { spaceId: 'x' as SpaceId, accountId: null });
  await Promise.resolve();
  expect(await read('a')).toBe('a 2');
});
