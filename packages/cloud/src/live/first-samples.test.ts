import { beforeEach, expect, test } from 'vitest';
import { CloudError } from '@claimstead/wire/errors';
import type { NodeId } from '@claimstead/wire/ids';
import { createManualClock, type ManualClock } from '../clock.ts';
import type { Relay, RelayAnswer } from '../relay/relay.ts';
import { createFirstSamples, mostAtOnce, type FirstSamples } from './first-samples.ts';

const nodeOf = (n: number): NodeId => `3f0c1a52-4c0f-4f5e-9e0c-${String(n).padStart(12, '0')}` as NodeId;
const node = nodeOf(1);
let clock: ManualClock;
let firstSamples: FirstSamples;
let sampled: NodeId[];
let isLive: boolean;
let waiting: { nodeId: NodeId; target: string; answer: (answer: Partial<RelayAnswer> | CloudError) => Promise<void> }[];
let asked: number;

beforeEach(() => {
  clock = createManualClock(0);
  sampled = [];
  waiting = [];
  asked = 0;
  isLive = true;
  const relay: Pick<Relay, 'ask'> = {
    ask: ({ nodeId, target, signal }) =>
      new Promise((resolve, reject) => {
        asked += 1;
        const answer = async (given: Partial<RelayAnswer> | CloudError): Promise<void> => {
          waiting = waiting.filter((one) => one.answer !== answer);
          if (given instanceof CloudError) reject(given);
          else
            resolve({
              status: 200,
              contentType: 'application/json',
              body: Buffer.from(''),
              gzipped: undefined,
              ...given,
            });
          for (let turn = 0; turn < 8; turn++) await Promise.resolve();
        };
        waiting.push({ nodeId, target, answer });
        signal?.addEventListener('abort', () => void answer(new CloudError('relay-cancelled')));
      }),
  };
  firstSamples = createFirstSamples({
    relay,
    clock,
    isLive: () => isLive,
    onSample: (nodeId) => void sampled.push(nodeId),
  });
});

const row = { body: Buffer.from(JSON.stringify({ labels: ['time', 'user'], data: [[1, 2]] })) };
const noRow = { body: Buffer.from(JSON.stringify({ labels: ['time', 'user'], data: [] })) };

test('one row of the processor is asked for, once, and its coming is told', async () => {
  firstSamples.want(node);
  firstSamples.want(node);
  expect(waiting.map(({ target }) => target)).toEqual([expect.stringContaining('/api/v1/data?chart=system.cpu')]);
  await waiting[0]?.answer(row);
  expect(sampled).toEqual([node]);
  clock.advance(60_000);
  expect(asked).toBe(1);
});

test('an agent that has just started is asked again for ten seconds, and then no more', async () => {
  firstSamples.want(node);
  const answers = [{ status: 404 }, noRow, new CloudError('node-offline'), { body: Buffer.from('no JSON') }];
  for (let turn = 0; waiting.length > 0 && turn < 50; turn++) {
    await waiting[0]?.answer(answers[turn % answers.length] ?? noRow);
    for (let ms = 0; ms < 5000 && waiting.length === 0; ms += 50) clock.advance(50);
  }
  expect([asked, waiting.length, sampled.length]).toEqual([7, 0, 0]);
  // It comes back later, and is asked anew.
  firstSamples.want(node);
  await waiting[0]?.answer(row);
  expect(sampled).toEqual([node]);
});

test('a node that is gone, or has a sample from elsewhere, is not asked again', async () => {
  firstSamples.want(node);
  await waiting[0]?.answer({ status: 404 });
  firstSamples.drop(node);
  clock.advance(60_000);
  firstSamples.want(node);
  isLive = false;
  await waiting[0]?.answer({ status: 404 });
  clock.advance(60_000);
  expect(asked).toBe(2);
  isLive = true;
  firstSamples.want(node);
  firstSamples.drop(node);
  firstSamples.want(node);
  await waiting[0]?.answer(row);
  expect([asked, sampled.length]).toEqual([4, 1]);
});

test('thousands that return together are asked sixty-four at a time, each once', async () => {
  for (let n = 0; n < 5000; n++) firstSamples.want(nodeOf(n));
  let most = 0;
  while (waiting.length > 0) {
    most = Math.max(most, waiting.length);
    await waiting[0]?.answer(row);
  }
  expect([most, asked, new Set(sampled).size]).toEqual([mostAtOnce, 5000, 5000]);
});

test('nothing is asked after the end', async () => {
  for (let n = 0; n < 100; n++) firstSamples.want(nodeOf(n));
  firstSamples.close();
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  clock.advance(60_000);
  expect([asked, waiting.length, sampled.length]).toEqual([mostAtOnce, 0, 0]);
});
