// Signing in at an OpenID Connect issuer that runs in a process of its own: who gets in, and who does not.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchCloud, type Answer, type Target } from '../harness/cloud-client.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { startOidcIssuer, type OidcIssuer } from '../harness/oidc-issuer.ts';
import { freePort } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const secret = 'CANARY-client-secret';
const api = '/api/cloud/v1';
let world: World;
let cloud: Cloud;
let creating: Cloud;
let issuer: OidcIssuer;
let strict: OidcIssuer;

async function cloudWithIssuer(name: string, more: string[]): Promise<{ cloud: Cloud; issuer: OidcIssuer }> {
  const [port, issuerPort] = [await freePort(), await freePort()];
  const secretFile = join(world.folder, `${name}-secret`);
  await writeFile(secretFile, `${secret}\n`);
  const started = await world.cloud({
    name,
    port,
    args: [
      `--oidc-issuer=http://127.0.0.1:${issuerPort}`,
      '--oidc-client-id=claimstead',
      `--oidc-client-secret-file=${secretFile}`,
      '--log-level=debug',
      ...more,
    ],
  });
  const redirectUri = `https://localhost:${port}${api}/session/oidc/callback`;
  const running = await startOidcIssuer({ port: issuerPort, id: 'claimstead', secret, redirectUri });
  world.keep(running.process);
  return { cloud: started, issuer: running };
}

beforeAll(async () => {
  world = await createWorld();
  ({ cloud, issuer } = await cloudWithIssuer('linking', ['--oidc-label', 'Example Login']));
  ({ cloud: creating, issuer: strict } = await cloudWithIssuer('creating', [
    '--oidc-create-accounts=yes',
    '--oidc-domains=example.net',
  ]));
});
afterAll(() => world?.end());

