import { expect, test } from 'vitest';
import { createInTurn } from './in-turn.ts';

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

test('work waits for what is before it, and is done at once where nothing is', async () => {
  const done: string[] = [];
  const turns = createInTurn((cause) => done.push(String(cause)));
  turns.run(() => void done.push('first'), 10);
  expect(done).toEqual(['first']);
  let finish = (): void => undefined;
  turns.run(() => new Promise<void>((resolve) => (finish = resolve)), 20);
  turns.run(() => void done.push('second'), 30);
  expect([done, turns.waiting]).toEqual([['first'], { count: 1, bytes: 30 }]);
  finish();
  await settled();
  expect([done, turns.waiting]).toEqual([['first', 'second'], { count: 0, bytes: 0 }]);
});

test('work that throws, at once or later, first or after waiting, is told and holds nothing up', async () => {
  const told: unknown[] = [];
  const turns = createInTurn((cause) => told.push(cause));
  const fails = (why: string) => (): void => {
    throw new Error(why);
  };
  turns.run(fails('at once'), 1);
  turns.run(async () => Promise.reject(new Error('later')), 1);
  turns.run(fails('after waiting'), 1);
  turns.run(() => void told.push('the next'), 1);
  await settled();
  expect(told).toEqual([new Error('at once'), new Error('later'), new Error('after waiting'), 'the next']);
});

test('what is dropped waits no more', () => {
  const turns = createInTurn(() => undefined);
  turns.run(() => new Promise<void>(() => undefined), 1);
  turns.run(() => undefined, 5);
  turns.close();
  expect(turns.waiting).toEqual({ count: 0, bytes: 0 });
});
