import type { SpaceId } from '@claimstead/wire/ids';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createManualClock, type Clock } from '../clock.ts';
import { silentLog } from '../log.ts';
import type { Seal } from '../seal/seal.ts';
import { createDeliveries } from './deliveries.ts';
import type { Delivery, WebhookStore } from './webhook.ts';

it('looks at the queue every hour when the wall clock was set back, and at once when it is right again', async () => {
  const manual = createManualClock(0);
  let wallMs = 1_000_000_000_000;
  const pauses: number[] = [];
  let onPause = (): void => {};
  const clock: Clock = {
    nowMs: () => wallMs,
    elapsedMs: () => manual.elapsedMs(),
    after(delayMs, callback) {
      pauses.push(delayMs);
      onPause();
      return manual.after(delayMs, callback);
    },
  };
  const nextPause = (): Promise<void> => new Promise((resolve) => (onPause = resolve));
  const delivery: Delivery = {
    deliveryId: 'd',
    webhookId: 'w',
    spaceId: 's' as SpaceId,
    kind: 'node-live',
    body: '{}',
    attempts: 1,
    createdAtMs: wallMs,
    nextAtMs: wallMs + 10_000,
  };
  let waiting = [delivery];
  let onFinished = (): void => {};
  const finished = new Promise<void>((resolve) => (onFinished = resolve));
  const store = {
    byId: async () => ({ url: 'https://hooks.example.net', sealedSecret: '' }),
    next: async () => waiting,
    async finish() {
      waiting = [];
      onFinished();
    },
  } as unknown as WebhookStore;
  const deliveries = createDeliveries({
    store,
    seal: { open: () => Buffer.from('secret') } as unknown as Seal,
    post: async () => ({ isDelivered: true, isRefused: false, outcome: '' }),
    clock,
    newId: () => 'id',
    log: silentLog,
  });
  // Beyond what a timer of Node can wait, which it would end after one millisecond.
  wallMs -= 40 * 24 * 3600_000;
  let paused = nextPause();
  deliveries.wake();
  await paused;
  paused = nextPause();
  manual.advance(3600_000);
  await paused;
  expect(pauses).toEqual([3600_000, 3600_000]);
  wallMs = delivery.nextAtMs;
  manual.advance(3600_000);
  await finished;
  await deliveries.stop();
});

/** What waits for one webhook. */
const queue = (webhookId: string, space: string, count: number): Delivery[] =>
  Array.from({ length: count }, (_, n) => ({
    deliveryId: `${webhookId} ${n}`,
    webhookId,
    spaceId: space as SpaceId,
    kind: 'node-live',
    body: '{}',
    attempts: 0,
    createdAtMs: 0,
    nextAtMs: n,
  }));

it('keeps nobody waiting for a webhook that answers late, nor for a Space of them', async () => {
  // The slow ones of one Space come first, and are more than there are places.
  let waiting = [
    ...Array.from({ length: 20 }, (_, n) => queue(`slow-${n}`, 'slow', 3)).flat(),
    ...queue('quick', 'other', 50),
  ];
  let onFinished = (): void => {};
  const quickDone = new Promise<void>((resolve) => (onFinished = resolve));
  const store = {
    byId: async (webhookId: string) => ({ url: `https://${webhookId}.example.net`, sealedSecret: '' }),
    next: async (most: number) =>
      [...new Map(waiting.toReversed().map((one) => [one.webhookId, one])).values()].toReversed().slice(0, most),
    async finish({ deliveryId }: Delivery) {
      waiting = waiting.filter((one) => one.deliveryId !== deliveryId);
      if (!waiting.some(({ webhookId }) => webhookId === 'quick')) onFinished();
    },
  } as unknown as WebhookStore;
  const asked: string[] = [];
  const deliveries = createDeliveries({
    store,
    seal: { open: () => Buffer.from('secret') } as unknown as Seal,
    post: async (url, _headers, _body, signal) => {
      asked.push(url);
      // Until the Cloud stops.
      if (url.includes('slow')) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      return { isDelivered: !url.includes('slow'), isRefused: false, outcome: '' };
    },
    clock: createManualClock(1000),
    newId: () => 'id',
    log: silentLog,
  });
  deliveries.wake();
  await quickDone;
  expect(asked.filter((url) => url.includes('slow'))).toHaveLength(2);
  await deliveries.stop();
  expect(waiting).toHaveLength(60);
});

it('gives each Space its turn, however many of them have nothing but webhooks that answer late', async () => {
  let waiting = [
    ...Array.from({ length: 6 }, (_, space) =>
      Array.from({ length: 4 }, (_webhook, n) => queue(`slow-${space}-${n}`, `slow ${space}`, 20)).flat(),
    ).flat(),
    // Was put into its queue last.
    ...queue('quick', 'quick', 5).map((one) => ({ ...one, nextAtMs: 900 })),
  ];
  const store = {
    byId: async (webhookId: string) => ({ url: `https://${webhookId}.example.net`, sealedSecret: '' }),
    next: async (most: number) =>
      [...new Map(waiting.toReversed().map((one) => [one.webhookId, one])).values()]
        .toSorted((one, other) => one.nextAtMs - other.nextAtMs)
        .slice(0, most),
    async finish({ deliveryId }: Delivery) {
      waiting = waiting.filter((one) => one.deliveryId !== deliveryId);
    },
  } as unknown as WebhookStore;
  const held: (() => void)[] = [];
  const deliveries = createDeliveries({
    store,
    seal: { open: () => Buffer.from('secret') } as unknown as Seal,
    post: async (url) => {
      if (url.includes('slow')) await new Promise<void>((resolve) => held.push(resolve));
      return { isDelivered: true, isRefused: false, outcome: '' };
    },
    clock: createManualClock(1000),
    newId: () => 'id',
    log: silentLog,
  });
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  };
  deliveries.wake();
  await settled();
  let answers = 0;
  for (; waiting.some(({ webhookId }) => webhookId === 'quick') && answers < 200; answers++) {
    held.shift()?.();
    await settled();
  }
  // Six others, and each of the five waits for one answer of each at most.
  expect(answers).toBeLessThanOrEqual(30);
  // And of a Space no webhook waits for ever behind another.
  for (let n = 0; n < 60; n++) {
    held.shift()?.();
    await settled();
  }
  const untouched = new Map(waiting.map(({ webhookId }) => [webhookId, 0]));
  for (const { webhookId } of waiting) untouched.set(webhookId, (untouched.get(webhookId) ?? 0) + 1);
  expect([...untouched.values()].every((left) => left < 20)).toBe(true);
  const stopped = deliveries.stop();
  for (const answer of held) answer();
  await stopped;
});
