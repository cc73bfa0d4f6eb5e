import type { WebhookView } from '@claimstead/wire/cloud-api/webhooks';
import type { NodeId } from '@claimstead/wire/ids';
import SqliteDatabase from 'better-sqlite3';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { cloudFolder } from '../config/data-folder.ts';
import { claimBody, startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { createNodeWatch, goneAfterMs } from './node-watch.ts';
import { givenUpAfterMs, mostWaiting, nextAttemptMs } from './webhook.ts';

interface Got {
  headers: IncomingHttpHeaders;
  body: string;
}

describe('webhooks', () => {
  let running: RunningCloud;
  let cookie = '';
  let spaceId = '';
  let receiver: Server;
  let url = '';
  let status = 204;
  let got: Got[] = [];
  beforeEach(async () => {
    [status, got] = [204, []];
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push({ headers: request.headers, body });
        response.writeHead(status).end('CANARY');
        receiver.emit('got');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?key=CANARY-PATH`;
    const webhookAllow = { http: true, networks: [{ address: '127.0.0.1', prefix: 32 }] };
    running = await startRunningCloud({ config: { webhookAllow } });
    cookie = await running.signIn();
    spaceId = (await ask('GET', 'spaces')).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
  });
  afterEach(async () => {
    await running.close();
    receiver.close();
  });
  const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
    running.ask({ method, path, cookie, ...(body === undefined ? {} : { body }) });
  const make = async (kinds: string[], address = url): Promise<{ webhook: WebhookView; secret: string }> =>
    (await ask('POST', `spaces/${spaceId}/webhooks`, { url: address, kinds })).json();
  const list = async (): Promise<WebhookView[]> =>
    (await ask('GET', `spaces/${spaceId}/webhooks`)).json<{ webhooks: WebhookView[] }>().webhooks;
  const claim = async (): Promise<void> => {
    const body = claimBody({ token: await running.claimToken(), hostname: 'web-1' });
    await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
  };
  /** Until so many have come, and what became of them is written. */
  const until = async (count: number): Promise<void> => {
    while (got.length < count) await once(receiver, 'got');
  };
  const settled = async (isSo: (webhook: WebhookView) => boolean): Promise<WebhookView> => {
    for (;;) {
      const [webhook] = await list();
      if (webhook !== undefined && isSo(webhook)) return webhook;
    }
  };

  it('are told what happens, signed with a secret that is shown once and kept sealed', async () => {
    const { webhook, secret } = await make(['node-claimed', 'token-used']);
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    await claim();
    await until(2);
    const bodies = got.map(({ body }) => JSON.parse(body) as Record<string, Record<string, string>>);
    expect(bodies[0]).toMatchObject({ kind: 'node-claimed', space: { id: spaceId }, node: { hostname: 'web-1' } });
    expect(bodies[1]).toMatchObject({ kind: 'token-used', token: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    for (const { headers, body } of got) {
      const [, seconds = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['claimstead-signature'])) ?? [];
      expect(mac).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
      expect(headers['user-agent']).toMatch(/^Claimstead\//);
      expect(headers['content-type']).toBe('application/json');
    }
    expect(await settled(({ waiting }) => waiting === 0)).toMatchObject({
      id: webhook.id,
      last: { isDelivered: true, outcome: 'delivered' },
    });
    expect(JSON.stringify(await list())).not.toContain(secret);
    const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile, { readonly: true });
    expect(JSON.stringify(database.prepare('select * from webhook').all())).not.toContain(secret.slice(6));
    database.close();
  });

  it('are not told of a claim that is asked for once more: no use of the token was taken', async () => {
    await make(['node-claimed', 'token-used']);
    const token = await running.claimToken({ uses: 1 });
    const body = claimBody({ token });
    const put = (asked: typeof body): Promise<HttpAnswer> =>
      running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${asked.node.id}`, body: asked });
    expect([(await put(body)).status, (await put(body)).status]).toEqual([204, 204]);
    // The same machine and key under another claim: claimed again, by the same use.
    const renewed = { ...body, node: { ...body.node, id: randomUUID() } };
    expect((await put(renewed)).status).toBe(204);
    await claim();
    await until(5);
    await settled(({ waiting }) => waiting === 0);
    const kinds = got.map(({ body: text }) => (JSON.parse(text) as { kind: string }).kind);
    expect(kinds).toEqual(['node-claimed', 'token-used', 'node-claimed', 'node-claimed', 'token-used']);
  });

  it('are tried again, later and later, and nothing of the answer is shown', async () => {
    status = 503;
    await make(['node-claimed']);
    await claim();
    await until(1);
    const failed = await settled(({ last }) => last !== null);
    expect(failed).toMatchObject({ waiting: 1, last: { isDelivered: false, outcome: 'answered with status 503' } });
    expect(JSON.stringify(failed).replace(url, '')).not.toContain('CANARY');
    running.clock.advance(10_000);
    await until(2);
    status = 200;
    await settled(({ last }) => last?.at === new Date(running.clock.nowMs()).toISOString());
    running.clock.advance(30_000);
    await until(3);
    expect(await settled(({ waiting }) => waiting === 0)).toMatchObject({ last: { isDelivered: true } });
    expect(new Set(got.map(({ headers }) => headers['claimstead-delivery'])).size).toBe(1);
  });

  it('are tried by a button, changed, given a new secret, and removed with what waits', async () => {
    const { webhook, secret } = await make(['node-live']);
    const one = `spaces/${spaceId}/webhooks/${webhook.id}`;
    expect((await ask('POST', `${one}/test`)).json()).toEqual({ isDelivered: true, outcome: 'delivered' });
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ kind: 'test', space: { id: spaceId } });
    status = 500;
    expect((await ask('POST', `${one}/test`)).json()).toEqual({
      isDelivered: false,
      outcome: 'answered with status 500',
    });
    for (let n = 0; n < 8; n++) await ask('POST', `${one}/test`);
    expect((await ask('POST', `${one}/test`)).status).toBe(429);
    const changed = (await ask('PATCH', one, { kinds: ['node-offline', 'node-offline'] })).json();
    expect(changed).toMatchObject({ kinds: ['node-offline'], url });
    const renewed = (await ask('POST', `${one}/secret`)).json<{ secret: string }>();
    expect(renewed.secret).not.toBe(secret);
    expect((await ask('DELETE', one)).status).toBe(204);
    expect((await ask('DELETE', one)).status).toBe(404);
    expect(await list()).toEqual([]);
    const rows = await running.admin<{ kind: string; details: object }[]>('audit', { space: null });
    expect(rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['webhook-made', 'webhook-changed', 'webhook-removed']),
    );
    // Who may read the audit need not know the address, which may be a secret itself.
    expect(JSON.stringify(rows)).not.toContain('CANARY-PATH');
  });

  it('refuse addresses and requests that are not what they take, and have a bound', async () => {
    for (const body of [
      { url: 'ftp://example.net', kinds: ['node-live'] },
      { url: 'https://u:p@example.net', kinds: ['node-live'] },
      { url: 'https://example.net', kinds: [] },
      { url: 'https://example.net', kinds: ['goat-sold'] },
      { url: 'https://example.net', kinds: ['node-live'], spaceId },
      { url: `https://example.net/${'x'.repeat(2048)}`, kinds: ['node-live'] },
    ])
      expect((await ask('POST', `spaces/${spaceId}/webhooks`, body)).status).toBe(400);
    for (let n = 0; n < 20; n++) await make(['node-live'], `https://example.net/${n}`);
    expect((await ask('POST', `spaces/${spaceId}/webhooks`, { url, kinds: ['node-live'] })).status).toBe(403);
    expect(await list()).toHaveLength(20);
    const unknown = '99999999-9999-4999-8999-999999999999';
    for (const [method, path] of [
      ['PATCH', unknown],
      ['DELETE', unknown],
      ['POST', `${unknown}/test`],
      ['POST', `${unknown}/secret`],
    ] as const)
      expect(
        (await ask(method, `spaces/${spaceId}/webhooks/${path}`, method === 'PATCH' ? {} : undefined)).status,
      ).toBe(404);
  });

  it('keep a bounded queue: the oldest make room', async () => {
    await make(['node-claimed']);
    const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
    const id = (await list())[0]?.id;
    const far = Number.MAX_SAFE_INTEGER;
    const insert = database.prepare(`insert into webhook_delivery values (?, ?, 'node-claimed', '{}', 1, ?, ${far})`);
    database.transaction(() => {
      for (let n = 0; n < mostWaiting; n++) insert.run(`d${n}`, id, n);
    })();
    await claim();
    const webhook = await settled(
      ({ waiting }) =>
        waiting !== 0 &&
        database.prepare(`select count(*) from webhook_delivery where delivery_id = 'd0'`).pluck().get() === 0,
    );
    expect(webhook.waiting).toBe(mostWaiting);
    database.close();
  });
});

