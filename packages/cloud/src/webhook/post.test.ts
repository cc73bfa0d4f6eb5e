// Nothing is sent where it must not go. [trust T15]

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkWebhookUrl, createPost, type PostParts } from './post.ts';
import { addressGuard, nothingAllowed, parseAllowance } from './private-addresses.ts';

let connects = 0;
let trap: NetServer;
let trap6: NetServer;
let port = 0;
beforeAll(async () => {
  // On every address of this machine: whatever leads here is counted.
  trap = createServer((socket) => {
    connects++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => trap.listen(0, '0.0.0.0', resolve));
  port = (trap.address() as AddressInfo).port;
  trap6 = createServer((socket) => {
    connects++;
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    trap6.once('error', reject);
    trap6.listen({ port, host: '::', ipv6Only: true }, resolve);
  });
});
afterAll(() => {
  trap.close();
  trap6.close();
});

const parts = (change: Partial<PostParts> = {}): PostParts => ({
  mayReach: addressGuard(nothingAllowed),
  // Also without TLS, so that it is the address alone that stops it.
  allowHttp: true,
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  version: 'test',
  ...change,
});

const literal = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0',
  '0.0.0.0',
  '0.0.0.1',
  '10.0.0.1',
  '10.255.255.255',
  '0xa.1',
  '012.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '169.254.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.168.0.1',
  '192.168.255.255',
  '0xc0.0xa8.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '１２７.０.０.１',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[100::1]',
  '[::ffff:8.8.8.8]',
];
const named: [string, string[]][] = [
  ['localhost', ['127.0.0.1']],
  ['localhost.', ['::1']],
  ['metadata.google.internal', ['169.254.169.254']],
  ['mixed.example.net', ['93.184.216.34', '127.0.0.1']],
  ['mapped.example.net', ['::ffff:127.0.0.1']],
  ['odd.example.net', ['not an address']],
];

