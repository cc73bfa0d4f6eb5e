// The queue at work: one delivery of a webhook at a time, some webhooks at once, few of one Space, tried again with longer and longer pauses up to a day.

import type { WebhookKind } from '@claimstead/wire/cloud-api/webhooks';
import type { SpaceId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Seal } from '../seal/seal.ts';
import type { Post, PostOutcome } from './post.ts';
import { signature, signatureHeader } from './signature.ts';
import {
  deliveredOutcome,
  nextAttemptMs,
  sealPlace,
  type Delivery,
  type WebhookBody,
  type WebhookStore,
} from './webhook.ts';

export interface Deliveries {
  /** Told of every change of webhooks: which Spaces listen is kept in memory. */
  reload(): Promise<void>;
  listens(spaceId: SpaceId, kind: WebhookKind): boolean;
  /** Puts it into the queue of every webhook that is told of the kind. */
  tell(kind: WebhookKind, body: Omit<WebhookBody, 'id' | 'kind' | 'at'>): Promise<void>;
  /** Sends something at once, outside of the queue. */
  test(webhookId: string, space: { id: SpaceId; name: string }): Promise<PostOutcome>;
  /** Looks at the queue; called at the start, too. */
  wake(): void;
  /** What is on its way may end, or is cut and tried again at the next start. */
  stop(): Promise<void>;
}

export interface DeliveriesParts {
  store: WebhookStore;
  seal: Seal;
  post: Post;
  clock: Clock;
  newId: () => string;
  log: Log;
}

/**
 * Webhooks that are sent to at once, each in a place of its own. Of one Space fewer, because its webhooks may all be slow, by accident or to keep
 * those of others waiting; and a place that is free goes to whoever was not served for longest, so that each of many slow ones waits its turn, too.
 */
const atOnce = 8;
const atOnceOfSpace = 2;
/** Webhooks looked at for those that may be sent to: as many as a hundred Spaces may have. */
const lookedAt = 2000;
const mostRefusals = 3;
/** Then it looks again: a wall clock that was set back makes pauses of any length, and one above 2^31 ms ends at once. */
const longestPauseMs = 3600_000;