describe('pauses', () => {
  it('grow, and end after a day', () => {
    const made = { createdAtMs: 0 };
    const times: number[] = [];
    let now = 0;
    for (let attempts = 1; ; attempts++) {
      const next = nextAttemptMs(made, attempts, now);
      if (next === undefined) break;
      times.push(next - now);
      now = next;
    }
    expect(times.slice(0, 4)).toEqual([10_000, 30_000, 60_000, 300_000]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(now).toBeLessThanOrEqual(givenUpAfterMs);
    expect(now).toBeGreaterThan(givenUpAfterMs - 4 * 3600_000);
  });
});

describe('a node that comes and goes', () => {
  const clock = createManualClock(1_000_000);
  const told: string[] = [];
  const watch = createNodeWatch({ clock, onChange: (nodeId, state) => told.push(`${nodeId} ${state}`) });
  const node = (id: string, firstLiveAtMs: number | null = null) => ({ nodeId: id as NodeId, firstLiveAtMs });

  it('is told of once, and not for a link that is back at once', () => {
    watch.saw(node('new'), 'live');
    watch.saw(node('new', 1_000_001), 'live');
    watch.saw(node('new'), 'offline');
    clock.advance(goneAfterMs - 1);
    watch.saw(node('new'), 'live');
    clock.advance(goneAfterMs);
    expect(told.splice(0)).toEqual(['new live']);
    watch.saw(node('new'), 'offline');
    watch.saw(node('new'), 'offline');
    clock.advance(goneAfterMs);
    watch.saw(node('new'), 'live');
    expect(told.splice(0)).toEqual(['new offline', 'new live']);
  });

  it('is no news when it comes back after the Cloud started, and when it is removed', () => {
    watch.saw(node('old', 5), 'offline');
    clock.advance(goneAfterMs);
    watch.saw(node('old', 5), 'live');
    expect(told.splice(0)).toEqual([]);
    watch.saw(node('old', 5), 'offline');
    watch.forget('old' as NodeId);
    clock.advance(goneAfterMs);
    expect(told).toEqual([]);
  });

  it('has not gone because the Cloud ends', () => {
    watch.saw(node('last'), 'live');
    expect(told.splice(0)).toEqual(['last live']);
    watch.saw(node('last'), 'offline');
    watch.close();
    watch.saw(node('late'), 'live');
    clock.advance(goneAfterMs);
    expect(told).toEqual([]);
  });
});
