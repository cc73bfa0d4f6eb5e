import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { takeInstanceLock } from '../storage/instance-lock.ts';
import { cloudFolder, prepareFolder } from '../config/data-folder.ts';
import { openTls } from '../tls/tls.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

let folder: string;
let standIn: StandIn;
let connections: Agent;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-stand-in-'));
  const parts = {
    publicHost: 'localhost',
    listenAddress: '127.0.0.1',
    given: undefined,
    acme: undefined,
    now: Date.now,
  };
  await openTls({
    folder: prepareFolder(folder).tlsFolder,
    ...parts,
    elapsedMs: () => 0,
    onRenewalFailed: () => undefined,
    onPortFailed: () => undefined,
  });
  standIn = await startStandIn(loadConfig({ data: folder, port: '0' }, {}), Date.now);
  connections = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
});
afterEach(async () => {
  connections.destroy();
  await standIn.close();
  rmSync(folder, { recursive: true });
});

const ask = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string; port: number | undefined }>(
    (resolve, reject) => {
      const asked = request(standIn.url, { method, path, headers, agent: connections }, (answer) => {
        const port = answer.socket.localPort;
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, port }));
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );

it('tells agents to come again in ten seconds, on a connection that stays open', async () => {
  const ports = new Set<number | undefined>();
  for (const [method, path, body] of [
    ['GET', '/api/v1/env?v=2.9.0&cap=proto,ctx', ''],
    ['GET', '/api/v1/auth/node/x/challenge', ''],
    ['POST', '/api/v1/auth/node/x/password', '{"response":"x"}'],
    ['PUT', '/api/v1/spaces/nodes/x', '{}'],
  ] as const) {
    const { status, headers, text, port } = await ask(method, path, {}, body);
    expect([status, headers['connection']]).toEqual([503, 'keep-alive']);
    expect(JSON.parse(text)).toMatchObject({ errorMsgKey: 'ErrServiceUnavailable', errorRetryDelaySeconds: 10 });
    expect(text).toContain('"errorMsgKey":"');
    for (const [name, value] of Object.entries(headers)) expect(`${name}: ${String(value)}`.length).toBeLessThan(255);
    ports.add(port);
  }
  expect(ports.size).toBe(1);
});

test('a person sees a page that needs nothing and looks again; a program gets a Problem; a probe learns that it is not ready', async () => {
  const page = await ask('GET', '/spaces/x');
  expect([page.status, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect(page.text).toContain('http-equiv="refresh"');
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(JSON.parse((await ask('GET', '/api/cloud/v1/session')).text)).toMatchObject({ kind: 'out-of-service' });
  expect((await ask('GET', '/healthz')).status).toBe(503);
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  expect((await ask('GET', '/mqtt', upgrade)).status).toBe(503);
});

it('leaves lock and database to who works on them, and says whose the port is', async () => {
  const lock = takeInstanceLock(cloudFolder(folder).lockFile);
  expect(lock).toBeDefined();
  lock?.release();
  const taken = loadConfig({ data: folder, port: standIn.url.port }, {});
  await expect(startStandIn(taken, Date.now)).rejects.toThrow(/^Port \d+ on 127\.0\.0\.1 is in use/);
});

it('makes nothing where no Cloud has been, for instance in a folder that is about to be restored', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'claimstead-stand-in-'));
  const started = startStandIn(loadConfig({ data: empty, port: '0' }, {}), Date.now);
  await expect(started).rejects.toThrow(/^No Cloud has been on .* give the folder of the Cloud/);
  expect(readdirSync(empty)).toEqual([]);
  rmSync(empty, { recursive: true });
});
