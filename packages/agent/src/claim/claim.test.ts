import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { claimOutcomes } from '@claimstead/wire/claim/claim-errors';
import { ClaimRequest } from '@claimstead/wire/claim/claim-request';
import { expect, test } from 'vitest';
import { Secret } from '../config/secret.ts';
import { claimNode, type ClaimStep } from './claim.ts';
import { readClaim } from './claim-directory.ts';
import { farAhead, lastYear, longAgo, type Certificate } from './testing/certificates.ts';
import { refusal, ScriptedCloud, type ScriptedAnswer } from './testing/scripted-cloud.ts';

import {
  ca,
  claim,
  claimId,
  directory,
  folder,
  good,
  machineGuid,
  patience,
  startCloud,
  toClose,
  token,
  useClaim,
  wish,
} from './testing/claim-world.ts';

useClaim();

test('an accepted claim: what is sent, what is kept, in which order', async () => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  writeFileSync(join(directory, 'token'), token);
  const steps: ClaimStep[] = [];
  expect(await claimNode(wish(url), patience, (step) => steps.push(step))).toMatchObject({ claimed: true });
  expect(steps).toEqual([
    'locked',
    'probed',
    'key pair ready',
    'accepted by the Cloud',
    'url saved',
    'claim saved',
    'token deleted',
  ]);
  expect(cloud.requests).toHaveLength(1);
  expect(cloud.requests[0]).toMatchObject({
    method: 'PUT',
    path: `/api/v1/spaces/nodes/${claimId}`,
    contentType: 'application/json',
  });
  const body = ClaimRequest.parse(JSON.parse(cloud.requests[0]?.body ?? ''));
  expect(body).toMatchObject({
    node: { id: claimId, hostname: 'host "quoted" \\ é' },
    token,
    rooms: ['room1', 'room2'],
    mGUID: machineGuid,
  });
  expect(body.publicKey).toBe(readFileSync(join(directory, 'public.pem'), 'utf8'));
  expect(cloud.sent).not.toContain('PRIVATE KEY');
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', claimId, url });
  const names = readdirSync(directory).toSorted();
  expect(names).toEqual(['claimed_id', 'cloud.conf', 'cloud_fullchain.pem', 'private.pem', 'public.pem']);
});

test('the same claim again is the same claim, with the same key', async () => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  await claim(url);
  await claim(url);
  expect(cloud.requests.map(({ path, body }) => path + body)).toEqual(
    [cloud.requests[0], cloud.requests[0]].map((r) => `${r?.path}${r?.body}`),
  );
});

const statusOf: Record<string, number> = {
  ErrForbidden: 403,
  ErrAlreadyClaimed: 409,
  ErrInternalServerError: 500,
  ErrServiceUnavailable: 503,
  ErrGatewayTimeout: 504,
  ErrProcessingClaim: 503,
};
test.each(Object.entries(claimOutcomes))(
  '%s has its exit code and words, and leaves nothing',
  async (key, { exitCode, words, retryable }) => {
    const { cloud, url } = await startCloud([refusal(statusOf[key] ?? 422, key)]);
    const result = await claim(url);
    expect(result).toMatchObject({ claimed: false, exitCode });
    expect(JSON.stringify(result)).toContain(words.slice(0, 40));
    expect(result).toMatchObject({ words: expect.stringMatching(new RegExp(`status \\d+, ${key}, request req-1`)) });
    expect(JSON.stringify(result)).not.toMatch(/EVIL|CANARY/);
    expect(cloud.requests).toHaveLength(retryable ? 3 : 1);
    expect(await readClaim(directory)).toEqual({ state: 'unclaimed' });
  },
);

test('a token of ours that cannot be one is told as mistyped, not as unknown', async () => {
  const { url } = await startCloud([refusal(403, 'ErrForbidden')]);
  const result = await claimNode({ ...wish(url), token: new Secret('cst_half') }, patience, () => undefined);
  expect(result).toMatchObject({ claimed: false, exitCode: 12, words: expect.stringMatching(/typing error.*req-1/) });
  expect(JSON.stringify(result)).not.toContain('cst_half');
});

