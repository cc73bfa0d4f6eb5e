// Webhooks and what waits for them, in SQL.

import type { WebhookKind } from '@claimstead/wire/cloud-api/webhooks';
import { CloudError } from '@claimstead/wire/errors';
import { sql } from 'kysely';
import { insertAudit } from '../audit/audit-store.ts';
import type { WebhookTable } from '../storage/schema.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import { mostWaiting, type Webhook, type WebhookStore } from './webhook.ts';

export function createWebhookStore(storage: Storage): WebhookStore {
  return {
    async inSpace(spaceId) {
      const rows = await storage.read
        .selectFrom('webhook')
        .selectAll('webhook')
        .select(
          sql<number>`(select count(*) from webhook_delivery where webhook_delivery.webhook_id = webhook.webhook_id)`.as(
            'waiting',
          ),
        )
        .where('spaceId', '=', spaceId)
        .orderBy('createdAtMs')
        .orderBy('webhookId')
        .execute();
      return rows.map(({ waiting, ...row }) => ({ ...fromRow(row), waiting: Number(waiting) }));
    },
    async byId(webhookId) {
      const row = await storage.read
        .selectFrom('webhook')
        .selectAll()
        .where('webhookId', '=', webhookId)
        .executeTakeFirst();
      return row === undefined ? undefined : fromRow(row);
    },
    create: (webhook, most, by) =>
      storage.write(async (tx) => {
        const { spaceId, kinds, url } = webhook;
        const { count } = await tx
          .selectFrom('webhook')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('spaceId', '=', spaceId)
          .executeTakeFirstOrThrow();
        if (Number(count) >= most)
          throw new CloudError('forbidden', { detail: `A Space has ${most} webhooks at most; remove one first.` });
        await tx
          .insertInto('webhook')
          .values({ ...webhook, kinds: JSON.stringify(kinds) })
          .execute();
        await insertAudit(tx, { kind: 'webhook-made', spaceId, ...by, details: { host: new URL(url).host, kinds } });
      }),
    change: (spaceId, webhookId, { kinds, ...change }, by) =>
      storage.write(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('webhook')
          .set({ ...change, ...(kinds !== undefined && { kinds: JSON.stringify(kinds) }), webhookId })
          .where('webhookId', '=', webhookId)
          .where('spaceId', '=', spaceId)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        const details = {
          webhookId,
          ...(change.url !== undefined && { host: new URL(change.url).host }),
          ...(kinds !== undefined && { kinds }),
          ...(change.sealedSecret !== undefined && { newSecret: true }),
        };
        await insertAudit(tx, { kind: 'webhook-changed', spaceId, ...by, details });
        return true;
      }),
    remove: (spaceId, webhookId, by) =>
      storage.write(async (tx) => {
        const removed = await tx
          .deleteFrom('webhook')
          .where('webhookId', '=', webhookId)
          .where('spaceId', '=', spaceId)
          .returning('url')
          .executeTakeFirst();
        if (removed === undefined) return false;
        const details = { host: new URL(removed.url).host };
        await insertAudit(tx, { kind: 'webhook-removed', spaceId, ...by, details });
        return true;
      }),
    listeners: async () =>
      (await storage.read.selectFrom('webhook').select(['spaceId', 'kinds']).execute()).map(({ spaceId, kinds }) => ({
        spaceId,
        kinds: parsed(kinds),
      })),
    enqueue: (spaceId, kind, body, { newId, atMs }) =>
      storage.write(async (tx) => {
        const webhooks = await tx
          .selectFrom('webhook')
          .select(['webhookId', 'kinds'])
          .where('spaceId', '=', spaceId)
          .execute();
        for (const { webhookId, kinds } of webhooks) {
          if (!parsed(kinds).includes(kind)) continue;
          // The newest ones matter most: what is too much makes room at the old end.
          const surplus = tx
            .selectFrom('webhookDelivery')
            .select('deliveryId')
            .where('webhookId', '=', webhookId)
            .orderBy('createdAtMs', 'desc')
            .orderBy('deliveryId', 'desc')
            .limit(-1)
            .offset(mostWaiting - 1);
          await tx.deleteFrom('webhookDelivery').where('deliveryId', 'in', surplus).execute();
          await tx
            .insertInto('webhookDelivery')
            .values({ deliveryId: newId(), webhookId, kind, body, attempts: 0, createdAtMs: atMs, nextAtMs: atMs })
            .execute();
        }
      }),
    next: (most) => oldestOfEach(storage.read, most).execute(),
    finish: ({ deliveryId, webhookId }, { atMs, outcome }) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('webhookDelivery').where('deliveryId', '=', deliveryId).execute();
        await tx
          .updateTable('webhook')
          .set({ lastAtMs: atMs, lastOutcome: outcome })
          .where('webhookId', '=', webhookId)
          .execute();
      }),
    postpone: ({ deliveryId, webhookId, attempts }, { atMs, outcome, nextAtMs }) =>
      storage.write(async (tx) => {
        await tx
          .updateTable('webhookDelivery')
          .set({ attempts: attempts + 1, nextAtMs })
          .where('deliveryId', '=', deliveryId)
          .execute();
        await tx
          .updateTable('webhook')
          .set({ lastAtMs: atMs, lastOutcome: outcome })
          .where('webhookId', '=', webhookId)
          .execute();
      }),
    noteOutcome: (webhookId, { atMs, outcome }) =>
      storage.write(async (tx) => {
        await tx
          .updateTable('webhook')
          .set({ lastAtMs: atMs, lastOutcome: outcome })
          .where('webhookId', '=', webhookId)
          .execute();
      }),
  };
}

/**
 * Of each webhook its oldest alone, so that things are told in the order in which they happened. Asked by webhook, not by delivery: what waits
 * behind the oldest is not looked at, however much it is.
 */
export const oldestOfEach = (queries: Queries, most: number) =>
  queries
    .selectFrom('webhook')
    .innerJoin('webhookDelivery', (join) =>
      join.on(
        sql<number>`webhook_delivery.rowid`,
        '=',
        sql<number>`(select other.rowid from webhook_delivery as other
          where other.webhook_id = webhook.webhook_id order by other.created_at_ms, other.rowid limit 1)`,
      ),
    )
    .selectAll('webhookDelivery')
    .select('webhook.spaceId')
    .orderBy('nextAtMs')
    .limit(most);

/** Every webhook of every Space, oldest first. */
export const listWebhooks = (storage: Pick<Storage, 'read'>) =>
  storage.read
    .selectFrom('webhook')
    .select(['webhookId', 'spaceId', 'url', 'createdAtMs'])
    .orderBy('createdAtMs')
    .orderBy('webhookId')
    .execute();

/** One sealed secret, if there is any. */
export const anySealedWebhook = async (storage: Pick<Storage, 'read'>): Promise<string | undefined> =>
  (await storage.read.selectFrom('webhook').select('sealedSecret').limit(1).executeTakeFirst())?.sealedSecret;

const parsed = (kinds: string): WebhookKind[] => JSON.parse(kinds) as WebhookKind[];

const fromRow = (row: WebhookTable): Webhook => ({ ...row, kinds: parsed(row.kinds) });
