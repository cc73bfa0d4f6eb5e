import { expect, test } from 'vitest';
import { createInTurn } from './in-turn.ts';

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

test('work waits for what is before it, and is done at once where nothing is', async () => {
  const done: string[] = [];
  const turns = createInTurn((cause) => done.push(String(cause)));
  turns.run(() => void done.push('first'));
  expect(done).toEqual(['first']);
  let finish = (): void => undefined;
  turns.run(() => new Promise<void>((resolve) => (finish = resolve)));
  turns.run(() => void done.push('second'));
  expect([done, turns.waiting]).toEqual([['first'], 1]);
  finish();
  await settled();
  expect(done).toEqual(['first', 'second']);
});

test('work that throws, at once or later, first or after waiting, is told and holds nothing up', async () => {
  const told: unknown[] = [];
  const turns = createInTurn((cause) => told.push(cause));
  const fails = (why: string) => (): void => {
    throw new Error(why);
  };
  turns.run(fails('at once'));
  turns.run(async () => Promise.reject(new Error('later')));
  turns.run(fails('after waiting'));
  turns.run(() => void told.push('the next'));
  await settled();
  expect(told).toEqual([new Error('at once'), new Error('later'), new Error('after waiting'), 'the next']);
});