test.each<[string, ScriptedAnswer, number]>([
  ['a page of HTML', { status: 502, body: '<html>HTTP 200</html>' }, 7],
  ['200 with a body', { status: 200, body: '{}' }, 7],
  ['201', { status: 201 }, 7],
  [
    'a redirect, which is not followed',
    (response) => response.writeHead(307, { location: 'https://localhost:1/' }).end(),
    7,
  ],
  ['JSON that is no object', { status: 403, body: 'null' }, 12],
  ['pretty-printed JSON', { status: 422, body: '{\n  "errorMsgKey" : "ErrInvalidRoomID"\n}' }, 10],
  ['an unknown key', { status: 422, body: '{"errorMsgKey":"ErrNew"}' }, 7],
  ['a name of every object', { status: 422, body: '{"errorMsgKey":"constructor"}' }, 7],
  [
    'an endless body',
    (response) => {
      response.writeHead(403);
      const chunk = 'x'.repeat(16 * 1024);
      const more = (): void => void (response.destroyed || response.write(chunk, more));
      more();
    },
    12,
  ],
  [
    'an upgrade that nobody asked for',
    ({ socket }) =>
      void socket?.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
    7,
  ],
  ['something else than HTTP', ({ socket }) => void socket?.end('SSH-2.0-x\r\n'), 7],
  ['a limit of something in front of the Cloud', { status: 429, body: 'slow down' }, 17],
])('%s', async (_, answer, exitCode) => {
  const { url } = await startCloud([answer]);
  expect(await claim(url)).toMatchObject({ claimed: false, exitCode });
});

test('a lost answer is asked for again, and gaps are 300 to 700 ms', async () => {
  const { cloud, url } = await startCloud(['hang up', refusal(503, 'ErrServiceUnavailable'), { status: 204 }]);
  const gaps: number[] = [];
  const randoms = [0, 0.999];
  const pause = async (ms: number): Promise<void> => void gaps.push(Math.round(ms));
  expect(await claim(url, {}, { pause, random: () => randoms.shift() ?? 0 })).toMatchObject({ claimed: true });
  expect(cloud.requests).toHaveLength(3);
  expect(gaps).toEqual([300, 700]);
});

test('no answer ends at the deadline, once', async () => {
  const { cloud, url } = await startCloud(['hang']);
  const result = await claim(url, {}, { deadlineMs: 300 });
  expect(result).toMatchObject({
    claimed: false,
    exitCode: 4,
    words: expect.stringContaining('did not answer within 0.3 s'),
  });
  expect(cloud.requests).toHaveLength(1);
});

test('an interim "processing" without an end is reported as such', async () => {
  const { url } = await startCloud([(response) => response.writeProcessing()]);
  expect(await claim(url, {}, { deadlineMs: 300 })).toMatchObject({ claimed: false, exitCode: 14 });
});

test.each<[string, () => Certificate, string, RegExp]>([
  ['another host', () => ca.issue('other', 'DNS:other.example.com', longAgo, farAhead), 'localhost', /another host/],
  ['another address', () => ca.issue('name', 'DNS:localhost', longAgo, farAhead), '127.0.0.1', /another host/],
  ['expired', () => ca.issue('old', 'DNS:localhost', longAgo, lastYear), 'localhost', /has expired.*clock/],
  [
    'not yet valid',
    () => ca.issue('young', 'DNS:localhost', '20480101000000Z', farAhead),
    'localhost',
    /not yet valid.*clock/,
  ],
])('a certificate of %s: not one byte of the token leaves', async (_, certificate, host, words) => {
  const { cloud, port } = await startCloud([{ status: 204 }], certificate());
  expect(await claim(`https://${host}:${port}`)).toMatchObject({
    claimed: false,
    exitCode: 4,
    words: expect.stringMatching(words),
  });
  expect([cloud.requests.length, cloud.connections]).toEqual([0, 1]);
});