export function createDeliveries({ store, seal, post, clock, newId, log }: DeliveriesParts): Deliveries {
  let listening = new Map<SpaceId, Set<WebhookKind>>();
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  const inFlight = new Map<string, { spaceId: SpaceId; ended: Promise<void> }>();
  /** By Space and by webhook, which place in the order of all deliveries the last one had. */
  const lastServed = new Map<string, number>();
  let served = 0;
  let fault: { cause: unknown } | undefined;
  let isAskedAgain = false;
  /** Ends the wait for what is in flight. */
  let nudge = (): void => {};
  let cancelTimer = (): void => {};

  const attempt = async (webhookId: string, id: string, kind: string, body: string): Promise<PostOutcome> => {
    const webhook = await store.byId(webhookId);
    if (webhook === undefined) return { isDelivered: false, isRefused: true, outcome: 'the webhook is gone' };
    const secret = seal.open(sealPlace(webhookId), webhook.sealedSecret).toString('utf8');
    const headers = {
      'claimstead-delivery': id,
      'claimstead-kind': kind,
      [signatureHeader]: signature(secret, body, clock.nowMs()),
    };
    return post(webhook.url, headers, body, stopped.signal);
  };

  const deliver = async (delivery: Delivery): Promise<void> => {
    const { webhookId, deliveryId, kind, body, attempts } = delivery;
    const { isDelivered, isRefused, outcome } = await attempt(webhookId, deliveryId, kind, body);
    if (stopped.signal.aborted && !isDelivered) return;
    const atMs = clock.nowMs();
    if (isDelivered) return store.finish(delivery, { atMs, outcome: deliveredOutcome });
    // What waits behind it must not wait a day for what is not wanted.
    if (isRefused && attempts + 1 >= mostRefusals)
      return store.finish(delivery, { atMs, outcome: `given up after ${mostRefusals} attempts: ${outcome}` });
    const nextAtMs = nextAttemptMs(delivery, attempts + 1, atMs);
    if (nextAtMs !== undefined) return store.postpone(delivery, { atMs, outcome, nextAtMs });
    await store.finish(delivery, { atMs, outcome: `given up after a day: ${outcome}` });
  };

  const start = (delivery: Delivery): void => {
    const { webhookId, spaceId } = delivery;
    served++;
    lastServed.set(spaceId, served);
    lastServed.set(webhookId, served);
    const ended = deliver(delivery)
      .catch((cause: unknown) => void (fault = { cause }))
      .finally(() => {
        inFlight.delete(webhookId);
        nudge();
      });
    inFlight.set(webhookId, { spaceId, ended });
  };
  const mayStart = ({ webhookId, spaceId }: Delivery): boolean =>
    inFlight.size < atOnce &&
    !inFlight.has(webhookId) &&
    [...inFlight.values()].filter((one) => one.spaceId === spaceId).length < atOnceOfSpace;

  const longestUnserved = (one: Delivery, other: Delivery): number =>
    (lastServed.get(one.spaceId) ?? 0) - (lastServed.get(other.spaceId) ?? 0) ||
    (lastServed.get(one.webhookId) ?? 0) - (lastServed.get(other.webhookId) ?? 0);
  /** As long as something waits, whose turn it is stays known; then nobody has waited. */
  const startDue = (waiting: readonly Delivery[]): void => {
    const due = waiting.filter(({ nextAtMs }) => nextAtMs <= clock.nowMs());
    if (due.length === 0) lastServed.clear();
    // Each that starts puts its Space behind the others.
    for (let left = due; left.length > 0;) {
      left = left.filter(mayStart);
      const [next] = left.toSorted(longestUnserved);
      if (next !== undefined) start(next);
    }
  };

  const round = async (): Promise<void> => {
    fault = undefined;
    while (!stopped.signal.aborted) {
      cancelTimer();
      isAskedAgain = false;
      const waiting = await store.next(lookedAt);
      if (stopped.signal.aborted) return;
      const nudged = new Promise<void>((resolve) => (nudge = resolve));
      startDue(waiting);
      // What is due and has no place yet is looked at when one is free.
      const later = waiting.find(({ nextAtMs }) => nextAtMs > clock.nowMs());
      if (later !== undefined && !isAskedAgain)
        cancelTimer = clock.after(Math.min(later.nextAtMs - clock.nowMs(), longestPauseMs), wake);
      if (inFlight.size > 0 && !isAskedAgain) await nudged;
      else if (!isAskedAgain) return;
      if (fault !== undefined) {
        const { cause } = fault;
        fault = undefined;
        throw cause;
      }
    }
  };

  function wake(): void {
    cancelTimer();
    isAskedAgain = true;
    nudge();
    if (stopped.signal.aborted || running !== undefined) return;
    running = round()
      .catch((error: unknown) => {
        log.error('webhooks could not be delivered', { error });
        cancelTimer = clock.after(retryAfterFaultMs, wake);
      })
      .finally(() => {
        running = undefined;
        // Asked between the last look and now.
        if (isAskedAgain) wake();
      });
  }

  return {
    async reload() {
      const fresh = new Map<SpaceId, Set<WebhookKind>>();
      for (const { spaceId, kinds } of await store.listeners())
        fresh.set(spaceId, new Set([...(fresh.get(spaceId) ?? []), ...kinds]));
      listening = fresh;
    },
    listens: (spaceId, kind) => listening.get(spaceId)?.has(kind) === true,
    async tell(kind, body) {
      const atMs = clock.nowMs();
      const whole: WebhookBody = { id: newId(), kind, at: new Date(atMs).toISOString(), ...body };
      await store.enqueue(body.space.id, kind, JSON.stringify(whole), { newId, atMs });
      wake();
    },
    async test(webhookId, space) {
      const body: WebhookBody = { id: newId(), kind: 'test', at: new Date(clock.nowMs()).toISOString(), space };
      const outcome = await attempt(webhookId, body.id, body.kind, JSON.stringify(body));
      await store.noteOutcome(webhookId, {
        atMs: clock.nowMs(),
        outcome: outcome.isDelivered ? deliveredOutcome : outcome.outcome,
      });
      return outcome;
    },
    wake,
    async stop() {
      stopped.abort();
      cancelTimer();
      nudge();
      await running;
      await Promise.all([...inFlight.values()].map(({ ended }) => ended));
    },
  };
}

/** The disk refuses, e.g. because it is full. */
const retryAfterFaultMs = 30_000;
