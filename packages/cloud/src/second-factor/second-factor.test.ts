// Two-step sign-in from outside, through the real API.

import { spawnSync } from 'node:child_process';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guessLimit } from '../account/sign-in.ts';
import type { Log, LogFields } from '../log.ts';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { pendingSignInLimits } from './pending-sign-in.ts';
import { codeLimit } from './second-factor-routes.ts';

const lines: [string, Partial<LogFields>][] = [];
const note = (event: string, fields: Partial<LogFields> = {}): void => void lines.push([event, fields]);
const log: Log = { debug: note, info: note, warn: note, error: note };

let running: RunningCloud;
beforeEach(async () => {
  const trustedProxies = [{ address: '127.0.0.1', prefix: 32 }];
  running = await startRunningCloud({ log, config: { trustedProxies } });
});
afterEach(() => running.close());

const post = (path: string, body: object, cookie?: string): Promise<HttpAnswer> =>
  running.ask({ method: 'POST', path, body, ...(cookie === undefined ? {} : { cookie }) });
const firstStep = (): Promise<HttpAnswer> => post('session', { email: running.email, password: running.password });
const challengeOf = async (): Promise<string> => (await firstStep()).json<{ challenge: string }>().challenge;
const secondStep = (challenge: string, code: string): Promise<HttpAnswer> =>
  post('session/second-factor', { challenge, code });
const kindOf = (answer: HttpAnswer): unknown => (answer.status < 300 ? answer.status : answer.json()['kind']);

/** As the person's app does it; it knows the time of the Cloud. */
const app = (secret: string): ((offSteps?: number) => string) => {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return (offSteps = 0) => totp.generate({ timestamp: running.clock.nowMs() + offSteps * 30_000 });
};

interface SetUp {
  cookie: string;
  code: (offSteps?: number) => string;
  secret: string;
  recoveryCodes: string[];
}

/** Turns it on, and waits until the code that did is over. */
async function setUp(): Promise<SetUp> {
  const cookie = await running.signIn();
  const { secret } = (await post('account/two-step', { password: running.password }, cookie)).json<{
    secret: string;
  }>();
  const code = app(secret);
  const confirmed = await post('account/two-step/confirm', { code: code() }, cookie);
  expect(confirmed.status).toBe(200);
  running.clock.advance(30_000);
  return { cookie, code, secret, recoveryCodes: confirmed.json<{ recoveryCodes: string[] }>().recoveryCodes };
}

describe('turning it on', () => {
  it('asks for the password, then for a code of the app; until then sign-in asks for nothing', async () => {
    const cookie = await running.signIn();
    expect(kindOf(await post('account/two-step', { password: 'wrong' }, cookie))).toBe('sign-in-refused');
    const { secret, uri } = (await post('account/two-step', { password: running.password }, cookie)).json<{
      secret: string;
      uri: string;
    }>();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Claimstead%20localhost:admin%40localhost\?.*algorithm=SHA1.*digits=6/);
    expect(kindOf(await post('account/two-step/confirm', { code: '000000' }, cookie))).toBe('second-factor-refused');
    expect((await firstStep()).status).toBe(200);
    const confirmed = await post('account/two-step/confirm', { code: app(secret)() }, cookie);
    const { recoveryCodes } = confirmed.json<{ recoveryCodes: string[] }>();
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(recoveryCodes.filter((code) => !/^([2-9a-hjkmnp-z]{7}-){3}[2-9a-hjkmnp-z]{7}$/.test(code))).toEqual([]);
    expect((await running.ask({ path: 'account', cookie })).json()).toMatchObject({
      twoStep: { isOn: true, recoveryCodesLeft: 10 },
    });
    expect(kindOf(await post('account/two-step', { password: running.password }, cookie))).toBe('second-factor-exists');
    expect(kindOf(await post('account/two-step/confirm', { code: app(secret)() }, cookie))).toBe('not-found');
  });

  it('replaces a secret that nobody confirmed', async () => {
    const cookie = await running.signIn();
    const begin = async (): Promise<string> =>
      (await post('account/two-step', { password: running.password }, cookie)).json<{ secret: string }>().secret;
    const [first, second] = [await begin(), await begin()];
    expect(kindOf(await post('account/two-step/confirm', { code: app(first)() }, cookie))).toBe(
      'second-factor-refused',
    );
    expect(kindOf(await post('account/two-step/confirm', { code: app(second)() }, cookie))).toBe(200);
  });
});

