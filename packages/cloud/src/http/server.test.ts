import { randomUUID } from 'node:crypto';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log, LogFields } from '../log.ts';
import { permissions } from './routes.ts';
import { claimBody, startRunningCloud, type RunningCloud } from '../main-in-tests.ts';

const pages = mkdtempSync(join(tmpdir(), 'claimstead-pages-'));
const script = `console.log(${'1,'.repeat(2000)}1)`;
mkdirSync(join(pages, 'assets'));
writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Claimstead</title>');
writeFileSync(join(pages, 'assets', 'index-abc.js'), script);
writeFileSync(join(pages, 'secret.pem'), 'not a page');

const lines: [string, Partial<LogFields>][] = [];
const note = (event: string, fields: Partial<LogFields> = {}): void => void lines.push([event, fields]);
const log: Log = { debug: note, info: note, warn: note, error: note };

let running: RunningCloud;
beforeAll(async () => {
  running = await startRunningCloud({ webFolder: pages, log });
});
afterAll(async () => {
  await running.close();
  rmSync(pages, { recursive: true });
});

/** Raw bytes in, everything that comes back until the other side closes. */
function talk(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ port: Number(running.cloud.url.port), host: '127.0.0.1', rejectUnauthorized: false }, () =>
      socket.write(bytes),
    );
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

