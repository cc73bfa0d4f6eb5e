// What the page of webhooks asks and changes.

import { WebhookList, WebhookMade, WebhookTest, type WebhookKind } from '@claimstead/wire/cloud-api/webhooks';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

const id = encodeURIComponent;
const pathOf = (spaceId: string, webhookId?: string): string =>
  `/spaces/${id(spaceId)}/webhooks${webhookId === undefined ? '' : `/${id(webhookId)}`}`;

export const webhooksKey = (spaceId: string) => ['webhooks', spaceId];

/** Deliveries go on while somebody looks: they are seen when the page is looked at again, or something is changed. */
export const webhooksQuery = (spaceId: string) =>
  queryOptions({
    queryKey: webhooksKey(spaceId),
    queryFn: async ({ signal }) => (await call({ path: pathOf(spaceId), schema: WebhookList, signal })).webhooks,
  });

export interface WebhookSettings {
  url: string;
  kinds: WebhookKind[];
}

export const createWebhook = (spaceId: string, body: WebhookSettings) =>
  call({ method: 'POST', path: pathOf(spaceId), body, schema: WebhookMade });
export const changeWebhook = (spaceId: string, webhookId: string, body: WebhookSettings) =>
  call({ method: 'PATCH', path: pathOf(spaceId, webhookId), body });
export const removeWebhook = (spaceId: string, webhookId: string) =>
  call({ method: 'DELETE', path: pathOf(spaceId, webhookId) });
export const renewWebhookSecret = (spaceId: string, webhookId: string) =>
  call({ method: 'POST', path: `${pathOf(spaceId, webhookId)}/secret`, schema: WebhookMade });
export const testWebhook = (spaceId: string, webhookId: string) =>
  call({ method: 'POST', path: `${pathOf(spaceId, webhookId)}/test`, schema: WebhookTest });