describe('signing in', () => {
  it('takes a second step; the first one signs nobody in', async () => {
    const { code } = await setUp();
    const first = await firstStep();
    expect([first.status, first.headers['set-cookie']]).toEqual([202, undefined]);
    const { challenge, needs } = first.json<{ challenge: string; needs: string }>();
    expect(needs).toBe('second-factor');
    expect((await running.ask({ path: 'session', cookie: `__Host-claimstead=${challenge}` })).status).toBe(401);
    const done = await secondStep(challenge, ` ${code().slice(0, 3)} ${code().slice(3)} `);
    expect(done.status).toBe(200);
    const cookie = done.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await running.ask({ path: 'session', cookie })).status).toBe(200);
    // Once.
    running.clock.advance(30_000);
    expect(kindOf(await secondStep(challenge, code()))).toBe('sign-in-expired');
  });

  it('takes a code once, also within its time, also when two come at once, and none from before it', async () => {
    const { code } = await setUp();
    const challenges = await Promise.all([challengeOf(), challengeOf(), challengeOf()]);
    const outcomes = await Promise.all(challenges.map((challenge) => secondStep(challenge, code())));
    expect(outcomes.map((answer) => String(kindOf(answer))).toSorted()).toEqual([
      '200',
      'second-factor-refused',
      'second-factor-refused',
    ]);
    expect(kindOf(await secondStep(await challengeOf(), code(-1)))).toBe('second-factor-refused');
    running.clock.advance(30_000);
    expect(kindOf(await secondStep(await challengeOf(), code()))).toBe(200);
  });

  it('does not take the code that turned it on', async () => {
    const { code } = await setUp();
    expect(kindOf(await secondStep(await challengeOf(), code(-1)))).toBe('second-factor-refused');
  });

  it('lets two steps come at once get in once', async () => {
    const { recoveryCodes } = await setUp();
    const challenge = await challengeOf();
    const outcomes = await Promise.all(recoveryCodes.slice(0, 4).map((code) => secondStep(challenge, code)));
    expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('must go on within five minutes, and with a challenge that was handed out', async () => {
    const { code } = await setUp();
    const challenge = await challengeOf();
    running.clock.advance(pendingSignInLimits.lifetimeMs);
    expect(kindOf(await secondStep(challenge, code()))).toBe('sign-in-expired');
    expect(kindOf(await secondStep('x'.repeat(32), code()))).toBe('sign-in-expired');
  });

  it('begins again when the password was changed between the steps', async () => {
    const { cookie, code } = await setUp();
    const challenge = await challengeOf();
    const body = { currentPassword: running.password, newPassword: 'words of another day' };
    expect((await running.ask({ method: 'PUT', path: 'account/password', cookie, body })).status).toBe(204);
    expect(kindOf(await secondStep(challenge, code()))).toBe('sign-in-expired');
  });

  it('looks at five codes in a quarter of an hour from a network, and then not at the right one', async () => {
    const { code } = await setUp();
    const challenge = await challengeOf();
    const kinds: unknown[] = [];
    for (let guess = 0; guess < 7; guess++) kinds.push(kindOf(await secondStep(challenge, `00000${guess}`)));
    expect(kinds.filter((kind) => kind === 'second-factor-refused')).toHaveLength(guessLimit.tries);
    expect(kindOf(await secondStep(challenge, code()))).toBe('too-many-sign-ins');
    running.clock.advance(guessLimit.windowMs);
    expect(kindOf(await secondStep(await challengeOf(), code()))).toBe(200);
  });

  it('looks at twenty codes of an account an hour, from wherever they come', async () => {
    const { code } = await setUp();
    // A reverse proxy that is trusted says from where; so that no limit of a network is met before.
    const from = (n: number, typed: string): Promise<HttpAnswer> =>
      running.ask({
        method: 'POST',
        path: 'session/second-factor',
        body: { challenge, code: typed },
        headers: { 'x-forwarded-for': `192.0.2.${n}` },
      });
    const challenge = await challengeOf();
    for (let n = 0; n < codeLimit.tries; n++) expect(kindOf(await from(n, '000000'))).toBe('second-factor-refused');
    expect(kindOf(await from(codeLimit.tries, code()))).toBe('too-many-sign-ins');
    running.clock.advance(codeLimit.windowMs);
    expect(kindOf(await secondStep(await challengeOf(), code()))).toBe(200);
  });

  it('is one step by a one-use code: whoever got one may enter the data folder', async () => {
    await setUp();
    const { code } = await running.admin<{ code: string }>('sign-in');
    expect((await post('session', { oneUseCode: code })).status).toBe(200);
  });
});

