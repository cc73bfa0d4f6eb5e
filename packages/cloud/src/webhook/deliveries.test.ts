import type { SpaceId } from '@claimstead/wire/ids';
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

it('keeps nobody waiting for a webhook that answers late, nor for a Space of them', async () => {
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