const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie'] ?? '').split(';')[0] ?? '';
const begin = async (at: Target): Promise<{ url: string; cookie: string }> => {
  const answer = await fetchCloud(at, 'POST', `${api}/session/oidc`, {
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  return { url: answer.json<{ url: string }>().url, cookie: cookieOf(answer) };
};
const comeBack = (at: Target, to: URL, cookie: string): Promise<Answer> =>
  fetchCloud(at, 'GET', to.pathname + to.search, { headers: { cookie } });
/** Where the browser ends, and with which session. */
async function signIn(at: Cloud, through: OidcIssuer): Promise<{ location: string; cookie: string }> {
  const { url, cookie } = await begin(at);
  const back = await comeBack(at, await through.walk(url), cookie);
  expect(back.status).toBe(303);
  return { location: String(back.headers['location']).replace(at.url, ''), cookie: cookieOf(back) };
}
const who = async (at: Cloud, cookie: string): Promise<unknown> =>
  (await fetchCloud(at, 'GET', `${api}/session`, { headers: { cookie } })).json<{ account?: { email: string } }>()
    .account?.email;

describe('an issuer', () => {
  test('is offered on the sign-in page', async () => {
    const ways = await fetchCloud(cloud, 'GET', `${api}/session/ways`);
    expect(ways.json()).toMatchObject({ oidc: { label: 'Example Login' } });
  });

  test('signs in to the account of a verified address, and to the same one when the address has changed there', async () => {
    await issuer.be({ sub: 'ada', email: administrator.toUpperCase(), email_verified: true });
    const first = await signIn(cloud, issuer);
    expect(first.location).toBe('/');
    expect(await who(cloud, first.cookie)).toBe(administrator);
    await issuer.be({ sub: 'ada', email: 'ada@elsewhere.example', email_verified: false });
    const again = await signIn(cloud, issuer);
    expect(await who(cloud, again.cookie)).toBe(administrator);
    const audit = (await cloud.admin('audit', '--json')).stdout;
    expect(audit).toMatch(/oidc-linked/);
  });

  test.each([
    ['whose address is not verified', { sub: 'eve', email: administrator, email_verified: false }],
    ['whom nobody knows here', { sub: 'bob', email: 'bob@example.net', email_verified: true }],
    ['who has no address', { sub: 'nobody' }],
    [
      'who has the address of somebody that is linked already',
      { sub: 'mallory', email: administrator, email_verified: true },
    ],
  ])('does not let anybody in %s', async (_, person) => {
    await issuer.be(person);
    const { location, cookie } = await signIn(cloud, issuer);
    expect([location, cookie]).toEqual(['/sign-in?refused=oidc-refused', '']);
  });

  test('lets in who is invited, where it makes no accounts of its own', async () => {
    const client = await cloud.client();
    const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
    const invitations = `/spaces/${spaces[0]?.id}/invitations`;
    await issuer.be({ sub: 'lin', email: 'Lin@Example.net', email_verified: true });
    expect((await signIn(cloud, issuer)).location).toBe('/sign-in?refused=oidc-refused');
    const wanted = { email: 'lin@example.net', role: 'observer', roomIds: [] };
    const made = await client.send('POST', invitations, wanted);
    expect(made.status).toBe(201);
    const { location, cookie } = await signIn(cloud, issuer);
    expect(location).toBe('/');
    expect(await who(cloud, cookie)).toBe('lin@example.net');
    // The account alone opens nothing: the invitation is accepted by its link.
    const mine = await fetchCloud(cloud, 'GET', `${api}/spaces`, { headers: { cookie } });
    expect(mine.json()).toMatchObject({ spaces: [] });
  });

  test('makes accounts where that was asked for, in the domains that were named', async () => {
    await strict.be({ sub: 'grace', email: 'Grace@Example.net', email_verified: true, name: 'Grace\u202e H.' });
    const { location, cookie } = await signIn(creating, strict);
    expect(location).toBe('/');
    expect(await who(creating, cookie)).toBe('grace@example.net');
    for (const email of ['grace@other.example', 'grace@example.net.other.example', 'grace@sub.example.net']) {
      await strict.be({ sub: email, email, email_verified: true });
      expect((await signIn(creating, strict)).location).toBe('/sign-in?refused=oidc-refused');
    }
    // Also somebody who is known: the domain is asked for each time.
    await strict.be({ sub: 'grace', email: 'grace@other.example', email_verified: true });
    expect((await signIn(creating, strict)).location).toBe('/sign-in?refused=oidc-refused');
  });
});

describe('the way back', () => {
  test('is for the browser that began, once', async () => {
    await issuer.be({ sub: 'ada' });
    const { url, cookie } = await begin(cloud);
    const to = await issuer.walk(url);
    const refused = async (own: string, at = to): Promise<string> =>
      String((await comeBack(cloud, at, own)).headers['location']).replace(cloud.url, '');
    // The issuer's answer in another browser, which began nothing or something else.
    expect(await refused('')).toBe('/sign-in?refused=sign-in-expired');
    const other = await begin(cloud);
    expect(await refused(other.cookie)).toBe('/sign-in?refused=oidc-failed');
    expect(await refused(cookie)).toBe('/');
    expect(await refused(cookie)).toBe('/sign-in?refused=sign-in-expired');
    const changed = await begin(cloud);
    const back = await issuer.walk(changed.url);
    back.searchParams.set('state', 'another');
    expect(await refused(changed.cookie, back)).toBe('/sign-in?refused=oidc-failed');
  });

  test('asks the issuer with PKCE, state and nonce, each time new ones', async () => {
    const [one, two] = [new URL((await begin(cloud)).url), new URL((await begin(cloud)).url)];
    for (const name of ['code_challenge', 'state', 'nonce']) {
      expect(one.searchParams.get(name)?.length).toBeGreaterThan(40);
      expect(one.searchParams.get(name)).not.toBe(two.searchParams.get(name));
    }
    expect(one.searchParams.get('code_challenge_method')).toBe('S256');
  });
});

test('an issuer that is down refuses nobody another way to sign in', async () => {
  await strict.process.stop('SIGKILL');
  await creating.process.stop();
  const again = await world.cloud({
    name: 'creating',
    port: creating.port,
    args: [
      `--oidc-issuer=${strict.url}`,
      '--oidc-client-id=claimstead',
      `--oidc-client-secret-file=${join(world.folder, 'creating-secret')}`,
    ],
  });
  const answer = await fetchCloud(again, 'POST', `${api}/session/oidc`, {
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect([answer.status, answer.json<{ kind: string }>().kind]).toEqual([502, 'oidc-failed']);
  expect((await again.client()).cookie).toMatch(/^__Host-claimstead=/);
});

test('no code, token or secret of it stands in the log', () => {
  const log = cloud.process.stderr() + creating.process.stderr();
  expect(log).toMatch(/session\/oidc\/callback/);
  expect(log).not.toMatch(/CANARY|code=|state=|eyJ/);
});
