import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { isLoopback, namesThisAgent } from './host-header.ts';
import type { Route } from './route.ts';
import { acceptsGzip, serverLimits, startServer, type RunningServer, type ServerOptions } from './server.ts';
import { testNode } from './testing.ts';

async function serve(
  over: Partial<ServerOptions> = {},
  limits = serverLimits,
  extra: Route[] = [],
): Promise<RunningServer> {
  const { routes } = testNode(extra);
  const log = { info: () => undefined, error: () => undefined };
  const plain = {
    address: '127.0.0.1',
    port: 0,
    routes,
    staticDirectory: undefined,
    hostname: 'box',
    isReady: () => true,
    log,
  };
  const server = await startServer({ ...plain, ...over }, limits);
  onTestFinished(() => server.close());
  return server;
}

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

async function get(
  { port }: RunningServer,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Got> {
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [
    AsyncIterable<Buffer> & { statusCode: number; headers: IncomingHttpHeaders },
  ];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) };
}

/** Sends bytes as they are; resolves with everything that came back until the server closed. */
async function raw({ port }: RunningServer, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (part: Buffer) => (answer += part.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test('answers the route table, with security headers', async () => {
  const { status, headers, body } = await get(await serve(), '/api/v1/data?chart=system.cpu&after=-1');
  expect(status).toBe(200);
  expect(JSON.parse(body.toString())).toMatchObject({ labels: ['time', 'user', 'system'] });
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache, no-store, must-revalidate',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringContaining("default-src 'self'"),
  });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test('compresses what is long where it is accepted, and says the same', async () => {
  const server = await serve();
  const plain = await get(server, '/api/v1/charts');
  const packed = await get(server, '/api/v1/charts', { 'accept-encoding': 'gzip, br' });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
  expect(packed.body.length).toBeLessThan(plain.body.length);
  expect(
    (await get(server, '/api/v1/chart?chart=x', { 'accept-encoding': 'gzip' })).headers['content-encoding'],
  ).toBeUndefined();
});

test('what accepts gzip', () => {
  expect(['gzip', 'br, GZIP;q=0.5', '*', 'gzip;q=1.0'].map(acceptsGzip)).toEqual([true, true, true, true]);
  expect(['', undefined, 'br', 'gzip;q=0', 'gzip; q=0.000', 'x-gzip2'].map(acceptsGzip)).toEqual(Array(6).fill(false));
});

test('HEAD has the headers of GET and no body', async () => {
  const server = await serve();
  const head = await get(server, '/api/v1/info', {}, 'HEAD');
  const full = await get(server, '/api/v1/info');
  expect(head.body).toHaveLength(0);
  expect(head.headers['content-length']).toBe(full.headers['content-length']);
});

test('refuses to be changed, and does not wait for what would be sent', async () => {
  const server = await serve();
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const { status, headers } = await get(server, '/api/v1/info', {}, method);
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
    expect(headers.connection).toBe('close');
  }
});

test.each([
  ['GET /%ff HTTP/1.1\r\nHost: localhost\r\n', '400'],
  ['GET http://localhost/api/v1/info HTTP/1.1\r\nHost: localhost\r\n', '400'],
  ['GET * HTTP/1.1\r\nHost: localhost\r\n', '400'],
  [`GET /${'x'.repeat(5000)} HTTP/1.1\r\nHost: localhost\r\n`, '414'],
  [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(9000)}\r\n`, '431'],
  ['GET /api/v1/info HTTP/1.1\r\n', '400'],
  ['GET /api/v1/info HTTP/1.1\r\nHost: rebound.example\r\n', '403'],
  ['GET /api/v1/info HTTP/1.1\r\nHost: localhost.rebound.example:19999\r\n', '403'],
  ['GET /api/v1/info HTTP/1.1\r\nHost: BOX:19999\r\n', '200'],
  ['GET /api/v1/info HTTP/1.1\r\nHost: [::1]:19999\r\n', '200'],
  ['nonsense\r\n', '400'],
])('%j is answered with %s', async (head, status) => {
  expect(await raw(await serve(), `${head}Connection: close\r\n\r\n`)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test('names of this agent', () => {
  expect(
    ['localhost', 'localhost:1', '127.0.0.1', '[::1]', 'Box', 'box:19999'].map((host) => namesThisAgent(host, ['box'])),
  ).toEqual(Array(6).fill(true));
  const foreign = [
    undefined,
    '',
    'evil',
    'localhost.',
    'localhost:x',
    'a localhost',
    'localhost@evil',
    '127.0.0.1.nip.io',
    '[::1',
    'x'.repeat(300),
  ];
  expect(foreign.map((host) => namesThisAgent(host, ['box']))).toEqual(Array(10).fill(false));
  expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].map(isLoopback)).toEqual(Array(4).fill(true));
  expect(['0.0.0.0', '*', '::', '10.0.0.1', '127.0.0.1.example'].map(isLoopback)).toEqual(Array(5).fill(false));
});

test('answers 503 until the agent is ready', async () => {
  let ready = false;
  const server = await serve({ isReady: () => ready });
  expect(await get(server, '/api/v1/info')).toMatchObject({ status: 503 });
  ready = true;
  expect(await get(server, '/api/v1/info')).toMatchObject({ status: 200 });
});

test('serves the page and nothing outside of its folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const page = join(folder, 'page');
  writeFileSync(join(folder, 'secret'), 'secret');
  const server = await serve({ staticDirectory: page });
  expect((await get(server, '/')).body.toString()).toMatch(/was not built: run "npm run build"/);

  mkdirSync(join(page, 'assets'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html>');
  writeFileSync(join(page, 'assets', 'a-1.js'), 'let a;');
  symlinkSync(join(folder, 'secret'), join(page, 'link'));
  const index = await get(server, '/');
  expect(index).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
  });
  const script = await get(server, '/assets/a-1.js');
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': expect.stringContaining('immutable'),
  });
  for (const path of [
    '/../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/link',
    '/assets',
    '/nope',
    '/assets/../../secret',
  ]) {
    expect((await get(server, path)).status).toBe(404);
  }
});

test('a port that is taken is one sentence with address, port and remedy', async () => {
  const { port } = await serve();
  await expect(serve({ port })).rejects.toThrow(
    `The agent cannot listen on 127.0.0.1 port ${port}: another program uses it; stop that program, or set another "default port" in [web] of netdata.conf.`,
  );
});

test('closes although a connection is open and a request has no answer yet', async () => {
  const waiting = { path: '/api/v1/waits', permission: 'none', mayBeRelayed: false } as const;
  let aborted: () => void = () => undefined;
  let asked: () => void = () => undefined;
  const isAborted = new Promise<void>((resolve) => (aborted = resolve));
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const answer: Route['answer'] = ({ signal }) => {
    signal.addEventListener('abort', () => aborted());
    asked();
    return new Promise(() => undefined);
  };
  const server = await serve({}, { ...serverLimits, closeWithinMs: 50 }, [{ ...waiting, answer }]);
  const idle = connect(server.port, '127.0.0.1').on('error', () => undefined);
  await once(idle, 'connect');
  const pending = get(server, '/api/v1/waits').catch((error: unknown) => error);
  await isAsked;
  await server.close();
  await isAborted;
  expect(await pending).toBeInstanceOf(Error);
});

test('clients that send a byte now and then, or nothing, are dropped', async () => {
  const limits = {
    ...serverLimits,
    headersTimeoutMs: 100,
    requestTimeoutMs: 200,
    checkingIntervalMs: 50,
    idleTimeoutMs: 400,
  };
  const server = await serve({}, limits);
  expect(await raw(server, 'GET /api/v1/info HTTP/1.1\r\nHost: local')).toMatch(/^HTTP\/1\.1 408 /);
  await raw(server, '');
});

test('a socket too many is refused, the others go on', async () => {
  const server = await serve({}, { ...serverLimits, connections: 2 });
  const first = connect(server.port, '127.0.0.1').on('error', () => undefined);
  await once(first, 'connect');
  const second = connect(server.port, '127.0.0.1').on('error', () => undefined);
  await once(second, 'connect');
  expect(await raw(server, 'GET /api/v1/info HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe('');
  first.destroy();
  await once(first, 'close');
  await expect
    .poll(() =>
      get(server, '/api/v1/info').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});
