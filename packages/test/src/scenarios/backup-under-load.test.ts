// Backups of a Cloud that is written to meanwhile, by the program itself, and what comes out of each. [trust T32]

import { claimBody } from '@claimstead/cloud/main-in-tests';
import { restoreBackup } from '@claimstead/cloud/backup/restore';
import { verifyAuditFile } from '@claimstead/cloud/audit/audit-file';
import { cloudFolder } from '@claimstead/cloud/config/data-folder';
import SqliteDatabase from 'better-sqlite3';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cloud } from '../harness/cloud.ts';
import { fetchCloud } from '../harness/cloud-client.ts';
import { createWorld, type World } from '../harness/world.ts';

const backups = 20;

let world: World;
let cloud: Cloud;
beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
});
afterAll(() => world?.end());

test(`${backups} backups under load restore clean: every claim of before is there, and nobody is signed in`, async () => {
  await cloud.client();
  const token = await cloud.token();
  const target = { url: cloud.url, caPem: cloud.caPem };
  const claimed: string[] = [];
  const over = new AbortController();
  const load = (async () => {
    while (!over.signal.aborted) {
      const body = claimBody({ token });
      const { status } = await fetchCloud(target, 'PUT', `/api/v1/spaces/nodes/${body.node.id}`, {
        body: JSON.stringify(body),
      });
      if (status === 204) claimed.push(body.node.id);
    }
  })();
  try {
    for (let n = 0; n < backups; n++) {
      const file = join(world.folder, `backup-${n}.tar`);
      const before = [...claimed];
      expect(await cloud.admin('backup', file)).toMatchObject({ code: 0, stdout: '' });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const dataFolder = join(world.folder, `restored-${n}`);
      const input = createReadStream(file);
      await restoreBackup({ dataFolder, input, force: false, nowMs: () => Date.now(), progress: () => {} });
      const { databaseFile } = cloudFolder(dataFolder);
      expect(await verifyAuditFile(databaseFile, undefined)).toMatchObject({ holds: true });
      const database = new SqliteDatabase(databaseFile, { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.prepare('select count(*) from session').pluck().get()).toBe(0);
      const kept = new Set(database.prepare('select claim_id from claim').pluck().all());
      expect(before.filter((id) => !kept.has(id))).toEqual([]);
      database.close();
    }
  } finally {
    over.abort();
    await load;
  }
  expect(claimed.length).toBeGreaterThan(backups);
}, 180_000);
