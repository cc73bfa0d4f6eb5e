// Where an account is signed in, and how it is signed out there. [trust T22]

import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionEntry } from '@claimstead/wire/cloud-api/account';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { browserWords } from './browser-words.ts';
import { refusalsOfNetwork } from './refusals.ts';
import { guessLimit } from './sign-in.ts';

let running: RunningCloud;
beforeAll(async () => {
  running = await startRunningCloud();
});
afterAll(() => running.close());
beforeEach(() => running.clock.advance(1000));

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const signIn = async (userAgent = firefox): Promise<string> => {
  const body = { email: running.email, password: running.password };
  const answer = await running.ask({ method: 'POST', path: 'session', body, headers: { 'user-agent': userAgent } });
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
};
const list = async (cookie: string): Promise<SessionEntry[]> =>
  (await running.ask({ path: 'account/sessions', cookie })).json<{ sessions: SessionEntry[] }>().sessions;
const end = (cookie: string, what: string): Promise<HttpAnswer> =>
  running.ask({ method: 'DELETE', path: `account/sessions${what}`, cookie });
const status = async (cookie: string): Promise<number> => (await running.ask({ path: 'session', cookie })).status;
const audit = async (): Promise<{ kind: string; details: object; accountId?: string }[]> =>
  running.admin('audit', { space: null });

/** The moment at which the socket of that session is cut, in real milliseconds from now on. */
async function openSocket(
  cookie: string,
): Promise<{ socket: WebSocket; closed: Promise<{ code: number; ms: number }> }> {
  const { url, caPem } = running.cloud;
  const socket = new WebSocket(`${url.origin.replace('https', 'wss')}/api/cloud/v1/events`, {
    ca: caPem ?? '',
    origin: url.origin,
    headers: { cookie },
  });
  const closed = once(socket, 'close').then(([code]) => ({ code: code as number, ms: performance.now() }));
  await once(socket, 'open');
  return { socket, closed };
}

