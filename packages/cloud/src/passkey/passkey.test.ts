// Passkeys through the real API, with an authenticator in software that can do it wrongly.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { challengeLimits } from './passkey-ceremonies.ts';
import { passkeySignInLimit } from './passkey-routes.ts';
import { relyingParty } from './passkey.ts';
import { createSoftAuthenticator, type SoftAuthenticator } from './testing/soft-authenticator.ts';

let running: RunningCloud;
let cookie: string;
let accountId: string;
beforeEach(async () => {
  running = await startRunningCloud();
  cookie = await running.signIn();
  accountId = (await running.ask({ path: 'account', cookie })).json<{ id: string }>().id;
});
afterEach(() => running.close());

const post = (path: string, body: object, own?: string): Promise<HttpAnswer> =>
  running.ask({ method: 'POST', path, body, ...(own === undefined ? {} : { cookie: own }) });
const kindOf = (answer: HttpAnswer): unknown => (answer.status < 300 ? answer.status : answer.json()['kind']);
const authenticator = (): SoftAuthenticator =>
  createSoftAuthenticator({ origin: running.cloud.url.origin, rpId: 'localhost', userHandle: accountId });
const options = async (): Promise<{ challenge: string }> => {
  const answer = await post('account/passkeys/options', { password: running.password }, cookie);
  return answer.json<{ challenge: string }>();
};
const register = async (key: SoftAuthenticator, name = 'Laptop'): Promise<HttpAnswer> =>
  post('account/passkeys', { name, credential: key.register(await options()) }, cookie);
const begin = async (): Promise<{ challenge: string }> =>
  (await post('session/passkey-options', {})).json<{ challenge: string }>();
const signIn = async (key: SoftAuthenticator): Promise<HttpAnswer> => post('session/passkey', key.prove(await begin()));
const list = async (): Promise<{ id: string; name: string; lastUsedAt: string | null }[]> =>
  (await running.ask({ path: 'account/passkeys', cookie })).json<{ passkeys: never[] }>().passkeys;

describe('adding', () => {
  it('wants the password, takes several with names, and offers none twice', async () => {
    expect(kindOf(await post('account/passkeys/options', { password: 'wrong' }, cookie))).toBe('sign-in-refused');
    const [laptop, phone] = [authenticator(), authenticator()];
    expect((await register(laptop)).json()).toMatchObject({ name: 'Laptop', lastUsedAt: null });
    // The list is by time, and of one moment by id, which is random.
    running.clock.advance(1);
    expect(kindOf(await register(phone, 'Phone'))).toBe(201);
    expect((await list()).map(({ name }) => name)).toEqual(['Laptop', 'Phone']);
    expect(kindOf(await register(phone, 'Phone again'))).toBe('passkey-refused');
    const asked = (await post('account/passkeys/options', { password: running.password }, cookie)).json<{
      excludeCredentials: unknown[];
      authenticatorSelection: object;
    }>();
    expect(asked.excludeCredentials).toHaveLength(2);
    expect(asked.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' });
  });

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of another host', { rpId: 'evil.example' }],
    ['without looking who is there', { userVerified: false }],
    ['of the other ceremony', { type: 'webauthn.get' }],
  ])('refuses one %s', async (_, wrong) => {
    const key = authenticator();
    key.wrong = wrong;
    expect(kindOf(await register(key))).toBe('passkey-refused');
    expect(await list()).toEqual([]);
  });

  it('takes a challenge once, in its time, and none that signs in', async () => {
    const once = await options();
    const add = (key: SoftAuthenticator, challenge: { challenge: string }): Promise<HttpAnswer> =>
      post('account/passkeys', { name: 'x', credential: key.register(challenge) }, cookie);
    expect(kindOf(await add(authenticator(), once))).toBe(201);
    expect(kindOf(await add(authenticator(), once))).toBe('passkey-refused');
    expect(kindOf(await add(authenticator(), await begin()))).toBe('passkey-refused');
    const late = await options();
    running.clock.advance(challengeLimits.lifetimeMs);
    expect(kindOf(await add(authenticator(), late))).toBe('passkey-refused');
  });
});

describe('signing in', () => {
  it('is one step, also where the password has two; the audit says how', async () => {
    const key = authenticator();
    await register(key);
    const answer = await signIn(key);
    expect(answer.status).toBe(200);
    const own = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await running.ask({ path: 'session', cookie: own })).json()).toMatchObject({
      account: { email: running.email },
    });
    expect((await list())[0]?.lastUsedAt).not.toBeNull();
    const rows = await running.admin<{ kind: string; details: object }[]>('audit', { space: null });
    expect(rows.at(-1)).toMatchObject({ kind: 'signed-in', details: { by: 'passkey' } });
    expect(rows.map(({ kind }) => kind)).toContain('passkey-added');
  });

  it('refuses what was signed before, for others, or by a copy', async () => {
    const key = authenticator();
    await register(key);
    const proof = key.prove(await begin());
    expect(kindOf(await post('session/passkey', proof))).toBe(200);
    expect(kindOf(await post('session/passkey', proof))).toBe('passkey-refused');
    expect(kindOf(await signIn(authenticator()))).toBe('passkey-refused');
    // Two of the same key: the one that is behind gives itself away.
    key.counter = 0;
    expect(kindOf(await signIn(key))).toBe('passkey-refused');
    key.counter = 10;
    expect(kindOf(await signIn(key))).toBe(200);
    for (const wrong of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { userVerified: false },
      { type: 'webauthn.create' },
      { userHandle: '7d9f1d3e-0b8a-4f6e-9a39-0c1f6f1f6b11' },
    ]) {
      key.wrong = wrong;
      expect(kindOf(await signIn(key))).toBe('passkey-refused');
    }
    key.wrong = {};
    expect(kindOf(await post('session/passkey', key.prove(await options())))).toBe('passkey-refused');
    expect(kindOf(await signIn(key))).toBe(200);
  });

  it('lets a network begin only so many', async () => {
    for (let index = 0; index < passkeySignInLimit.tries; index++) await post('session/passkey-options', {});
    expect(kindOf(await post('session/passkey-options', {}))).toBe('too-many-sign-ins');
  });

  it('ends with the removal of the passkey', async () => {
    const key = authenticator();
    await register(key);
    const [one] = await list();
    const remove = (): Promise<HttpAnswer> =>
      running.ask({ method: 'DELETE', path: `account/passkeys/${one?.id}`, cookie });
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    expect(kindOf(await signIn(key))).toBe('passkey-refused');
  });
});

describe('the host name', () => {
  it('is what passkeys belong to; an address has none', async () => {
    expect((await running.ask({ path: 'session/ways' })).json()).toMatchObject({ passkeyHost: 'localhost' });
    const origins = new Set(['https://cloud.example.net', 'https://localhost:8443', 'https://10.0.0.1:8443']);
    expect(relyingParty(new URL('https://cloud.example.net'), origins)).toEqual({
      id: 'cloud.example.net',
      origins: ['https://cloud.example.net'],
    });
    expect(relyingParty(new URL('https://10.0.0.1:8443'), origins)).toBeUndefined();
    expect(relyingParty(new URL('https://[fd00::1]:8443'), origins)).toBeUndefined();
  });
});
