import type { SpaceId } from '@claimstead/wire/ids';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import type { Delivery } from './webhook.ts';
import { createWebhookStore, oldestOfEach } from './webhook-store.ts';

describe('what waits for webhooks', () => {
  let folder = '';
  let file = '';
  let storage: Storage;
  let database: SqliteDatabase.Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'claimstead-webhooks-'));
    file = join(folder, 'cloud.db');
    storage = await openStorage(file, () => 1000);
    database = new SqliteDatabase(file);
    database.pragma('foreign_keys = OFF');
  });
  afterEach(async () => {
    database.close();
    await storage.close();
    rmSync(folder, { recursive: true });
  });
  const fill = (webhooks: number, each: number): void => {
    const webhook = database.prepare(`insert into webhook values (?, 'space', 'https://x', '[]', '', ?, null, null)`);
    const delivery = database.prepare(`insert into webhook_delivery values (?, ?, 'node-live', '{}', 0, ?, ?)`);
    database.transaction(() => {
      for (let n = 0; n < webhooks; n++) webhook.run(`w${n}`, n);
      // Ids that tell nothing of their order, and two of each moment.
      for (let m = 0; m < each; m++)
        for (let n = 0; n < webhooks; n++)
          delivery.run(`d${(m * 7919) % 104_729}-${n}`, `w${n}`, m >> 1, (m >> 1) + webhooks - n);
    })();
  };

  it('comes out of each webhook in the order in which it went in, those that are due first', async () => {
    fill(3, 9);
    const store = createWebhookStore(storage);
    expect((await store.next(2)).map(({ webhookId }) => webhookId)).toEqual(['w2', 'w1']);
    const said = (rows: readonly Pick<Delivery, 'deliveryId' | 'webhookId'>[], of: string): string[] =>
      rows.filter(({ webhookId }) => webhookId === of).map(({ deliveryId }) => deliveryId);
    const inOrder = storage.read
      .selectFrom('webhookDelivery')
      .selectAll()
      .orderBy('createdAtMs')
      .orderBy(sql`rowid`);
    const order = await inOrder.execute();
    const out: Delivery[] = [];
    for (let round = await store.next(4); round.length > 0; round = await store.next(4)) {
      expect(new Set(round.map(({ webhookId }) => webhookId)).size).toBe(round.length);
      for (const delivery of round) {
        out.push(delivery);
        await store.finish(delivery, { atMs: 1, outcome: 'delivered' });
      }
    }
    expect(out).toHaveLength(27);
    for (const one of ['w0', 'w1', 'w2']) expect(said(out, one)).toEqual(said(order, one));
    expect(await store.inSpace('space' as SpaceId)).toMatchObject([{ waiting: 0 }, { waiting: 0 }, { waiting: 0 }]);
  });

  it('is found without reading what waits behind it', () => {
    fill(20, 1000);
    const query = oldestOfEach(storage.read, 4).compile();
    const plan = (
      database.prepare(`explain query plan ${query.sql}`).all(...query.parameters) as { detail: string }[]
    ).map(({ detail }) => detail);
    expect(plan.filter((step) => step.startsWith('SCAN'))).toEqual([expect.stringMatching(/^SCAN webhook\b(?!_)/)]);
    expect(plan.join('\n')).toMatch(/SEARCH other USING COVERING INDEX webhook_delivery_age \(webhook_id=\?\)/);
    expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toHaveLength(1);
  });
});