/** A request whose body comes later; answers the status that it gets then. */
async function holdBack(cookie: string, path: string, body: string): Promise<{ send(): Promise<number> }> {
  const { url, caPem } = running.cloud;
  const socket = connect({ host: '127.0.0.1', port: Number(url.port), servername: 'localhost', ca: caPem ?? '' });
  await once(socket, 'secureConnect');
  // The Cloud says 100 when it has read the head, and asks for the body.
  socket.write(
    [
      `POST /api/cloud/v1/${path} HTTP/1.1`,
      `host: ${url.host}`,
      `cookie: ${cookie}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'expect: 100-continue',
      'connection: close',
      '\r\n',
    ].join('\r\n'),
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toContain('100 Continue');
  // Whoever asks is looked up by then: another request has been answered since.
  await running.ask({ path: 'spaces', cookie });
  return {
    async send() {
      const answered = once(socket, 'data');
      socket.write(body);
      const [answer] = (await answered) as [Buffer];
      socket.destroy();
      return Number(answer.toString('latin1').split(' ')[1]);
    },
  };
}

it('a page that lies open keeps nobody signed in for longer than eight hours', async () => {
  const cookie = await signIn();
  const { socket } = await openSocket(cookie);
  const pinged = once(socket, 'ping');
  running.clock.advance(30_000);
  await pinged;
  // The session was looked at before the ping was seen here, and another request has been answered since.
  await running.ask({ path: 'healthz' });
  running.clock.advance(8 * 3600 * 1000 - 30_000 + 1000);
  expect(await status(cookie)).toBe(401);
  socket.terminate();
});

describe('the list of sessions', () => {
  it('tells of each since when, from where and in what browser, and never what it could be taken over with', async () => {
    const first = await signIn();
    running.clock.advance(5000);
    const second = await signIn('curl/8.0.1');
    const answer = await running.ask({ path: 'account/sessions', cookie: second });
    const { sessions } = answer.json<{ sessions: SessionEntry[] }>();
    expect(sessions[0]).toMatchObject({ isCurrent: true, browser: 'curl', sourceNetwork: '127.0.0.1' });
    expect(sessions[1]).toMatchObject({ isCurrent: false, browser: 'Firefox on Linux', sourceNetwork: '127.0.0.1' });
    expect(Date.parse(sessions[0]?.since ?? '') - Date.parse(sessions[1]?.since ?? '')).toBe(5000);
    for (const cookie of [first, second]) expect(answer.text).not.toContain(cookie.split('=')[1]);
    expect(answer.text).not.toMatch(/[0-9a-f]{64}/);
  });

  it('is the account’s own alone', async () => {
    const cookie = await signIn();
    const random = await end(cookie, '/7d9f1d3e-0b8a-4f6e-9a39-0c1f6f1f6b11');
    expect([random.status, random.json()['kind']]).toEqual([404, 'not-found']);
    expect((await end(cookie, '/x')).status).toBe(404);
    expect((await running.ask({ path: 'account/sessions' })).status).toBe(401);
  });
});

describe('signing out', () => {
  it('ends one browser, and cuts what it has open within a second', async () => {
    const [here, there] = [await signIn(), await signIn()];
    const { closed } = await openSocket(there);
    const stays = await openSocket(here);
    const other = (await list(here)).find(({ isCurrent, id }) => !isCurrent && id !== undefined);
    const before = performance.now();
    const ended = await end(here, `/${other?.id}`);
    expect(ended.status).toBe(204);
    const { code, ms } = await closed;
    expect([code, ms - before < 1000]).toEqual([4401, true]);
    expect([await status(there), await status(here)]).toEqual([401, 200]);
    expect(stays.socket.readyState).toBe(WebSocket.OPEN);
    expect((await end(here, `/${other?.id}`)).status).toBe(404);
    stays.socket.close();
  });

  it('everywhere else leaves the browser that asks; everywhere leaves none', async () => {
    const [here, ...elsewhere] = [await signIn(), await signIn(), await signIn()];
    const sockets = await Promise.all(elsewhere.map(openSocket));
    const before = performance.now();
    expect((await end(here, '?which=others')).status).toBe(204);
    for (const { closed } of sockets) {
      const { code, ms } = await closed;
      expect([code, ms - before < 1000]).toEqual([4401, true]);
    }
    expect(await list(here)).toHaveLength(1);
    for (const cookie of elsewhere) expect(await status(cookie)).toBe(401);
    const own = await openSocket(here);
    const all = await end(here, '?which=all');
    expect(all.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await own.closed).code).toBe(4401);
    expect(await status(here)).toBe(401);
  });

  it('everywhere leaves nothing to who holds back the body of a request that was let in', async () => {
    const [here, there] = [await signIn(), await signIn()];
    const { spaces } = (await running.ask({ path: 'spaces', cookie: here })).json<{ spaces: { id: string }[] }>();
    const body = JSON.stringify({ name: 'For later', spaceId: spaces[0]?.id, role: 'admin', days: 90 });
    const held = await holdBack(there, 'account/tokens', body);
    expect((await end(here, '?which=others')).status).toBe(204);
    expect(await held.send()).toBe(401);
    const kept = await running.ask({ path: 'account/tokens', cookie: here });
    expect(kept.json()).toEqual({ tokens: [] });
  });

  it('asks which, and takes nothing else', async () => {
    const cookie = await signIn();
    for (const what of ['', '?which=mine', '?which=all&x=1']) expect((await end(cookie, what)).status).toBe(400);
    expect(await status(cookie)).toBe(200);
  });
});

describe('the audit', () => {
  it('tells who signed in from where and how, and who was signed out', async () => {
    const [here, there] = [await signIn(), await signIn()];
    await end(here, `/${(await list(here)).find(({ isCurrent }) => !isCurrent)?.id}`);
    await running.ask({ method: 'DELETE', path: 'session', cookie: here });
    const rows = (await audit()).slice(-4);
    expect(rows.map(({ kind }) => kind)).toEqual(['signed-in', 'signed-in', 'sessions-ended', 'signed-out']);
    expect(rows[0]).toMatchObject({
      sourceNetwork: '127.0.0.1',
      details: { by: 'password', browser: 'Firefox on Linux' },
    });
    expect(there).not.toBe('');
  });

  it('tells of refused sign-ins, for known and unknown accounts alike, but not of every guess of a flood', async () => {
    const guess = (email: string): Promise<HttpAnswer> =>
      running.ask({ method: 'POST', path: 'session', body: { email, password: 'CANARY-guess' } });
    running.clock.advance(refusalsOfNetwork.windowMs + guessLimit.windowMs);
    await guess(running.email);
    await guess('nobody@example.net');
    const rows = (await audit()).slice(-2);
    expect(rows.map(({ kind, details }) => [kind, details])).toEqual([
      ['sign-in-refused', { errorKind: 'sign-in-refused', by: 'password' }],
      ['sign-in-refused', { errorKind: 'sign-in-refused', by: 'password' }],
    ]);
    for (let index = 0; index < 40; index++) await guess(`nobody-${index % 2}@example.net`);
    const refused = (await audit()).filter(({ kind }) => kind === 'sign-in-refused');
    expect(refused.length).toBeLessThanOrEqual(refusalsOfNetwork.tries);
    expect(JSON.stringify(await audit())).not.toMatch(/CANARY|example\.net/);
    running.clock.advance(guessLimit.windowMs);
  });
});

describe('the account', () => {
  it('changes the name, which the session shows at once', async () => {
    const cookie = await signIn();
    const renamed = await running.ask({ method: 'PATCH', path: 'account', cookie, body: { name: ' Ada L. ' } });
    expect([renamed.status, renamed.json()['name']]).toEqual([200, 'Ada L.']);
    expect((await running.ask({ path: 'session', cookie })).json()).toMatchObject({ account: { name: 'Ada L.' } });
    const refuse = async (body: object): Promise<number> =>
      (await running.ask({ method: 'PATCH', path: 'account', cookie, body })).status;
    expect([
      await refuse({ name: '' }),
      await refuse({ name: 'a\u202eb' }),
      await refuse({ name: 'a', email: 'b' }),
    ]).toEqual([400, 400, 400]);
  });
});

describe('browserWords', () => {
  it.each([
    [firefox, 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36',
      'Chrome on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Gecko', 'Another browser on macOS'],
    ['<script>', 'Another program'],
    [`Firefox/${'1'.repeat(600)}`, 'Another program'],
    [undefined, 'Another program'],
  ])('%s', (header, words) => {
    expect(browserWords(header)).toBe(words);
  });
});

describe('behind a reverse proxy', () => {
  const from = { 'x-forwarded-for': '192.0.2.1, 203.0.113.9' };
  const networkOf = async (cloud: RunningCloud): Promise<string | null | undefined> => {
    const body = { email: cloud.email, password: cloud.password };
    const answer = await cloud.ask({ method: 'POST', path: 'session', body, headers: from });
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const { sessions } = (await cloud.ask({ path: 'account/sessions', cookie })).json<{ sessions: SessionEntry[] }>();
    return sessions.find(({ isCurrent }) => isCurrent)?.sourceNetwork;
  };

  it('a session is from where the proxy says, if the operator trusts it, and guesses are counted there [T21]', async () => {
    expect(await networkOf(running)).toBe('127.0.0.1');
    const trustedProxies = [{ address: '127.0.0.1', prefix: 32 }];
    const behind = await startRunningCloud({ config: { trustedProxies } });
    try {
      expect(await networkOf(behind)).toBe('203.0.113.9');
      const guess = async (client: string, password: string): Promise<number> => {
        const body = { email: behind.email, password };
        const headers = { 'x-forwarded-for': client };
        return (await behind.ask({ method: 'POST', path: 'session', body, headers })).status;
      };
      // A new address made up each time, in front of the one that the proxy writes.
      for (let n = 0; n < guessLimit.tries; n++) expect(await guess(`192.0.2.${n}, 198.51.100.5`, 'wrong')).toBe(401);
      expect(await guess('192.0.2.77, 198.51.100.5', behind.password)).toBe(429);
      expect(await guess('203.0.113.9', behind.password)).toBe(200);
    } finally {
      await behind.close();
    }
  });
});