describe('every answer', () => {
  it('tells the browser to do only what the pages need', async () => {
    const { headers } = await running.ask({ path: '/healthz' });
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'; .*frame-ancestors 'none'$/);
    expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe-eval/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    // On localhost it would break whatever else runs there.
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('to an agent holds no header that old agents cannot read, whatever the Cloud is called', async () => {
    const id = randomUUID();
    for (const [method, path] of [
      ['GET', '/api/v1/env'],
      ['GET', `/api/v1/auth/node/${id}/challenge`],
      ['POST', `/api/v1/auth/node/${id}/password`],
      ['PUT', `/api/v1/spaces/nodes/${id}`],
      ['GET', '/api/v1/nothing-here'],
    ] as const) {
      const { headers } = await running.ask({ method, path, ...(method === 'GET' ? {} : { body: '{}' }) });
      expect(headers.connection).toBe('keep-alive');
      expect(headers['content-length']).toBeDefined();
      expect(headers['content-security-policy']).toBeUndefined();
      for (const [name, value] of Object.entries(headers)) {
        expect(`${name}: ${String(value)}`.length).toBeLessThan(255);
        expect(`${name}: ${String(value)}`).not.toContain('HTTP');
      }
    }
  });

  it('is a Problem with a request id that finds it in the log, where it is a refusal', async () => {
    const answer = await running.ask({ path: 'spaces' });
    expect(answer.status).toBe(401);
    const { kind, message, requestId } = answer.json<{ kind: string; message: string; requestId: string }>();
    expect([kind, message]).toEqual(['sign-in-required', 'Sign in first.']);
    expect(lines.some(([, fields]) => fields.requestId === requestId && fields.errorKind === 'sign-in-required')).toBe(
      true,
    );
  });

  it.each([
    ['/api/cloud/v1/nothing', 'GET', 404, 'not-found'],
    ['/api/cloud/v1/spaces', 'PUT', 405, 'method-not-allowed'],
    ['/api/cloud/v1/session', 'PUT', 405, 'method-not-allowed'],
    ['/anything', 'POST', 405, 'method-not-allowed'],
    ['/api/cloud/v1/%ZZ', 'GET', 400, 'invalid-request'],
  ])('to %s by %s is %i', async (path, method, status, kind) => {
    const answer = await running.ask({ path, method });
    expect([answer.status, answer.json()['kind']]).toEqual([status, kind]);
  });

  it('to agents is in their form, also where nothing is', async () => {
    const answer = await running.ask({ path: '/api/v1/nothing' });
    expect([answer.status, answer.json()['errorCode']]).toEqual([404, 'not-found']);
  });
});

describe('bodies', () => {
  const signIn = (body: string | object, headers: Record<string, string> = {}) =>
    running.ask({ method: 'POST', path: 'session', body, headers });

  it.each<[string, string | object, Record<string, string>, number, string]>([
    ['no JSON', 'x', { 'content-type': 'application/json' }, 400, 'invalid-request'],
    [
      'a form',
      'email=a&password=b',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'media-type-not-taken',
    ],
    ['text', '{}', { 'content-type': 'text/plain' }, 415, 'media-type-not-taken'],
    ['no label', '{}', {}, 415, 'media-type-not-taken'],
    ['unknown keys', { email: 'a', password: 'b', isAdmin: true }, {}, 400, 'invalid-request'],
    ['a missing key', { email: 'a' }, {}, 400, 'invalid-request'],
    [
      'a prototype',
      '{"__proto__":{"a":1},"email":"a","password":"b"}',
      { 'content-type': 'application/json' },
      400,
      'invalid-request',
    ],
    ['too much', { email: 'a', password: 'x'.repeat(70_000) }, {}, 413, 'request-too-large'],
  ])('of %s are refused', async (_name, body, headers, status, kind) => {
    const answer = await signIn(body, headers);
    expect([answer.status, answer.json()['kind']]).toEqual([status, kind]);
  });

  it('are told what is wrong with them without being repeated', async () => {
    const cookie = await running.signIn();
    const answer = await running.ask({
      method: 'PUT',
      path: 'account/password',
      cookie,
      body: { currentPassword: 'CANARY', newPassword: 7, CANARY: 1 },
    });
    expect(answer.status).toBe(400);
    expect(answer.json()['message']).toContain('newPassword');
    expect(answer.text).not.toContain('CANARY');
  });

  it('are not read before the request is let in', async () => {
    const answer = await running.ask({
      method: 'PUT',
      path: 'account/password',
      body: '{broken',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(401);
  });
});

describe('requests from pages of other sites', () => {
  it.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['a longer name', { origin: 'https://localhost.evil.example' }],
    ['another port', { origin: 'https://localhost:1' }],
    ['plain text', { origin: 'http://localhost' }],
    ['null', { origin: 'null' }],
    ['a browser that hides its origin', { 'sec-fetch-site': 'cross-site' }],
    ['the same site only', { 'sec-fetch-site': 'same-site' }],
  ])('change nothing: %s', async (_name, headers) => {
    const cookie = await running.signIn();
    for (const [method, path] of [
      ['DELETE', 'session'],
      ['POST', 'session'],
      ['PUT', 'account/password'],
      ['PATCH', 'spaces/x'],
    ] as const) {
      const answer = await running.ask({ method, path, cookie, headers, body: {} });
      expect([answer.status, answer.json()['kind']]).toEqual([403, 'origin-refused']);
    }
    expect((await running.ask({ path: 'session', cookie })).status).toBe(200);
  });

  it('are told from the own pages and from programs', async () => {
    const origin = running.cloud.url.origin;
    const told: Record<string, string>[] = [
      { origin, 'sec-fetch-site': 'same-origin' },
      { origin: origin.replace('localhost', '127.0.0.1') },
      {},
    ];
    for (const headers of told) {
      const cookie = await running.signIn();
      expect((await running.ask({ method: 'DELETE', path: 'session', cookie, headers })).status).toBe(204);
    }
  });
});

describe('pages', () => {
  it('come from memory, compressed once, the hashed ones for ever', async () => {
    const plain = await running.ask({ path: '/assets/index-abc.js' });
    expect([plain.status, plain.text]).toEqual([200, script]);
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    for (const [encoding, decode] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const { headers, bytes } = await getBytes('/assets/index-abc.js', encoding);
      expect(headers['content-encoding']).toBe(encoding);
      expect(decode(bytes).toString()).toBe(script);
      expect(bytes.length).toBeLessThan(script.length / 4);
    }
    const again = await running.ask({
      path: '/assets/index-abc.js',
      headers: { 'if-none-match': String(plain.headers.etag) },
    });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('are the index wherever the router of the pages may take over', async () => {
    for (const path of ['/', '/nodes/abc', '/nodes/abc?x=1']) {
      const answer = await running.ask({ path, headers: { accept: 'text/html,*/*' } });
      expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([
        200,
        '<!doctype html><title>Claimstead</title>',
        'no-cache',
      ]);
    }
    expect((await running.ask({ path: '/missing.js' })).status).toBe(404);
  });

  it.each([
    '/secret.pem',
    '/../claimstead.db',
    '/assets/../secret.pem',
    '/%2e%2e/secret.pem',
    '/assets/..%2fsecret.pem',
    '//etc/passwd',
  ])('never are what is no page: %s', async (path) => {
    expect((await running.ask({ path })).status).toBe(404);
  });

  it('are missing in one sentence where nothing was built', async () => {
    const bare = await startRunningCloud();
    const answer = await bare.ask({ path: '/' });
    expect([answer.status, answer.text]).toEqual([
      503,
      'The web pages were not built; run the build (npm run build) and start the Cloud again.\n',
    ]);
    await bare.close();
  });

  const getBytes = (path: string, encoding: string): Promise<{ headers: Record<string, unknown>; bytes: Buffer }> =>
    new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: running.cloud.url.port,
        path,
        headers: { 'accept-encoding': encoding },
        rejectUnauthorized: false,
      };
      request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
      })
        .on('error', reject)
        .end();
    });
});

