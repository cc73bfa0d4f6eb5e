import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  farAhead,
  lastYear,
  longAgo,
  makeCa,
  type Certificate,
  type PrivateCa,
} from '../claim/testing/certificates.ts';
import { startHttpProxy, startSocksProxy } from '../claim/testing/proxies.ts';
import { direct, resolveProxy, type Proxy } from '../config/proxy.ts';
import { DialError } from './dial-error.ts';
import { dialTls } from './dial-tls.ts';
import { systemClock, type Clock, type PassedHop } from './hop-timer.ts';
import { loadTrust } from './trust.ts';

let folder: string;
let ca: PrivateCa;
let good: Certificate;
const toClose: { close(): unknown }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dial-'));
  ca = makeCa(folder);
  good = ca.issue('good', 'DNS:localhost,IP:127.0.0.1', longAgo, farAhead);
  mkdirSync(join(folder, 'claim.d'));
  writeFileSync(join(folder, 'claim.d', 'cloud_fullchain.pem'), ca.ca);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => Promise.all(toClose.splice(0).map((thing) => thing.close())));

const listen = async (server: Server, sockets = new Set<Socket>()): Promise<number> => {
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toClose.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
};
const tlsServer = (certificate = good): Promise<number> =>
  listen(createTlsServer({ ...certificate }, (socket) => socket.on('error', () => undefined).end('hello')));
/** A server that does with every connection what a test says. */
const rawServer = (serve: (socket: Socket) => void, sockets?: Set<Socket>): Promise<number> =>
  listen(createServer(serve), sockets);

const proxyOf = (value: string): Proxy => {
  const { proxy } = resolveProxy(value, 'test', {});
  if (proxy.kind === 'malformed') throw new Error(proxy.sentence);
  return proxy;
};

interface Dialled {
  said: string;
  hops: string[];
}

const dialAt = async (
  host: string,
  port: number,
  proxy: Proxy = direct,
  how: { hopTimeoutMs?: number; signal?: AbortSignal; clock?: Clock } = {},
): Promise<Dialled> => {
  const hops: PassedHop[] = [];
  const socket = await dialTls(
    { host, port },
    { proxy, trust: await loadTrust(join(folder, 'claim.d')) },
    {
      signal: how.signal ?? new AbortController().signal,
      hopTimeoutMs: how.hopTimeoutMs ?? 10_000,
      clock: how.clock ?? systemClock,
      onHop: (hop) => void hops.push(hop),
    },
  );
  let said = '';
  for await (const chunk of socket) said += String(chunk);
  for (const { ms } of hops) expect(ms).toBeGreaterThanOrEqual(0);
  return { said, hops: hops.map(({ hop }) => hop) };
};
const faultOf = async (dialled: Promise<unknown>): Promise<DialError> => {
  const fault: unknown = await dialled.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof DialError)) throw new Error(`no DialError but ${String(fault)}`);
  return fault;
};

test('each way passes its stations in order', async () => {
  const port = await tlsServer();
  expect(await dialAt('localhost', port)).toEqual({ said: 'hello', hops: ['dns', 'tcp', 'tls'] });
  expect(await dialAt('127.0.0.1', port)).toEqual({ said: 'hello', hops: ['tcp', 'tls'] });
  const http = await startHttpProxy('200 OK');
  const socks = await startSocksProxy(0, 'u:p');
  toClose.push(http, socks);
  expect((await dialAt('localhost', port, proxyOf(`http://127.0.0.1:${http.port}`))).hops).toEqual(['proxy', 'tls']);
  expect((await dialAt('localhost', port, proxyOf(`socks5h://u:p@localhost:${socks.port}`))).hops).toEqual([
    'proxy',
    'tls',
  ]);
  expect((await dialAt('localhost', port, proxyOf(`socks5://u:p@127.0.0.1:${socks.port}`))).hops).toEqual([
    'dns',
    'proxy',
    'tls',
  ]);
  expect(socks.targets[0]).toBe(`localhost:${port}`);
  expect(socks.targets[1]).not.toContain('localhost');
});

