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
