// Webhooks of a Space: GET|POST /spaces/:spaceId/webhooks, PATCH|DELETE /spaces/:spaceId/webhooks/:webhookId,
// POST …/:webhookId/secret, POST …/:webhookId/test. What is sent: docs/webhooks.md.

import { z } from 'zod';

export const webhookKinds = ['node-claimed', 'node-live', 'node-offline', 'token-used'] as const;
export const WebhookKind = z.enum(webhookKinds);
export type WebhookKind = z.infer<typeof WebhookKind>;

export const mostWebhooks = 20;

export const WebhookView = z.object({
  id: z.uuid(),
  url: z.string(),
  kinds: z.array(WebhookKind),
  createdAt: z.iso.datetime(),
  /** The last attempt to deliver something; null = none yet. `outcome`: a few words. */
  last: z.object({ at: z.iso.datetime(), isDelivered: z.boolean(), outcome: z.string() }).nullable(),
  /** Deliveries that wait, or are tried again later. */
  waiting: z.int(),
});
export type WebhookView = z.infer<typeof WebhookView>;
export const WebhookList = z.object({ webhooks: z.array(WebhookView) });

const Url = z.string().trim().min(1).max(2048);
const Kinds = z.array(WebhookKind).min(1).max(webhookKinds.length);
export const WebhookCreate = z.strictObject({ url: Url, kinds: Kinds });
export const WebhookChange = z.strictObject({ url: Url.optional(), kinds: Kinds.optional() });
/** `secret` signs what is sent; it is shown here and never again. */
export const WebhookMade = z.object({ webhook: WebhookView, secret: z.string() });
export const WebhookTest = z.object({ isDelivered: z.boolean(), outcome: z.string() });