describe('recovery codes', () => {
  it('each stand in for the app once, however they are typed', async () => {
    const { recoveryCodes, cookie } = await setUp();
    const [first = '', second = ''] = recoveryCodes;
    expect(kindOf(await secondStep(await challengeOf(), first.toUpperCase().replaceAll('-', ' ')))).toBe(200);
    expect(kindOf(await secondStep(await challengeOf(), first))).toBe('second-factor-refused');
    expect(kindOf(await secondStep(await challengeOf(), second))).toBe(200);
    expect((await running.ask({ path: 'account', cookie })).json()).toMatchObject({
      twoStep: { recoveryCodesLeft: 8 },
    });
  });

  it('are void when new ones are made, which wants the password', async () => {
    const { recoveryCodes, cookie } = await setUp();
    expect(kindOf(await post('account/recovery-codes', { password: 'wrong' }, cookie))).toBe('sign-in-refused');
    const made = await post('account/recovery-codes', { password: running.password }, cookie);
    const [fresh = ''] = made.json<{ recoveryCodes: string[] }>().recoveryCodes;
    expect(kindOf(await secondStep(await challengeOf(), recoveryCodes[0] ?? ''))).toBe('second-factor-refused');
    expect(kindOf(await secondStep(await challengeOf(), fresh))).toBe(200);
  });
});

describe('turning it off', () => {
  it('wants the password, takes the recovery codes along, and sign-in is one step again', async () => {
    const { cookie } = await setUp();
    expect(kindOf(await post('account/two-step/off', { password: 'wrong' }, cookie))).toBe('sign-in-refused');
    expect((await post('account/two-step/off', { password: running.password }, cookie)).status).toBe(204);
    expect((await firstStep()).status).toBe(200);
    expect(kindOf(await post('account/recovery-codes', { password: running.password }, cookie))).toBe('not-found');
    expect(kindOf(await post('account/two-step', { password: running.password }, cookie))).toBe(200);
  });
});

describe('what is kept', () => {
  it('holds neither the secret nor a code in the clear, in no file, no log and no audit', async () => {
    const { secret, recoveryCodes, code } = await setUp();
    const challenge = await challengeOf();
    const used = code();
    await secondStep(challenge, used);
    await secondStep(await challengeOf(), recoveryCodes[0] ?? '');
    const raw = Buffer.from(Secret.fromBase32(secret).buffer);
    const files = (text: string | Buffer): string => {
      const pattern =
        typeof text === 'string' ? text : [...text].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
      return spawnSync('grep', ['-rlaP', pattern, running.folder], { encoding: 'utf8', env: { LC_ALL: 'C' } }).stdout;
    };
    const secrets = [secret, raw.toString('hex'), raw.toString('base64url'), ...recoveryCodes, challenge];
    for (const text of [...secrets, raw, ...recoveryCodes.map((one) => one.replaceAll('-', ''))])
      expect(files(text)).toBe('');
    const told = JSON.stringify(lines) + JSON.stringify(await running.admin('audit', { space: null }));
    for (const text of [...secrets, used]) expect(told).not.toContain(text);
    const rows = await running.admin<{ kind: string }[]>('audit', { space: null });
    expect(rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['second-factor-on', 'recovery-code-used', 'signed-in']),
    );
  });
});
