// What passes the Cloud on the way between browser and agent, what must not, and what stays.

import { gzipSync } from 'node:zlib';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cloud } from '../harness/cloud.ts';
import type { Answer, CloudClient } from '../harness/cloud-client.ts';
import { liveNodeIdOf, startClaimedNode } from '../harness/claimed-node.ts';
import { startRawAgent, type RawAnswer } from '../harness/raw-agent.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;
let nodeId: string;
let client: CloudClient;

beforeAll(async () => {
  world = await createWorld();
  ({ cloud, nodeId, client } = await startClaimedNode(world));
});
afterAll(() => world.end());

const relay = (id: string, target: string, headers?: Record<string, string>): Promise<Answer> =>
  client.send('GET', `/nodes/${id}/agent${target}`, undefined, headers);
const ok = (contentType: string, body: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\n${more}\r\n${body}`;

describe('what an agent is told of the asker', () => {
  test('is four headers, each once, whatever the browser sent', async () => {
    const raw = await startRawAgent(cloud, { answer: (_, reply) => reply(ok('text/plain', 'x')) });
    const id = await liveNodeIdOf(cloud, raw);
    const forged = {
      'X-Netdata-Role': 'admin',
      'x-netdata-permissions': '7ff',
      'X-NETDATA-ACCOUNT-ID': randomUUID(),
      'X-Netdata-User-Name': 'root',
      'X-Netdata-Auth': 'Bearer x',
      'X-Transaction-ID': 'x',
      authorization: 'Basic CANARY',
      te: 'trailers',
    };
    await relay(id, '/api/v1/info', forged);
    const { text, request } = raw.requests.at(-1) ?? { text: '', request: undefined };
    for (const name of ['Role', 'Permissions', 'Account-Id', 'User-Name'])
      expect(text.match(new RegExp(`X-Netdata-${name}:`, 'gi'))).toHaveLength(1);
    expect(request?.headers).toMatchObject({
      'x-netdata-role': 'admin',
      'x-netdata-permissions': '7ff',
      'x-netdata-user-name': 'admin@localhost',
    });
    expect(Object.keys(request?.headers ?? {}).toSorted()).toEqual([
      'accept-encoding',
      'x-netdata-account-id',
      'x-netdata-permissions',
      'x-netdata-role',
      'x-netdata-user-name',
    ]);
    expect(text).not.toMatch(/CANARY|cookie/i);
  });

  test('is one request for one path, whatever the browser’s address spells', async () => {
    const raw = await startRawAgent(cloud, { answer: (_, reply) => reply(ok('text/plain', 'x')) });
    const id = await liveNodeIdOf(cloud, raw);
    const before = raw.requests.length;
    const spellings = [
      '/api/v1/info/../manage/health',
      '/api/v1/%2e%2e/manage',
      '/api/v1//info',
      '//api/v1/info',
      '/api/v1/info%00',
      '/api/v1/info?a=%0d%0aX-Netdata-Role:%20admin',
      '/api/v1/info;x',
      '/api/v1/function?function=config%20tree',
      '/netdata.conf',
      '/api/v1/config',
      '',
      '/',
    ];
    for (const spelling of spellings) {
      const answer = await relay(id, spelling);
      expect([400, 404]).toContain(answer.status);
    }
    expect(raw.requests).toHaveLength(before);
  });
});

describe('what an agent answers', () => {
  const hostileHeaders = [
    'Set-Cookie: __Host-claimstead=evil',
    'Location: https://evil.example',
    'Refresh: 0;url=https://evil.example',
    'Content-Security-Policy: default-src *',
    'Access-Control-Allow-Origin: *',
    'Access-Control-Allow-Credentials: true',
    'Service-Worker-Allowed: /',
    'Clear-Site-Data: "*"',
    'X-Frame-Options: ALLOWALL',
    'Strict-Transport-Security: max-age=0',
    'Link: <https://evil>; rel=preload',
    'Content-Disposition: inline',
    'X-Content-Type-Options: sniff',
    'Public-Key-Pins: x',
    'Report-To: {}',
    'NEL: {}',
    'Alt-Svc: h2="evil:443"',
    'SourceMap: /evil',
    'Origin-Agent-Cluster: ?0',
    'Cross-Origin-Opener-Policy: unsafe-none',
    'Timing-Allow-Origin: *',
    'Server: HTTP/9',
    'Via: evil',
    'WWW-Authenticate: Basic',
    'Proxy-Authenticate: Basic',
    'Trailer: x',
    'Upgrade: h2c',
    'Connection: close',
    'Keep-Alive: timeout=1',
    'Age: 99999',
    'Expires: never',
    'ETag: "x"',
    'Last-Modified: x',
    'Vary: *',
    'Warning: x',
    'X-Powered-By: evil',
    'Set-Cookie2: x',
    'Content-Location: /evil',
    'Content-Language: evil',
    'X-Netdata-Role: admin',
  ];

  test('leaves its headers behind: 0 of 40 kinds come through', async () => {
    expect(hostileHeaders).toHaveLength(40);
    const raw = await startRawAgent(cloud, {
      answer: (_, reply) => reply(ok('application/json', '{}', `${hostileHeaders.join('\r\n')}\r\n`)),
    });
    const { headers, status } = await relay(await liveNodeIdOf(cloud, raw), '/api/v1/info');
    expect(status).toBe(200);
    expect(JSON.stringify(headers)).not.toMatch(/evil|ALLOWALL|unsafe-none|99999|never/);
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['content-security-policy']).toMatch(/sandbox/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });

  test.each([
    'text/html',
    'image/svg+xml',
    'text/javascript',
    'application/xhtml+xml',
    'text/xml',
    'multipart/form-data',
    '',
    'text/html; charset=utf-7',
    'application/json, text/html',
  ])('of type %j is only handed over as a file', async (type) => {
    const raw = await startRawAgent(cloud, { answer: (_, reply) => reply(ok(type, '<script>alert(1)</script>')) });
    const { headers } = await relay(await liveNodeIdOf(cloud, raw), '/api/v1/info');
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toBe('attachment');
  });

  const broken: [string, RawAnswer][] = [
    ['no HTTP', (_, reply) => reply('hello')],
    ['a status that is none', (_, reply) => reply('HTTP/1.1 999 X\r\n\r\n')],
    ['broken compression', (_, reply) => reply(ok('application/json', 'not gzip', 'Content-Encoding: gzip\r\n'))],
  ];
  test.each(broken)('%s is an error of ours, in our words', async (_, answer) => {
    const raw = await startRawAgent(cloud, { answer });
    const answered = await relay(await liveNodeIdOf(cloud, raw), '/api/v1/info');
    expect(answered.status).toBe(502);
    expect(answered.json()).toMatchObject({ kind: 'relay-answer-invalid' });
  });

  test('that grows to 256 MiB is cut off while it grows', async () => {
    const rss = async (): Promise<number> =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${cloud.process.pid}/status`, 'utf8'))?.[1]) / 1024;
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    const raw = await startRawAgent(cloud, {
      answer: (_, reply) =>
        reply(
          Buffer.concat([
            Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n'),
            bomb,
          ]),
        ),
    });
    const id = await liveNodeIdOf(cloud, raw);
    await relay(nodeId, '/api/v1/charts');
    const before = await rss();
    const answered = await relay(id, '/api/v1/info');
    expect(answered.json()).toMatchObject({ kind: 'relay-answer-too-large' });
    expect((await rss()) - before).toBeLessThan(48);
  });
});

