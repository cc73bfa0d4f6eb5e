import { createServer, Server } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudError } from '@claimstead/wire/errors';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createReadiness } from '../http/readiness.ts';
import { claimBody, startRunningCloud, strangerToken, type RunningCloud } from '../main-in-tests.ts';
import type { Storage } from '../storage/storage.ts';
import { silentLog } from '../log.ts';
import { metricsAccess } from './metrics-access.ts';
import { openMetricsListener } from './metrics-listener.ts';
import type { Metrics } from './metrics.ts';

const token = 'a'.repeat(40);
const folder = mkdtempSync(join(tmpdir(), 'claimstead-metrics-'));
const tokenFile = join(folder, 'token');
let running: RunningCloud;
let port = 0;

beforeAll(async () => {
  writeFileSync(tokenFile, `${token}\n`);
  port = await freePort();
  const metricsListen = { address: '127.0.0.1', port };
  running = await startRunningCloud({ config: { metricsListen, metricsTokenFile: tokenFile } });
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
const onLoopback = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
const valueOf = (text: string, line: string): number =>
  Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.slice(line.length + 1),
  );

it('counts claims, sign-ins, nodes and what the process takes, and names none of them', async () => {
  const claimed = await running.claimToken();
  const put = (body: ReturnType<typeof claimBody>) =>
    running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
  const body = claimBody({ token: claimed, hostname: 'CANARY-host' });
  await put(body);
  await put(body);
  await put(claimBody({ token: strangerToken() }));
  await running.ask({ method: 'POST', path: 'session', body: { email: running.email, password: 'not this one' } });
  const text = await onLoopback();
  expect(valueOf(text, 'claimstead_claims_total{outcome="accepted"}')).toBe(1);
  expect(valueOf(text, 'claimstead_claims_total{outcome="repeated"}')).toBe(1);
  expect(valueOf(text, 'claimstead_claims_total{outcome="claim-token-refused"}') || text).toBe(1);
  expect(text).toMatch(/^claimstead_sign_ins_total\{outcome="[a-z-]+"\} 1$/m);
  expect(valueOf(text, 'claimstead_nodes{state="unseen"}')).toBe(1);
  expect(valueOf(text, 'claimstead_nodes{state="live"}')).toBe(0);
  expect(valueOf(text, 'claimstead_links')).toBe(0);
  expect(valueOf(text, 'claimstead_database_bytes')).toBeGreaterThan(10_000);
  expect(valueOf(text, 'claimstead_events_total{event="claimAccepted"}')).toBe(1);
  expect(text).toMatch(/^nodejs_heap_size_used_bytes \d+/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect(text).not.toContain('CANARY');
});

it('measures the relay', async () => {
  const cookie = await running.signIn();
  const space = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>().spaces[0]?.id;
  const { nodes } = (await running.ask({ path: `spaces/${space}/nodes`, cookie })).json<{
    nodes: { nodeId: string }[];
  }>();
  await running.ask({ path: `nodes/${nodes[0]?.nodeId}/agent/api/v1/info`, cookie });
  expect(valueOf(await onLoopback(), 'claimstead_relay_duration_seconds_count{outcome="node-offline"}')).toBe(1);
});

it('is not there on the port of the pages but for who has the token', async () => {
  const ask = (authorization?: string) =>
    running.ask({ path: '/metrics', headers: authorization === undefined ? {} : { authorization } });
  const answer = await ask(`Bearer ${token}`);
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('claimstead_build_info{')]);
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  for (const wrong of [undefined, '', 'Bearer', `Bearer ${token}x`, token, `Basic ${token}`])
    expect((await ask(wrong)).status, wrong).toBe(404);
  expect((await ask(undefined)).json()['kind']).toBe('not-found');
});

it('refuses a token that can be guessed, or is not there', () => {
  const weak = join(folder, 'weak');
  writeFileSync(weak, 'secret\n');
  expect(() => metricsAccess(weak)).toThrow(/at least 32 characters/);
  expect(() => metricsAccess(join(folder, 'nothing'))).toThrow(/Cannot read .* \(ENOENT\)/);
});

it('is ready while it can write', async () => {
  expect((await running.ask({ path: '/readyz' })).json()).toEqual({ status: 'ready' });
  expect((await running.ask({ path: '/healthz' })).status).toBe(200);
});

let asked = 0;
afterEach(() => {
  asked = 0;
});
it('is not ready when the storage refuses or it stops, and looks at the disk only every two seconds', async () => {
  const clock = createManualClock(0);
  let fault: Error | undefined;
  const proveWritable = async (): Promise<void> => {
    asked++;
    if (fault !== undefined) throw fault;
  };
  const readiness = createReadiness({ storage: { proveWritable } as Storage, clock });
  await Promise.all([readiness.check(), readiness.check(), readiness.check()]);
  expect(asked).toBe(1);
  fault = new CloudError('storage-unavailable');
  await readiness.check();
  clock.advance(2000);
  await expect(readiness.check()).rejects.toMatchObject({ kind: 'storage-unavailable' });
  fault = undefined;
  clock.advance(2000);
  await readiness.check();
  readiness.beginStopping();
  await expect(readiness.check()).rejects.toMatchObject({ kind: 'stopping' });
});

it('outlives connections that its port cannot accept', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen');
  const told: unknown[] = [];
  const log = { ...silentLog, error: (_words: string, fields?: { error?: unknown }) => void told.push(fields?.error) };
  const metrics = { text: async () => ({ contentType: 'text/plain', body: 'fine' }) } as Metrics;
  const listener = await openMetricsListener({ address: '127.0.0.1', port: 0 }, metrics, log);
  const [server] = listen.mock.contexts as Server[];
  listen.mockRestore();
  const late = [new Error('EMFILE'), new Error('EMFILE again')];
  for (const error of late) server?.emit('error', error);
  expect(told).toEqual(late);
  expect(await (await fetch(`http://127.0.0.1:${listener.port}/metrics`)).text()).toBe('fine');
  await listener.close();
});
