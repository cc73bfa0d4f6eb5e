import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import { askCloud } from '../control/control-client.ts';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { oneUseCodeLifetimeMs } from './one-use-codes.ts';
import {
  createSessions,
  hashSessionSecret,
  sessionAbsoluteMs,
  sessionIdleMs,
  sessionSecretIn,
  sessionTouchMs,
  type Session,
} from './session.ts';
import { guessLimit, networkGuessLimit } from './sign-in.ts';

let running: RunningCloud;
beforeAll(async () => {
  running = await startRunningCloud();
});
afterAll(() => running.close());

const who = (cookie: string): Promise<HttpAnswer> => running.ask({ path: 'session', cookie });
const signIn = (body: object, cookie?: string): Promise<HttpAnswer> =>
  running.ask({ method: 'POST', path: 'session', body, ...(cookie === undefined ? {} : { cookie }) });
const code = async (): Promise<string> =>
  (JSON.parse((await askCloud(running.folder, 'sign-in', {})).body.toString()) as { code: string }).code;

describe('signing in', () => {
  it('sets a cookie that only this host, over TLS, and no script gets to see', async () => {
    const answer = await signIn({ email: ' Admin@LOCALHOST ', password: running.password });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-claimstead=[\w-]{43}; Max-Age=604800; Path=\/; Secure; HttpOnly; SameSite=Lax$/),
    ]);
    expect(answer.json()).toMatchObject({ account: { email: 'admin@localhost', passwordIsInitial: true } });
  });

  it('gives a new id each time, and ends the session that the browser had: a planted cookie is worth nothing', async () => {
    const planted = `__Host-claimstead=${'A'.repeat(43)}`;
    const first = await signIn({ email: running.email, password: running.password }, planted);
    const own = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect(own).not.toBe(planted);
    expect((await who(planted)).status).toBe(401);
    const second = await signIn({ email: running.email, password: running.password }, own);
    expect((await who(own)).status).toBe(401);
    expect((await who(second.headers['set-cookie']?.[0]?.split(';')[0] ?? '')).status).toBe(200);
  });

  it('is refused alike for a wrong password and an unknown account', async () => {
    const wrong = await signIn({ email: running.email, password: 'wrong' });
    const unknown = await signIn({ email: 'nobody@example.net', password: 'wrong' });
    const bare = (answer: HttpAnswer): object => ({ status: answer.status, ...answer.json(), requestId: '' });
    expect(bare(wrong)).toEqual(bare(unknown));
    expect(wrong.json()['kind']).toBe('sign-in-refused');
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  it('looks at five guesses in a quarter of an hour, also when they come at once, and then at none, not even the right one', async () => {
    running.clock.advance(guessLimit.windowMs);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        signIn({ email: index % 2 === 0 ? running.email : running.email.toUpperCase(), password: `guess ${index}` }),
      ),
    );
    const kinds = guesses.map((answer) => answer.json()['kind']);
    expect(kinds.filter((kind) => kind === 'sign-in-refused')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'too-many-sign-ins')).toHaveLength(7);
    expect((await signIn({ email: running.email, password: running.password })).status).toBe(429);
    expect((await signIn({ email: 'somebody@else', password: 'x' })).status).toBe(401);
    running.clock.advance(guessLimit.windowMs);
    expect((await signIn({ email: running.email, password: running.password })).status).toBe(200);
  });
});

describe('guesses of one network', () => {
  it('are fifty in a quarter of an hour, whatever accounts they name; another network is heard', async () => {
    const trustedProxies = [{ address: '127.0.0.1', prefix: 32 }];
    const behind = await startRunningCloud({ config: { trustedProxies } });
    try {
      const guess = async (from: string, body: object): Promise<number> =>
        (await behind.ask({ method: 'POST', path: 'session', body, headers: { 'x-forwarded-for': from } })).status;
      const own = { email: behind.email, password: behind.password };
      for (let n = 0; n < networkGuessLimit.tries; n++)
        expect(await guess('2001:db8::1', { email: `n${n}@example.net`, password: 'wrong' })).toBe(401);
      // Another address of the same /64 is the same network.
      expect(await guess('2001:db8::2', own)).toBe(429);
      expect(await guess('2001:db8:0:1::1', own)).toBe(200);
    } finally {
      await behind.close();
    }
  });
});

describe('a one-use code', () => {
  it('signs in once, within a minute', async () => {
    const once = await code();
    expect((await signIn({ oneUseCode: once })).status).toBe(200);
    expect((await signIn({ oneUseCode: once })).status).toBe(401);
    const late = await code();
    running.clock.advance(oneUseCodeLifetimeMs);
    expect((await signIn({ oneUseCode: late })).status).toBe(401);
    expect((await signIn({ oneUseCode: 'x'.repeat(32) })).status).toBe(401);
  });
});

