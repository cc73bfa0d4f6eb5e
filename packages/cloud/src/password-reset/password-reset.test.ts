// A new password by a link, from the mail or from the private socket.

import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { placeKeptMs } from '../account/places.ts';
import type { Log, LogFields } from '../log.ts';
import { startSmtpSink, type SmtpSink } from '../mail/testing/smtp-sink.ts';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { resetLifetimeMs } from './password-reset.ts';
import { resetLimits } from './password-reset-routes.ts';
import { mostDelayMs } from './reset-letters.ts';

const lines: [string, Partial<LogFields>][] = [];
const note = (event: string, fields: Partial<LogFields> = {}): void => void lines.push([event, fields]);
const log: Log = { debug: note, info: note, warn: note, error: note };

let sink: SmtpSink;
let running: RunningCloud;
let password: string;
beforeAll(async () => {
  sink = await startSmtpSink();
  running = await startRunningCloud({
    log,
    config: { mail: { server: { value: `smtp://127.0.0.1:${sink.port}` }, from: 'Cloud <cloud@example.net>' } },
  });
  ({ password } = running);
});
afterAll(async () => {
  await running.close();
  sink.close();
});
beforeEach(() => running.clock.advance(resetLimits.ofAddress.windowMs));

const post = (path: string, body: object): Promise<HttpAnswer> => running.ask({ method: 'POST', path, body });
const kindOf = (answer: HttpAnswer): unknown => (answer.status < 300 ? answer.status : answer.json()['kind']);
const ask = (email: string): Promise<HttpAnswer> => post('password-resets', { email });
const redeem = (secret: string, newPassword: string): Promise<HttpAnswer> =>
  post('password-resets/redeem', { secret, newPassword });
const fromSocket = (email = running.email, secondFactorOff = false): Promise<{ link?: string; message?: string }> =>
  running.admin('reset-password', { email, secondFactorOff });
const secretIn = (text: string): string => /\/reset-password#([\w-]{43})/.exec(text)?.[1] ?? '';
const secretFromSocket = async (): Promise<string> => secretIn((await fromSocket()).link ?? '');

describe('a link', () => {
  it('sets the password once, ends every session, and signs nobody in', async () => {
    const before = await running.signIn(running.email, password);
    const secret = await secretFromSocket();
    expect(kindOf(await redeem(secret, 'short'))).toBe('password-too-weak');
    const done = await redeem(secret, 'a password of my own');
    expect([done.status, done.headers['set-cookie']]).toEqual([204, undefined]);
    password = 'a password of my own';
    expect((await running.ask({ path: 'session', cookie: before })).status).toBe(401);
    expect(kindOf(await redeem(secret, 'another password'))).toBe('reset-refused');
    const cookie = await running.signIn(running.email, password);
    expect((await running.ask({ path: 'session', cookie })).json()).toMatchObject({
      account: { passwordIsInitial: false },
    });
    const rows = await running.admin<{ kind: string; details: object }[]>('audit', { space: null });
    expect(rows.map(({ kind }) => kind).slice(-3)).toEqual(['password-reset-asked', 'password-reset', 'signed-in']);
  });

  it('is good for an hour, and until another one of the account was used', async () => {
    const [first, other] = [await secretFromSocket(), await secretFromSocket()];
    password = 'by the earlier one of two';
    expect(kindOf(await redeem(first, password))).toBe(204);
    expect(kindOf(await redeem(other, 'another password'))).toBe('reset-refused');
    const second = await secretFromSocket();
    running.clock.advance(resetLifetimeMs);
    expect(kindOf(await redeem(second, 'another password'))).toBe('reset-refused');
    expect(kindOf(await redeem('x'.repeat(43), 'another password'))).toBe('reset-refused');
  });

  it('is worth nothing when the password was changed since', async () => {
    const secret = await secretFromSocket();
    const cookie = await running.signIn(running.email, password);
    const change = { currentPassword: password, newPassword: 'changed by its owner' };
    const changed = await running.ask({ method: 'PUT', path: 'account/password', cookie, body: change });
    expect(changed.status).toBe(204);
    password = change.newPassword;
    expect(kindOf(await redeem(secret, 'another password'))).toBe('reset-refused');
  });

  it('lets one of several in that come at once', async () => {
    const secret = await secretFromSocket();
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => redeem(secret, `password number ${n}`)));
    const winners = outcomes.flatMap(({ status }, index) => (status === 204 ? [index + 1] : []));
    expect(winners).toHaveLength(1);
    password = `password number ${winners[0]}`;
    await running.signIn(running.email, password);
  });

  it('from the private socket is for accounts that there are', async () => {
    expect((await fromSocket('nobody@example.net')).message).toMatch(/^No account has that e-mail address or id; see/);
    expect((await fromSocket(' ADMIN@localhost ')).link).toMatch(/^https:\/\/localhost:\d+\/reset-password#[\w-]{43}$/);
  });
});