test.each([
  ['tls-untrusted', () => makeCaElsewhere(), /signed by .*issuer Test CA.*cloud_fullchain\.pem/],
  ['tls-wrong-host', () => ca.issue('other', 'DNS:other.example.com', longAgo, farAhead), /names DNS:other\.example/],
  ['tls-expired', () => ca.issue('old', 'DNS:localhost', longAgo, lastYear), /until Jan .* 2021.*clock shows 2\d{3}-/],
  ['clock-wrong', () => ca.issue('new', 'DNS:localhost', '20480101000000Z', farAhead), /from Jan .* 2048.*clock shows/],
])('%s says what is wrong with the certificate', async (code, certificate, words) => {
  const port = await tlsServer(certificate());
  const fault = await faultOf(dialAt('localhost', port));
  expect([fault.hop, fault.code, fault.retryable]).toEqual(['tls', code, false]);
  expect(fault.message).toMatch(words);
});
const makeCaElsewhere = (): Certificate => {
  const elsewhere = mkdtempSync(join(folder, 'ca-'));
  return makeCa(elsewhere).issue('leaf', 'DNS:localhost', longAgo, farAhead);
};

test('a clock in 1970 is told as it stands', async () => {
  const port = await tlsServer(ca.issue('later', 'DNS:localhost', '20480101000000Z', farAhead));
  const clock: Clock = { ...systemClock, wallMs: () => 42_000 };
  const fault = await faultOf(dialAt('localhost', port, direct, { clock }));
  expect(fault.cause).toContain("this node's clock shows 1970-01-01 00:00 UTC");
});

