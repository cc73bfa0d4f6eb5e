import { beforeEach, expect, test } from 'vitest';
import { CloudError } from '@claimstead/wire/errors';
import type { NodeId } from '@claimstead/wire/ids';
import { createManualClock, type ManualClock } from '../clock.ts';
import type { Relay, RelayAnswer, RelayRequest } from '../relay/relay.ts';
import type { Samples } from './samples.ts';
import { createWatches, type Watches } from './watches.ts';

const node = '3f0c1a52-4c0f-4f5e-9e0c-000000000001' as NodeId;
let clock: ManualClock;
let watches: Watches;
let asked: {
  request: RelayRequest;
  answer: (rows: number[][]) => Promise<void>;
  fail: (cause: unknown) => Promise<void>;
}[];
let isLive: boolean;

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

beforeEach(() => {
  clock = createManualClock(0);
  asked = [];
  isLive = true;
  const relay: Relay = {
    ask: (request) =>
      new Promise<RelayAnswer>((resolve, reject) => {
        asked.push({
          request,
          answer: async (rows) => {
            resolve({
              status: 200,
              contentType: 'application/json',
              body: Buffer.from(JSON.stringify({ labels: ['time', 'a'], data: rows })),
              gzipped: undefined,
            });
            await settled();
          },
          fail: async (cause) => {
            reject(cause);
            await settled();
          },
        });
      }),
  };
  watches = createWatches({ relay, clock, isLive: () => isLive, onSample: () => undefined });
});

function watcher() {
  const got: number[][] = [];
  const failures: string[] = [];
  return {
    got,
    failures,
    watcher: {
      onSamples: (_: NodeId, __: string, samples: Samples) => void got.push(...(samples.rows as number[][])),
      onFailure: (_: NodeId, kind: string) => void failures.push(kind),
    },
  };
}
const last = (): (typeof asked)[number] => {
  const one = asked.at(-1);
  if (one === undefined) throw new Error('nothing was asked');
  return one;
};

test('two who watch the same share one question a second, and each row comes once', async () => {
  const one = watcher();
  const two = watcher();
  watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: one.watcher });
  await last().answer([
    [11, 1],
    [10, 1],
  ]);
  expect(one.got).toEqual([[11, 1]]);
  watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 2, watcher: two.watcher });
  await last().answer([
    [11, 1],
    [10, 1],
  ]);
  expect(two.got).toEqual([
    [10, 1],
    [11, 1],
  ]);
  expect(asked).toHaveLength(2);
  clock.advance(1000);
  expect(asked).toHaveLength(3);
  await last().answer([
    [12, 2],
    [11, 1],
  ]);
  expect(one.got).toEqual([
    [11, 1],
    [12, 2],
  ]);
  expect(two.got).toEqual([
    [10, 1],
    [11, 1],
    [12, 2],
  ]);
});

test('a slow agent is not asked again before it has answered', async () => {
  watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: watcher().watcher });
  clock.advance(5000);
  expect(asked).toHaveLength(1);
});

test('a node that is not live is not asked, and is asked at once when it becomes so', async () => {
  isLive = false;
  watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: watcher().watcher });
  clock.advance(5000);
  expect(asked).toHaveLength(0);
  isLive = true;
  watches.wake(node);
  expect(asked).toHaveLength(1);
});

test('nobody watches any more: the question under way is cancelled and none follows', async () => {
  const end = watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: watcher().watcher });
  end();
  end();
  expect(last().request.signal?.aborted).toBe(true);
  await last().fail(new CloudError('relay-cancelled'));
  clock.advance(5000);
  expect(asked).toHaveLength(1);
  expect(watches.size).toBe(0);
});

test('a failure is told and the watch goes on', async () => {
  const one = watcher();
  watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: one.watcher });
  await last().fail(new CloudError('relay-timeout'));
  expect(one.failures).toEqual(['relay-timeout']);
  clock.advance(1000);
  await last().answer([[12, 2]]);
  expect(one.got).toEqual([[12, 2]]);
});