describe('by mail', () => {
  it('goes to the address of the account; the answer tells nobody whether there is one', async () => {
    const already = sink.letters.length;
    const [known, unknown] = [await ask(running.email), await ask('nobody@example.net')];
    const bare = ({ status, text, headers }: HttpAnswer) => ({ status, text, headers: { ...headers, date: '' } });
    expect(bare(known)).toEqual(bare(unknown));
    expect(known.status).toBe(202);
    running.clock.advance(mostDelayMs);
    const letter = await sink.letter(already);
    expect(letter).toMatch(/^To: admin@localhost\r$/m);
    expect(letter).toMatch(/^From: Cloud <cloud@example\.net>\r$/m);
    // Long lines are folded by the encoding of mails.
    const secret = secretIn(letter.replaceAll('=\r\n', '').replaceAll('=3D', '='));
    expect(kindOf(await redeem(secret, 'a password by mail'))).toBe(204);
    password = 'a password by mail';
    expect(sink.letters).toHaveLength(already + 1);
    const told = JSON.stringify(lines) + JSON.stringify(await running.admin('audit', { space: null }));
    expect(told).not.toContain(secret);
    expect(told).not.toContain('a password by mail');
    expect(spawnSync('grep', ['-rl', secret, running.folder], { encoding: 'utf8' }).stdout).toBe('');
  });

  it('answers as fast for an address that nobody has', async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let index = 0; index < resetLimits.ofNetwork.tries / 2; index++) {
      for (const [kind, email] of [
        ['known', running.email],
        ['unknown', 'nobody@example.net'],
      ] as const) {
        const before = performance.now();
        expect((await ask(email)).status).toBe(202);
        times[kind].push(performance.now() - before);
      }
    }
    // The fastest of each: a machine that is busy with something else tells nothing. A write to the disk takes longer than that.
    expect(Math.abs(Math.min(...times.known) - Math.min(...times.unknown))).toBeLessThan(3);
    const already = sink.letters.length;
    running.clock.advance(mostDelayMs);
    await sink.letter(already + resetLimits.ofAddress.tries - 1);
  });

  it('fills nobody’s inbox, and no network asks for ever', async () => {
    const already = sink.letters.length;
    for (let index = 0; index < resetLimits.ofAddress.tries + 3; index++)
      expect((await ask(running.email)).status).toBe(202);
    running.clock.advance(mostDelayMs);
    await sink.letter(already + resetLimits.ofAddress.tries - 1);
    const kinds: unknown[] = [];
    for (let index = 0; index < resetLimits.ofNetwork.tries; index++)
      kinds.push(kindOf(await ask(`${index}@example.net`)));
    expect(kinds.at(-1)).toBe('too-many-requests');
    expect(sink.letters).toHaveLength(already + resetLimits.ofAddress.tries);
  });

  it('is sent though the Cloud ends right after its answer', async () => {
    const said: string[] = [];
    const mail = { server: { value: `smtp://127.0.0.1:${sink.port}` }, from: 'Cloud <cloud@example.net>' };
    const ending = await startRunningCloud({
      log: { ...log, error: (words) => void said.push(words) },
      config: { mail },
    });
    const already = sink.letters.length;
    const asked = await ending.ask({ method: 'POST', path: 'password-resets', body: { email: ending.email } });
    expect(asked.status).toBe(202);
    expect(sink.letters).toHaveLength(already);
    await ending.close();
    expect(sink.letters[already]).toMatch(/^To: admin@localhost\r$/m);
    ending.clock.advance(mostDelayMs);
    expect(said).toEqual([]);
  });

  it('is not offered where there is no mail server', async () => {
    const without = await startRunningCloud();
    expect((await without.ask({ path: 'session/ways' })).json()).toMatchObject({ passwordReset: false });
    const asked = await without.ask({ method: 'POST', path: 'password-resets', body: { email: without.email } });
    expect(kindOf(asked)).toBe('mail-is-off');
    await without.close();
    expect((await running.ask({ path: 'session/ways' })).json()).toMatchObject({ passwordReset: true });
  });
});

describe('a sign-in from a new place', () => {
  const signIn = (userAgent: string): Promise<HttpAnswer> =>
    running.ask({
      method: 'POST',
      path: 'session',
      body: { email: running.email, password },
      headers: { 'user-agent': userAgent },
    });

  it('is told to its owner; the first one ever, and one from a known place, are not', async () => {
    const already = sink.letters.length;
    await signIn('');
    await signIn('Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0');
    const letter = await sink.letter(already);
    expect(letter).toMatch(/Subject: A sign-in to localhost:\d+ from a new place/);
    expect(letter).toContain('Firefox on Linux');
    expect(letter).toContain('127.0.0.1');
    await signIn('Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/146.0');
    await signIn('curl/8');
    expect(await sink.letter(already + 1)).toContain('curl');
    expect(sink.letters).toHaveLength(already + 2);
  });

  it('is told also where nobody signed in for longer than places are kept', async () => {
    await signIn('curl/8');
    running.clock.advance(placeKeptMs + 3600_000);
    // The hourly upkeep runs beside this: another request waits for the same writer.
    await running.ask({ path: '/readyz' });
    const already = sink.letters.length;
    expect((await signIn('')).status).toBe(200);
    expect(await sink.letter(already)).toContain('from a new place');
  });
});