test('what a hostile certificate says of itself cannot move a cursor', async () => {
  const elsewhere = mkdtempSync(join(folder, 'ca-'));
  const { execFileSync } = await import('node:child_process');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'k', '-out', 'c', '-days', '2', '-subj', '/CN=\u001b[31mEVIL\u202e'], // prettier-ignore
    { cwd: elsewhere, stdio: 'ignore' },
  );
  const { readFileSync } = await import('node:fs');
  const port = await tlsServer({
    key: readFileSync(join(elsewhere, 'k'), 'utf8'),
    cert: readFileSync(join(elsewhere, 'c'), 'utf8'),
  });
  const fault = await faultOf(dialAt('localhost', port));
  expect(fault.code).toBe('tls-untrusted');
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  expect(fault.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test.each([
  ['closes at once', (socket: Socket) => socket.destroy(), 'tcp-broken'],
  ['speaks something else', (socket: Socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian\r\n'), 'tls-failed'],
])('a port that %s', async (_, serve, code) => {
  const port = await rawServer((socket) => void serve(socket));
  const fault = await faultOf(dialAt('localhost', port));
  expect([fault.hop, fault.code]).toEqual(['tls', code]);
});

test('every station has an end, and leaves nothing open', async () => {
  const sockets = new Set<Socket>();
  const silent = await rawServer(() => undefined, sockets);
  const short = { hopTimeoutMs: 150 };
  expect(await faultOf(dialAt('127.0.0.1', silent, direct, short))).toMatchObject({ hop: 'tls', code: 'no-answer' });
  for (const kind of ['http', 'socks5h']) {
    const fault = await faultOf(dialAt('localhost', 1, proxyOf(`${kind}://127.0.0.1:${silent}`), short));
    expect(fault).toMatchObject({ hop: 'proxy', code: 'proxy-timeout' });
    expect(fault.message).toMatch(/did not answer within 0\.\d s/);
  }
  expect(sockets.size).toBe(3);
  for (const socket of sockets) {
    // A socket that is not read does not hear of its end.
    socket.resume();
    if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  }
});

test('an abort destroys a tunnel that is half made', async () => {
  const sockets = new Set<Socket>();
  const stop = new AbortController();
  const silent = await rawServer((socket) => {
    socket.resume();
    stop.abort();
  }, sockets);
  const fault = await faultOf(dialAt('localhost', 1, proxyOf(`http://127.0.0.1:${silent}`), { signal: stop.signal }));
  expect(fault.hop).toBe('proxy');
  const [half] = sockets;
  if (half?.destroyed === false) await new Promise((resolve) => half.once('close', resolve));
  const late = await faultOf(dialAt('localhost', 1, direct, { signal: stop.signal }));
  expect(late.hop).toBe('dns');
  expect(sockets.size).toBe(1);
});

test.each(['direct', 'http', 'socks5h'] as const)(
  'what was dialled (%s) is the caller’s: a later abort or the end of a deadline does not touch it',
  async (kind) => {
    const port = await listen(
      createTlsServer({ ...good }, (socket) =>
        socket.on('error', () => undefined).on('data', () => socket.end('late')),
      ),
    );
    const tunnel = kind === 'http' ? await startHttpProxy('200 OK') : await startSocksProxy(0, undefined);
    toClose.push(tunnel);
    const stop = new AbortController();
    const socket = await dialTls(
      { host: 'localhost', port },
      {
        proxy: kind === 'direct' ? direct : proxyOf(`${kind}://127.0.0.1:${tunnel.port}`),
        trust: await loadTrust(join(folder, 'claim.d')),
      },
      { signal: stop.signal, hopTimeoutMs: 5_000, clock: systemClock, onHop: () => undefined },
    );
    stop.abort();
    socket.write('still there?');
    let said = '';
    for await (const chunk of socket) said += String(chunk);
    expect(said).toBe('late');
  },
);

test.each([
  ['HTTP/1.0 200\r\n\r\n', undefined],
  ['HTTP/1.1 299 Fine\r\nvia: x\r\ncontent-length: 5\r\n\r\n', undefined],
  ['HTTP/1.1 407 Who\r\nproxy-authenticate: Basic\r\n\r\n<html>', 'proxy-auth'],
  ['HTTP/1.1 403 No\r\n\r\n', 'proxy-forbids'],
  ['HTTP/1.0 500 Unable to connect\r\n\r\n', 'proxy-cannot-reach'],
  ['HTTP/1.1 404 Not Found\r\n\r\n', 'proxy-not-one'],
  ['SSH-2.0-OpenSSH_9.2p1 Debian\r\n', 'proxy-not-one'],
  ['\u0005\u00ff', 'proxy-not-one'],
  [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(64 * 1024)}\r\n\r\n`, 'proxy-not-one'],
])('CONNECT answered with %j, byte by byte', async (answer, code) => {
  const target = await tlsServer();
  const { connect } = await import('node:net');
  const proxy = await rawServer((client) => {
    client.once('data', () => {
      const bytes = Buffer.from(answer, 'latin1');
      // Some bytes by themselves, the rest at once: enough to cut every line.
      const head = Math.min(bytes.length, 40);
      for (let at = 0; at < head; at++) client.write(bytes.subarray(at, at + 1));
      client.write(bytes.subarray(head));
      if (code !== undefined) return void client.end();
      const upstream = connect(target, '127.0.0.1');
      upstream.on('error', () => client.destroy());
      client.pipe(upstream).pipe(client);
    });
  });
  const dialled = dialAt('localhost', target, proxyOf(`http://127.0.0.1:${proxy}`), { hopTimeoutMs: 5_000 });
  if (code === undefined) expect((await dialled).said).toBe('hello');
  else expect(await faultOf(dialled)).toMatchObject({ hop: 'proxy', code });
});

test.each([
  ['\u0005\u00ff', 'proxy-auth'],
  ['\u0004\u0000', 'proxy-not-one'],
  ['HTTP/1.1 400 Bad Request\r\n\r\n', 'proxy-not-one'],
])('a SOCKS greeting answered with %j', async (answer, code) => {
  const proxy = await rawServer((client) => {
    client.once('data', () => client.write(Buffer.from(answer, 'latin1')));
  });
  const fault = await faultOf(dialAt('localhost', 1, proxyOf(`socks5h://127.0.0.1:${proxy}`)));
  expect([fault.hop, fault.code]).toEqual(['proxy', code]);
});

test.each([
  [1, 'proxy-cannot-reach'],
  [2, 'proxy-forbids'],
  [3, 'proxy-cannot-reach'],
  [4, 'proxy-cannot-reach'],
  [5, 'proxy-cannot-reach'],
  [99, 'proxy-cannot-reach'],
])('SOCKS reply %d', async (reply, code) => {
  const proxy = await startSocksProxy(reply, undefined);
  toClose.push(proxy);
  const fault = await faultOf(dialAt('localhost', 1, proxyOf(`socks5h://127.0.0.1:${proxy.port}`)));
  expect([fault.hop, fault.code]).toEqual(['proxy', code]);
});

test('credentials that SOCKS cannot carry are refused before they are sent', async () => {
  const proxy = await startSocksProxy(0, undefined);
  toClose.push(proxy);
  const fault = await faultOf(
    dialAt('localhost', 1, proxyOf(`socks5h://${'u'.repeat(256)}:p@127.0.0.1:${proxy.port}`)),
  );
  expect(fault.code).toBe('proxy-auth');
  expect(fault.message).not.toContain('uuu');
  expect(proxy.targets).toEqual([]);
});

test('behind a proxy a fault of TLS names the tunnel, and the file that makes a node trust', async () => {
  const port = await rawServer((socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian\r\n'));
  const proxy = await startHttpProxy('200 OK');
  toClose.push(proxy);
  const fault = await faultOf(dialAt('localhost', port, proxyOf(`http://u:CANARY@127.0.0.1:${proxy.port}`)));
  expect(fault.code).toBe('tls-failed');
  expect(fault.message).toMatch(/after the tunnel through the proxy http:\/\/\*\*\*@.* was up.*cloud_fullchain\.pem/);
});