describe('a session', () => {
  it('ends at sign-out, for everybody who holds the cookie', async () => {
    const cookie = await running.signIn();
    const out = await running.ask({ method: 'DELETE', path: 'session', cookie });
    expect([out.status, out.headers['set-cookie']?.[0]]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await who(cookie)).status).toBe(401);
    expect((await running.ask({ method: 'DELETE', path: 'session', cookie })).status).toBe(401);
  });

  it('ends when it is not used for eight hours, and lives on when it is', async () => {
    const [idle, used] = [await running.signIn(), await running.signIn()];
    for (let hours = 0; hours < 8; hours++) {
      running.clock.advance(sessionIdleMs / 8);
      expect((await who(used)).status).toBe(200);
    }
    expect((await who(idle)).status).toBe(401);
  });

  it('is kept as a hash: what is in the folder signs nobody in [T3]', async () => {
    const cookie = await running.signIn();
    const secret = sessionSecretIn(cookie) ?? '';
    expect(secret).toHaveLength(43);
    const found = spawnSync('grep', ['-rlF', secret, running.folder], { encoding: 'utf8' });
    expect([found.status, found.stdout]).toEqual([1, '']);
    expect(spawnSync('grep', ['-rlF', hashSessionSecret(secret), running.folder]).status).toBe(0);
    expect(hashSessionSecret(secret)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('lets people read while the disk takes nothing, and no longer than it would have', async () => {
    const secret = 'x'.repeat(43);
    const account = { accountId: 'a' as AccountId, email: 'a@b', name: 'A', passwordHash: '', createdAtMs: 0 };
    const session: Session = {
      sessionHash: hashSessionSecret(secret),
      publicId: 'p',
      accountId: account.accountId,
      createdAtMs: 0,
      lastUsedAtMs: 0,
      sourceNetwork: null,
      browser: null,
    };
    let nowMs = sessionTouchMs;
    let fault = new Error('a fault of ours');
    const never = (): Promise<never> => Promise.reject(new Error('not asked for'));
    const sessions = createSessions({
      store: {
        create: never,
        byHash: async () => ({ ...session }),
        ofAccount: never,
        touch: () => Promise.reject(fault),
        end: never,
        sweep: never,
      },
      accountById: async () => ({ ...account, passwordIsInitial: false }),
      now: () => nowMs,
      random: (bytes) => Buffer.alloc(bytes),
      newId: () => 'id',
      onEnded: () => undefined,
    });
    await expect(sessions.bySecret(secret)).rejects.toBe(fault);
    fault = new CloudError('storage-unavailable');
    expect(await sessions.bySecret(secret)).toMatchObject({ email: 'a@b' });
    nowMs = sessionIdleMs;
    expect(await sessions.bySecret(secret)).toBeUndefined();
  });

  it('ends after seven days, however much it is used', async () => {
    const cookie = await running.signIn();
    const steps = sessionAbsoluteMs / (sessionIdleMs / 2);
    for (let step = 1; step < steps; step++) {
      running.clock.advance(sessionIdleMs / 2);
      expect((await who(cookie)).status).toBe(200);
    }
    running.clock.advance(sessionIdleMs / 2);
    expect((await who(cookie)).status).toBe(401);
  });

  it('tells when it ends', async () => {
    const cookie = await running.signIn();
    const { expiresAt } = (await who(cookie)).json<{ expiresAt: string }>();
    expect(Date.parse(expiresAt)).toBe(running.clock.nowMs() + sessionIdleMs);
  });
});

describe('changing the password', () => {
  it('wants the old one and a long enough new one, ends every session, and gives the caller a new one', async () => {
    const [here, elsewhere] = [await running.signIn(), await running.signIn()];
    const change = (currentPassword: string, newPassword: string): Promise<HttpAnswer> =>
      running.ask({ method: 'PUT', path: 'account/password', cookie: here, body: { currentPassword, newPassword } });
    expect((await change('wrong', 'a long new password')).json()['kind']).toBe('sign-in-refused');
    expect((await change(running.password, 'elevenchars')).json()['kind']).toBe('password-too-weak');
    const changed = await change(running.password, 'twelve chars');
    expect(changed.status).toBe(204);
    const fresh = changed.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await who(here)).status).toBe(401);
    expect((await who(elsewhere)).status).toBe(401);
    expect((await who(fresh)).json()).toMatchObject({ account: { passwordIsInitial: false } });
    expect((await signIn({ email: running.email, password: running.password })).status).toBe(401);
    expect((await signIn({ email: running.email, password: 'twelve chars' })).status).toBe(200);
  });

  it('leaves nobody signed in who was about to be by the old one, and takes that one once', async () => {
    const cookieIn = (answer: HttpAnswer): string => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const change = (cookie: string, currentPassword: string, newPassword: string): Promise<HttpAnswer> =>
      running.ask({ method: 'PUT', path: 'account/password', cookie, body: { currentPassword, newPassword } });
    let known = 'twelve chars';
    for (const next of ['new words no. 1', 'new words no. 2', 'new words no. 3']) {
      running.clock.advance(guessLimit.windowMs);
      const [here, elsewhere] = [
        await running.signIn(running.email, known),
        await running.signIn(running.email, known),
      ];
      const changes = [change(here, known, next), change(elsewhere, known, `${next}, but of a thief`)];
      const cookies: string[] = [];
      // One after the other until the old one is refused: one of them is looked at before the change and answered after it.
      const byTheOldOne = (): Promise<HttpAnswer> => signIn({ email: running.email, password: known });
      for (let answer = await byTheOldOne(); answer.status === 200; answer = await byTheOldOne())
        cookies.push(cookieIn(answer));
      const changed = await Promise.all(changes);
      expect(changed.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 401]);
      for (const cookie of cookies) expect((await who(cookie)).status).toBe(401);
      known = changed[0]?.status === 204 ? next : `${next}, but of a thief`;
    }
  });
});

describe('the Cookie header', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['a=b', undefined],
    ['a=b; __Host-claimstead=x', 'x'],
    ['__Host-claimstead=x;a=b', 'x'],
    ['__Host-claimstead=x; __Host-claimstead=y', undefined],
    ['x__Host-claimstead=x', undefined],
  ])('%j holds %j', (header, secret) => {
    expect(sessionSecretIn(header)).toBe(secret);
  });
});
