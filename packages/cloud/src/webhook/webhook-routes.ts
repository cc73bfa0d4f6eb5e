// GET and POST /spaces/:spaceId/webhooks, PATCH and DELETE /spaces/:spaceId/webhooks/:webhookId, POST …/secret and …/test.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import {
  mostWebhooks,
  WebhookChange,
  WebhookCreate,
  WebhookList,
  WebhookMade,
  WebhookTest,
  WebhookView,
} from '@claimstead/wire/cloud-api/webhooks';
import { CloudError } from '@claimstead/wire/errors';
import type { SpaceId } from '@claimstead/wire/ids';
import { route, type RouteEntry, type SpaceAccess } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import type { Seal } from '../seal/seal.ts';
import type { Deliveries } from './deliveries.ts';
import { checkWebhookUrl } from './post.ts';
import { deliveredOutcome, newWebhookSecret, sealPlace, type By, type Webhook, type WebhookStore } from './webhook.ts';

export interface WebhookRoutesParts {
  store: WebhookStore;
  deliveries: Deliveries;
  seal: Seal;
  allowHttp: boolean;
  spaceName: (spaceId: SpaceId) => Promise<string>;
  /** By Space. */
  tests: RateLimit;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
}

/** Somebody who tries a new address presses the button often; a program that presses it for ever is stopped. */
export const webhookTestsLimit = { tries: 10, windowMs: 60_000, maxKeys: 1000 };

export function webhookRoutes(parts: WebhookRoutesParts): RouteEntry[] {
  const { store, deliveries, seal, now, random, newId } = parts;
  const collection = `${apiBase}/spaces/:spaceId/webhooks`;
  const one = `${collection}/:webhookId`;
  const byOf = (who: SpaceAccess, sourceNetwork: string): By => ({
    accountId: who.accountId,
    sourceNetwork,
    atMs: now(),
  });
  const find = async (spaceId: SpaceId, webhookId: string | undefined): Promise<Webhook & { waiting: number }> => {
    const webhook = (await store.inSpace(spaceId)).find((other) => other.webhookId === webhookId?.toLowerCase());
    if (webhook === undefined) throw new CloudError('not-found');
    return webhook;
  };
  const checkedUrl = (text: string): string => {
    const url = checkWebhookUrl(text, parts.allowHttp);
    if (typeof url === 'string') throw new CloudError('invalid-request', { detail: url });
    return url.href;
  };
  const sealed = (webhookId: string, secret: string): string =>
    seal.close(sealPlace(webhookId), Buffer.from(secret, 'utf8'));

  return [
    route({
      method: 'GET',
      path: collection,
      permission: 'manage-space',
      summary: 'The webhooks of the Space, with what became of the last delivery.',
      responses: { 200: WebhookList },
      handle: async ({ who }) => ({
        status: 200,
        body: { webhooks: (await store.inSpace(who.spaceId)).map(toView) },
      }),
    }),
    route({
      method: 'POST',
      path: collection,
      permission: 'manage-space',
      summary: 'Makes a webhook; the answer alone holds its secret.',
      body: WebhookCreate,
      responses: { 201: WebhookMade },
      handle: async ({ who, body, sourceNetwork }) => {
        const webhookId = newId();
        const secret = newWebhookSecret(random);
        const webhook = {
          webhookId,
          spaceId: who.spaceId,
          url: checkedUrl(body.url),
          kinds: [...new Set(body.kinds)],
          sealedSecret: sealed(webhookId, secret),
          createdAtMs: now(),
          lastAtMs: null,
          lastOutcome: null,
        };
        await store.create(webhook, mostWebhooks, byOf(who, sourceNetwork));
        await deliveries.reload();
        return { status: 201, body: { webhook: toView({ ...webhook, waiting: 0 }), secret } };
      },
    }),
    route({
      method: 'PATCH',
      path: one,
      permission: 'manage-space',
      summary: 'Changes its address, or what it is told.',
      body: WebhookChange,
      responses: { 200: WebhookView },
      handle: async ({ who, params, body, sourceNetwork }) => {
        const { webhookId } = await find(who.spaceId, params['webhookId']);
        const change = {
          ...(body.url !== undefined && { url: checkedUrl(body.url) }),
          ...(body.kinds !== undefined && { kinds: [...new Set(body.kinds)] }),
        };
        const isChanged = await store.change(who.spaceId, webhookId, change, byOf(who, sourceNetwork));
        if (!isChanged) throw new CloudError('not-found');
        await deliveries.reload();
        deliveries.wake();
        return { status: 200, body: toView(await find(who.spaceId, webhookId)) };
      },
    }),
    route({
      method: 'DELETE',
      path: one,
      permission: 'manage-space',
      summary: 'Removes a webhook, with what waits for it.',
      handle: async ({ who, params, sourceNetwork }) => {
        const { webhookId } = await find(who.spaceId, params['webhookId']);
        if (!(await store.remove(who.spaceId, webhookId, byOf(who, sourceNetwork)))) throw new CloudError('not-found');
        await deliveries.reload();
        return { status: 204 };
      },
    }),
    route({
      method: 'POST',
      path: `${one}/secret`,
      permission: 'manage-space',
      summary: 'Replaces its secret; the answer alone holds the new one, and the old one signs nothing any more.',
      responses: { 200: WebhookMade },
      handle: async ({ who, params, sourceNetwork }) => {
        const { webhookId } = await find(who.spaceId, params['webhookId']);
        const secret = newWebhookSecret(random);
        const change = { sealedSecret: sealed(webhookId, secret) };
        const isChanged = await store.change(who.spaceId, webhookId, change, byOf(who, sourceNetwork));
        if (!isChanged) throw new CloudError('not-found');
        return { status: 200, body: { webhook: toView(await find(who.spaceId, webhookId)), secret } };
      },
    }),
    route({
      method: 'POST',
      path: `${one}/test`,
      permission: 'manage-space',
      summary: 'Sends something at once, and says what became of it.',
      responses: { 200: WebhookTest },
      handle: async ({ who, params }) => {
        const { webhookId } = await find(who.spaceId, params['webhookId']);
        if (!parts.tests.take(who.spaceId)) throw new CloudError('too-many-requests');
        const name = await parts.spaceName(who.spaceId);
        const { isDelivered, outcome } = await deliveries.test(webhookId, { id: who.spaceId, name });
        return { status: 200, body: { isDelivered, outcome } };
      },
    }),
  ];
}

function toView({
  webhookId,
  url,
  kinds,
  createdAtMs,
  lastAtMs,
  lastOutcome,
  waiting,
}: Webhook & { waiting: number }): WebhookView {
  const last =
    lastAtMs === null || lastOutcome === null
      ? null
      : { at: new Date(lastAtMs).toISOString(), isDelivered: lastOutcome === deliveredOutcome, outcome: lastOutcome };
  return { id: webhookId, url, kinds, createdAt: new Date(createdAtMs).toISOString(), last, waiting };
}
