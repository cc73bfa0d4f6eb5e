import { beforeEach, describe, expect, test } from 'vitest';
import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import { createManualClock, type ManualClock } from '../clock.ts';
import type { Relay, RelayAnswer, RelayRequest } from '../relay/relay.ts';
import type { AnsweringAgent } from './rounds.ts';
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
let isReachable: boolean;
/** Answers for every node. */
let agent: AnsweringAgent;
let together: string[];
let togetherAnswer: unknown;

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

beforeEach(() => {
  clock = createManualClock(0);
  asked = [];
  isLive = true;
  isReachable = true;
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
    askAgent: async ({ target }) => {
      together.push(target);
      const body = Buffer.from(JSON.stringify(togetherAnswer));
      return { status: 200, contentType: 'application/json', body, gzipped: undefined };
    },
  };
  agent = { claimId: '3f0c1a52-4c0f-4f5e-9e0c-0000000000aa' as ClaimId, metricsApi: 'v1' };
  together = [];
  watches = createWatches({
    relay,
    clock,
    isLive: () => isLive,
    isReachable: () => isReachable,
    agentOf: () => agent,
    onSample: () => undefined,
  });
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

test('a node that nobody can answer for is not asked, and is asked at once when it becomes live', async () => {
  isLive = false;
  isReachable = false;
  watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: watcher().watcher });
  clock.advance(5000);
  expect(asked).toHaveLength(0);
  isLive = true;
  isReachable = true;
  watches.wake(node);
  expect(asked).toHaveLength(1);
});

test('a stale node is asked once for what it has, and from its last row on when it is live again', async () => {
  isLive = false;
  const one = watcher();
  watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: one.watcher });
  await last().answer([[10, 1]]);
  clock.advance(60_000);
  expect(asked).toHaveLength(1);
  isLive = true;
  watches.wake(node);
  await last().answer([[70, 2]]);
  expect(one.got).toEqual([
    [10, 1],
    [70, 2],
  ]);
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

describe('nodes behind one agent', () => {
  const other = '3f0c1a52-4c0f-4f5e-9e0c-000000000002' as NodeId;
  const [guid, otherGuid] = ['3f0c1a52-4c0f-4f5e-9e0c-0000000000b1', '3f0c1a52-4c0f-4f5e-9e0c-0000000000b2'];
  const watchBoth = async (otherTime = 11) => {
    const both = [watcher(), watcher()] as const;
    watches.add({ nodeId: node, chart: 'system.cpu', historySeconds: 1, watcher: both[0].watcher });
    await last().answer([[10, 1]]);
    watches.add({ nodeId: other, chart: 'system.cpu', historySeconds: 1, watcher: both[1].watcher });
    await last().answer([[otherTime, 2]]);
    return both;
  };
  const answered = (labels: string[], data: unknown[]): unknown => ({
    summary: {
      nodes: [
        { mg: guid, nd: node },
        { mg: otherGuid, nd: other },
      ],
    },
    result: { labels, point: { value: 0 }, data },
  });

  test('are one question a second when it can answer for several, and each watcher gets its own rows', async () => {
    agent = { ...agent, metricsApi: 'v3' };
    togetherAnswer = answered(
      ['time', `a,${guid}`, `a,${otherGuid}`],
      [
        [12, [5], [6]],
        [11, [4], [2]],
      ],
    );
    const [one, two] = await watchBoth();
    clock.advance(1000);
    await settled();
    expect(asked).toHaveLength(2);
    expect(together).toHaveLength(1);
    expect(new URL(together[0] ?? '', 'http://agent').searchParams.get('scope_nodes')).toBe(`${node}|${other}`);
    expect(one.got).toEqual([
      [10, 1],
      [11, 4],
      [12, 5],
    ]);
    expect(two.got).toEqual([
      [11, 2],
      [12, 6],
    ]);
  });

  test('are not asked for hours because one of them has had no row for hours', async () => {
    agent = { ...agent, metricsApi: 'v3' };
    await watchBoth(7200);
    clock.advance(1000);
    const after = Number(new URL(together[0] ?? '', 'http://agent').searchParams.get('after'));
    expect(after).toBeGreaterThan(7200 - 70);
    expect(after).toBeLessThan(7200);
  });

  test('are asked one by one of an agent that cannot, and of one that answers something else, until it is back', async () => {
    await watchBoth();
    clock.advance(1000);
    expect([asked.length, together.length]).toEqual([4, 0]);
    for (const { answer } of asked.slice(2)) await answer([[12, 1]]);
    agent = { ...agent, metricsApi: 'v2' };
    togetherAnswer = { error: 'what?' };
    clock.advance(1000);
    await settled();
    expect([asked.length, together.length]).toEqual([4, 1]);
    clock.advance(1000);
    expect([asked.length, together.length]).toEqual([6, 1]);
    for (const { answer } of asked.slice(4)) await answer([[13, 1]]);
    watches.wake(node);
    for (const { answer } of asked.slice(6)) await answer([[14, 1]]);
    clock.advance(1000);
    expect(together).toHaveLength(2);
  });
});
