// Webhooks: an address of somebody else is told what happens in a Space. Reading order: webhook.ts (types, what is sent, when it is tried again),
// private-addresses.ts (where nothing is sent), signature.ts, post.ts (one attempt), webhook-store.ts (SQL), deliveries.ts (the queue at work),
// node-watch.ts (when a node came or went), webhook-routes.ts (HTTP). Put together in webhook-plane.ts. [trust T15]

import type { WebhookKind } from '@claimstead/wire/cloud-api/webhooks';
import type { AccountId, NodeId, SpaceId } from '@claimstead/wire/ids';

export interface Webhook {
  webhookId: string;
  spaceId: SpaceId;
  url: string;
  kinds: WebhookKind[];
  /** A box of seal/. */
  sealedSecret: string;
  createdAtMs: number;
  lastAtMs: number | null;
  lastOutcome: string | null;
}

export interface Delivery {
  deliveryId: string;
  webhookId: string;
  spaceId: SpaceId;
  kind: string;
  body: string;
  attempts: number;
  createdAtMs: number;
  nextAtMs: number;
}

/** Who changed a webhook. */
export interface By {
  accountId: AccountId;
  sourceNetwork: string;
  atMs: number;
}

export interface WebhookStore {
  /** Oldest first, with the number of deliveries that wait. */
  inSpace(spaceId: SpaceId): Promise<(Webhook & { waiting: number })[]>;
  byId(webhookId: string): Promise<Webhook | undefined>;
  /** Throws `forbidden` where the Space has `most` already. */
  create(webhook: Webhook, most: number, by: By): Promise<void>;
  /** What waits is sent to the new address. False = no such webhook in the Space. */
  change(
    spaceId: SpaceId,
    webhookId: string,
    change: Partial<Pick<Webhook, 'url' | 'kinds' | 'sealedSecret'>>,
    by: By,
  ): Promise<boolean>;
  /** With what waits for it. False = no such webhook in the Space. */
  remove(spaceId: SpaceId, webhookId: string, by: By): Promise<boolean>;
  /** Spaces with webhooks that are told of a kind. */
  listeners(): Promise<{ spaceId: SpaceId; kinds: WebhookKind[] }[]>;
  /** One for each webhook of the Space that is told of the kind; the oldest ones of a webhook make room. */
  enqueue(
    spaceId: SpaceId,
    kind: WebhookKind,
    body: string,
    parts: { newId: () => string; atMs: number },
  ): Promise<void>;
  /** The oldest of each webhook, those that are due first. */
  next(most: number): Promise<Delivery[]>;
  /** Delivered, or given up. */
  finish(delivery: Delivery, outcome: { atMs: number; outcome: string }): Promise<void>;
  postpone(delivery: Delivery, outcome: { atMs: number; outcome: string; nextAtMs: number }): Promise<void>;
  /** A test, which was not in the queue. */
  noteOutcome(webhookId: string, outcome: { atMs: number; outcome: string }): Promise<void>;
}

export const deliveredOutcome = 'delivered';

/** Deliveries that wait for one webhook. */
export const mostWaiting = 1000;
/** After that nobody wants to hear it any more. */
export const givenUpAfterMs = 24 * 3600 * 1000;

const backOffMs = [10, 30, 60, 5 * 60, 15 * 60, 3600, 2 * 3600, 4 * 3600].map((seconds) => seconds * 1000);

/** When it is tried again after so many attempts; undefined = given up. */
export function nextAttemptMs(
  delivery: Pick<Delivery, 'createdAtMs'>,
  attempts: number,
  nowMs: number,
): number | undefined {
  const wait = backOffMs[Math.min(attempts, backOffMs.length) - 1] ?? 0;
  return nowMs + wait - delivery.createdAtMs > givenUpAfterMs ? undefined : nowMs + wait;
}

/** `whsec_` and 256 random bits. */
export const newWebhookSecret = (random: (bytes: number) => Uint8Array): string =>
  `whsec_${Buffer.from(random(32)).toString('base64url')}`;
/** Where a secret is sealed for: it opens for its webhook alone. */
export const sealPlace = (webhookId: string): string => `webhook ${webhookId}`;

/** What is sent, as JSON. Names come from agents and people. */
export interface WebhookBody {
  id: string;
  kind: WebhookKind | 'test';
  at: string;
  space: { id: SpaceId; name: string };
  node?: { id: NodeId; hostname: string };
  /** The token that a node was claimed with. */
  token?: { id: string };
}