describe('what the Cloud keeps', () => {
  test('nothing of what it relayed: not on disk, not in its log', async () => {
    const canaries = [`canary${randomBytes(12).toString('hex')}`, `dim${randomBytes(12).toString('hex')}`];
    const body = JSON.stringify({
      labels: ['time', canaries[1]],
      data: [[1_700_000_000, 123_456.789_123]],
      note: canaries[0],
    });
    const raw = await startRawAgent(cloud, { answer: (_, reply) => reply(ok('application/json', body)) });
    const id = await liveNodeIdOf(cloud, raw);
    for (let i = 0; i < 20; i++)
      expect((await relay(id, `/api/v1/data?chart=${canaries[0]}`)).body.toString()).toBe(body);
    const events = await client.events();
    await events.until('node', ({ node }) => node.nodeId === id);
    events.send({ type: 'watch', watchId: 'w', nodeIds: [id], chart: canaries[0] ?? '', historySeconds: 1 });
    await events.until('samples');
    events.close();

    const places = [cloud.process.stderr(), cloud.process.stdout()];
    for (const entry of await readdir(cloud.dataFolder, { recursive: true })) {
      const file = join(cloud.dataFolder, entry);
      if ((await stat(file)).isFile()) places.push((await readFile(file)).toString('latin1'));
    }
    expect(places.length).toBeGreaterThan(4);
    for (const place of places)
      for (const canary of [...canaries, '123456.789']) expect(place.includes(canary)).toBe(false);
  });
});