describe('the port', () => {
  it('refuses a flood of headers', async () => {
    const flood = Array.from({ length: 2000 }, (_, index) => `x-${index}: ${index}`).join('\r\n');
    for (const upgrade of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']) {
      const answer = await talk(`GET / HTTP/1.1\r\nHost: localhost\r\n${upgrade}${flood}\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 431 /);
      expect(answer).toContain('"kind":"headers-too-large"');
    }
  });

  it('refuses what is not HTTP, two lengths, and a length beside chunks', async () => {
    expect(await talk('\0\0\0\x01 nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const head = 'POST /api/cloud/v1/session HTTP/1.1\r\nHost: localhost\r\n';
    expect(await talk(`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await talk(`${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });

  it('refuses to upgrade where nobody waits for it', async () => {
    const head =
      'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    expect(await talk(`GET /nowhere HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await talk(`GET /mqtt/../x HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('speaks TLS 1.2 and 1.3 only, with forward secrecy and authenticated encryption', async () => {
    const cipherOf = (options: object): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(
          { port: Number(running.cloud.url.port), host: '127.0.0.1', rejectUnauthorized: false, ...options },
          () => {
            resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`);
            socket.destroy();
          },
        );
        socket.on('error', () => resolve('refused'));
      });
    expect(await cipherOf({})).toMatch(/^TLSv1\.3 TLS_/);
    expect(await cipherOf({ maxVersion: 'TLSv1.2' })).toMatch(/^TLSv1\.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM/);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    expect(await cipherOf(old)).toBe('refused');
    expect(
      await cipherOf({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA256:AES128-SHA' }),
    ).toBe('refused');
  });

  it('keeps connections of agents open after a refusal, too', async () => {
    for (const path of ['/api/v1/env', '/api/v1/auth/node/x/challenge', '/api/v1/spaces/nodes/x']) {
      expect((await running.ask({ path })).headers.connection).toBe('keep-alive');
    }
  });
});

describe('openapi.json', () => {
  it('lists every address of the API with what it takes and answers', async () => {
    const document = (await running.ask({ path: 'openapi.json' })).json<{
      openapi: string;
      paths: Record<string, Record<string, { description: string; responses: object; requestBody?: object }>>;
    }>();
    expect(document.openapi).toMatch(/^3\.1/);
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    for (const address of [
      'POST /session',
      'GET /session',
      'DELETE /session',
      'PUT /account/password',
      'GET /spaces',
      'PATCH /spaces/{spaceId}',
      'GET /spaces/{spaceId}/rooms',
      'POST /spaces/{spaceId}/rooms',
      'PATCH /spaces/{spaceId}/rooms/{roomId}',
      'DELETE /spaces/{spaceId}/rooms/{roomId}',
      'POST /spaces/{spaceId}/claim-commands',
      'GET /spaces/{spaceId}/nodes',
      'GET /nodes/{nodeId}',
      'DELETE /nodes/{nodeId}',
      'PUT /nodes/{nodeId}/rooms',
      'GET /nodes/{nodeId}/facts',
      'GET /nodes/{nodeId}/alerts',
      'GET /nodes/{nodeId}/alert-definitions/{configHash}',
      'GET /spaces/{spaceId}/alerts',
      'GET /openapi.json',
    ]) {
      const [method = '', path = ''] = address.split(' ');
      expect(listed).toContain(`${method} ${apiBase}${path}`);
    }
    expect(listed).toContain('PUT /api/v1/spaces/nodes/{id}');
    for (const methods of Object.values(document.paths)) {
      for (const operation of Object.values(methods))
        expect(permissions.map((known) => `Permission: ${known}.`)).toContain(operation.description);
    }
    expect(JSON.stringify(document.paths[`${apiBase}/session`]?.['post']?.requestBody)).toContain('oneUseCode');
  });
});

describe('the log', () => {
  it('names routes by their patterns and holds no token, password, cookie, query or body', async () => {
    const token = await running.claimToken();
    const body = claimBody({ token, hostname: 'CANARY-host' });
    await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
    await running.ask({ method: 'POST', path: 'session', body: { email: 'x', password: 'CANARY-password' } });
    const cookie = await running.signIn();
    await running.ask({ path: 'spaces?q=CANARY-query', cookie });
    const text = JSON.stringify(lines);
    expect(text).toContain(`${apiBase}/spaces`);
    const found = [token, 'CANARY', cookie.split('=')[1] ?? '', running.password].filter((secret) =>
      text.includes(secret),
    );
    expect(found).toEqual([]);
  });
});