test('an authority that nobody trusts: the file to put it into is named, and the token stays here', async () => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  rmSync(join(directory, 'cloud_fullchain.pem'));
  expect(await claim(url)).toMatchObject({
    claimed: false,
    exitCode: 4,
    words: expect.stringContaining('claim.d/cloud_fullchain.pem'),
  });
  expect(cloud.requests).toHaveLength(0);
  // What the server itself sends, without its root, is an anchor, too.
  writeFileSync(join(directory, 'cloud_fullchain.pem'), good.cert);
  expect(await claim(url)).toMatchObject({ claimed: true });
});

test.each(['', 'garbage', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'])(
  'cloud_fullchain.pem with %j fails closed',
  async (text) => {
    const { cloud, url } = await startCloud([{ status: 204 }]);
    writeFileSync(join(directory, 'cloud_fullchain.pem'), text);
    expect(await claim(url)).toMatchObject({
      claimed: false,
      exitCode: 2,
      words: expect.stringContaining('cloud_fullchain.pem'),
    });
    expect(cloud.connections).toBe(0);
  },
);

test('TLS 1.1 is not spoken', async () => {
  const cloud = new ScriptedCloud(good, [{ status: 204 }], { maxVersion: 'TLSv1.1' });
  toClose.push(cloud);
  const port = await cloud.listen();
  expect(await claim(`https://localhost:${port}`)).toMatchObject({
    claimed: false,
    exitCode: 4,
    words: expect.stringContaining('TLS'),
  });
  expect(cloud.requests).toHaveLength(0);
});

test('what does not speak TLS never sees the token; an http:// URL is not even dialled', async () => {
  const received: Buffer[] = [];
  let connections = 0;
  const plain: Server = createServer((client) => {
    connections += 1;
    client.on('error', () => undefined);
    client.on('data', (data: Buffer) => {
      received.push(data);
      client.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  toClose.push({ close: () => new Promise((resolve) => void plain.close(() => resolve())) });
  const { port } = plain.address() as AddressInfo;
  expect(await claim(`https://localhost:${port}`)).toMatchObject({
    claimed: false,
    exitCode: 4,
    words: expect.stringContaining('TLS'),
  });
  expect(connections).toBe(1);
  expect(await claim(`http://localhost:${port}`)).toMatchObject({ claimed: false, exitCode: 4 });
  expect(connections).toBe(1);
  expect(Buffer.concat(received).includes(token)).toBe(false);
});

test('nobody listens, nobody knows the name: which one, and the proxy hint', async () => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  await cloud.close();
  expect(await claim(url)).toMatchObject({
    exitCode: 4,
    words: expect.stringMatching(/refused the connection.*-proxy=/),
  });
  const unknown = await claim('https://no-such-host.invalid');
  expect(unknown).toMatchObject({ exitCode: 4, words: expect.stringMatching(/no-such-host\.invalid has a name/) });
});

test('two claims at once: one is told that the other is in progress; a dead one counts for nothing', async () => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  const results = await Promise.all([claim(url), claim(url)]);
  const refused = results.filter((result) => !result.claimed);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ exitCode: 14, words: expect.stringContaining('in progress') });
  expect(cloud.requests).toHaveLength(1);
  writeFileSync(join(directory, 'claim.lock'), '1 1');
  expect(await claim(url)).toMatchObject({ claimed: true });
  expect(existsSync(join(directory, 'claim.lock'))).toBe(false);
});

test('a directory that cannot be written is noticed before the Cloud is asked', async () => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  writeFileSync(join(folder, 'file'), '');
  expect(await claim(url, { directory: join(folder, 'file') })).toMatchObject({ claimed: false, exitCode: 2 });
  expect(await claim(url, { directory: '/proc/self/claim.d' })).toMatchObject({ claimed: false, exitCode: 2 });
  writeFileSync(join(directory, 'private.pem'), 'garbage');
  expect(await claim(url)).toMatchObject({
    claimed: false,
    exitCode: 2,
    words: expect.stringContaining('private.pem'),
  });
  expect(cloud.connections).toBe(0);
});