describe('addresses that lead inside', () => {
  it(`are refused, all ${literal.length + named.length}: nobody is connected to`, async () => {
    expect(literal.length + named.length).toBeGreaterThanOrEqual(60);
    const outcomes: string[] = [];
    for (const host of literal) {
      const post = createPost(parts({ resolve: async () => [{ address: '93.184.216.34', family: 4 }] }));
      for (const scheme of ['http', 'https'])
        outcomes.push(`${host}: ${(await post(`${scheme}://${host}:${port}/hook`, {}, '{}')).outcome}`);
    }
    for (const [host, addresses] of named) {
      const resolve = async () => addresses.map((address) => ({ address, family: 4 }));
      outcomes.push(`${host}: ${(await createPost(parts({ resolve }))(`http://${host}:${port}/`, {}, '{}')).outcome}`);
    }
    expect(outcomes.filter((outcome) => !/: not sent: the address is/.test(outcome))).toEqual([]);
    expect(connects).toBe(0);
  });

  it('are known by the same trap when they are allowed: it does catch', async () => {
    const mayReach = addressGuard({ http: true, networks: [{ address: '127.0.0.1', prefix: 32 }] });
    const { outcome } = await createPost(parts({ mayReach }))(`http://localhost:${port}/`, {}, '{}');
    expect(outcome).toMatch(/^the connection failed/);
    expect(connects).toBe(1);
  });

  it('are not those of the internet', () => {
    const mayReach = addressGuard(nothingAllowed);
    for (const address of [
      '93.184.216.34',
      '1.1.1.1',
      '172.15.0.1',
      '172.32.0.1',
      '192.167.1.1',
      '2606:4700::1111',
      '2a00:1450::1',
    ])
      expect(mayReach(address), address).toBe(true);
  });

  it('are let through where the operator named them', () => {
    const mayReach = addressGuard(parseAllowance('10.1.0.0/16, 192.168.7.9,fd00::/8,http') ?? nothingAllowed);
    for (const [address, may] of [
      ['10.1.2.3', true],
      ['10.2.0.1', false],
      ['192.168.7.9', true],
      ['192.168.7.8', false],
      ['fd12::1', true],
      ['127.0.0.1', false],
    ] as const)
      expect(mayReach(address), address).toBe(may);
    for (const wrong of ['', 'example.net', '10.0.0.0/33', '10.0.0.0/', '::/129', 'https'])
      expect(parseAllowance(wrong), wrong).toBeUndefined();
  });
});

describe('a name', () => {
  it('is resolved once: one that leads elsewhere the next moment leads nowhere else', async () => {
    let asked = 0;
    const { server, url, seen } = await listen((_request, response) => response.writeHead(204).end());
    const post = createPost(
      parts({
        mayReach: (address) => address === '127.0.0.1',
        resolve: async () => [{ address: asked++ === 0 ? '127.0.0.1' : '10.0.0.1', family: 4 }],
      }),
    );
    const rebinding = url.replace('127.0.0.1', 'rebind.example.net');
    expect(await post(`${rebinding}/a?b=c`, { 'x-test': '1' }, '{"a":1}')).toMatchObject({ isDelivered: true });
    expect(asked).toBe(1);
    expect(seen[0]).toMatchObject({ path: '/a?b=c', host: new URL(rebinding).host, body: '{"a":1}', method: 'POST' });
    server.close();
  });
});

describe('the other side', () => {
  const allowed = (): PostParts => parts({ mayReach: () => true });

  it('leads nowhere by a redirect, and none of its words are shown', async () => {
    const before = connects;
    for (const status of [301, 302, 303, 307, 308]) {
      const { server, url } = await listen((_request, response) =>
        response.writeHead(status, `CANARY`, { location: `http://127.0.0.1:${port}/` }).end('CANARY'),
      );
      const outcome = await createPost(allowed())(url, {}, '{}');
      expect(outcome).toEqual({ isDelivered: false, isRefused: false, outcome: `answered with status ${status}` });
      server.close();
    }
    expect(connects).toBe(before);
  });

  it('is not waited for, and not read, beyond its status', async () => {
    const { server, url } = await listen((_request, response) => {
      response.writeHead(200);
      // Never ends.
      response.write('x'.repeat(64 * 1024));
    });
    expect(await createPost(allowed())(url, {}, '{}')).toMatchObject({ isDelivered: true });
    server.closeAllConnections();
    server.close();
  });

  it('is told apart by what it does', async () => {
    const { server, url } = await listen((_request, response) => response.writeHead(404).end());
    expect(await createPost(allowed())(url, {}, '{}')).toMatchObject({ isRefused: true });
    server.close();
    const post = createPost(allowed());
    expect((await post(url, {}, '{}')).outcome).toBe('nothing listens there');
    const noName = createPost(
      parts({ resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) }),
    );
    expect((await noName('http://no.example.net/', {}, '{}')).outcome).toBe('the name cannot be resolved');
    const stopped = AbortSignal.abort();
    expect((await post(url, {}, '{}', stopped)).isDelivered).toBe(false);
  });
});

describe('an address of a webhook', () => {
  it('is whole, without a user, and https unless it is allowed', () => {
    expect(String(checkWebhookUrl('https://example.net/a?b#c', false))).toBe('https://example.net/a?b');
    expect(String(checkWebhookUrl('http://example.net/', true))).toBe('http://example.net/');
    expect(checkWebhookUrl('http://example.net/', false)).toMatch(/must begin with https/);
    for (const wrong of [
      '',
      'example.net',
      'ftp://example.net',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://',
    ])
      expect(checkWebhookUrl(wrong, true), wrong).toMatch(/must be a whole one/);
    expect(checkWebhookUrl('https://user:pass@example.net/', true)).toMatch(/no user/);
  });
});

interface Seen {
  path: string | undefined;
  method: string | undefined;
  host: string | undefined;
  body: string;
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ path: request.url, method: request.method, host: request.headers.host, body });
      handle(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
