// What the operator does with accounts over the private socket, in a whole Cloud.

import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloudFolder } from '../config/data-folder.ts';
import { firstPerson, invite, join, kindOf, password, type Person } from '../invitation/join-in-tests.ts';
import { startRunningCloud, type RunningCloud } from '../main-in-tests.ts';

let running: RunningCloud;
let admin: Person;
let spaceId: string;
beforeAll(async () => {
  running = await startRunningCloud();
  ({ admin, spaceId } = await firstPerson(running));
});
afterAll(() => running.close());

const change = (email: string, newEmail: string): Promise<{ email?: string; kind?: string; message?: string }> =>
  running.admin('change-email', { email, newEmail });
const signIn = async (email: string, by: string): Promise<unknown> =>
  kindOf(await running.ask({ method: 'POST', path: 'session', body: { email, password: by } }));

it('an address is changed: for signing in, in lists, and in the audit', async () => {
  const { link } = await running.admin<{ link: string }>('reset-password', {
    email: running.email,
    secondFactorOff: false,
  });
  expect(await change(running.email.toUpperCase(), ' Ada@Example.net ')).toEqual({ email: 'ada@example.net' });
  expect(await signIn(running.email, running.password)).toBe('sign-in-refused');
  expect(await signIn('ADA@example.net', running.password)).toBe('done');
  // Who was signed in stays so, under the new address.
  const session = await admin.ask('GET', 'session');
  expect(session.json()).toMatchObject({ account: { id: admin.accountId, email: 'ada@example.net' } });
  // A link that went to the old mailbox is void.
  const body = { secret: link.split('#')[1], newPassword: 'a password of somebody else' };
  expect(kindOf(await running.ask({ method: 'POST', path: 'password-resets/redeem', body }))).toBe('reset-refused');
  const rows = await running.admin<object[]>('audit', { space: null });
  expect(rows).toContainEqual(
    expect.objectContaining({
      kind: 'account-email-changed',
      details: { ofAccount: admin.accountId, from: running.email, to: 'ada@example.net' },
    }),
  );
});

it('an invitation to the new address is theirs', async () => {
  const bob = await join(running, admin, spaceId, { email: 'bob@example.net', role: 'admin' });
  const other = await bob.ask('POST', 'spaces', { name: 'Of Bob' });
  const { secret } = await invite(bob, String(other.json()['id']), { email: 'ada@new.example', role: 'member' });
  expect(kindOf(await admin.ask('POST', 'invitations/accept', { secret }))).toBe('invitation-for-another');
  await change('ada@example.net', 'ada@new.example');
  expect(kindOf(await admin.ask('POST', 'invitations/accept', { secret }))).toBe('done');
});

it('nothing that was meant for the old address opens anything', async () => {
  const eve = await join(running, admin, spaceId, { email: 'eve@old.example', role: 'admin' });
  const { id } = (await eve.ask('POST', 'spaces', { name: 'Of Eve' })).json<{ id: string }>();
  const fred = await join(running, admin, spaceId, { email: 'fred@old.example', role: 'member' });
  const { secret } = await invite(eve, id, { email: fred.email, role: 'admin' });
  const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
  database
    .prepare('insert into oidc_identity (issuer, subject, account_id, linked_at_ms) values (?, ?, ?, 0)')
    .run('https://issuer.example', 'fred', fred.accountId);
  await change(fred.email, 'fred@new.example');
  const account = { name: 'Not Fred', password };
  const accepted = await running.ask({ method: 'POST', path: 'invitations/accept', body: { secret, account } });
  expect(kindOf(accepted)).toBe('invitation-refused');
  expect((await eve.ask('GET', `spaces/${id}/invitations`)).json()).toMatchObject({ invitations: [] });
  expect(database.prepare('select * from oidc_identity where account_id = ?').all(fred.accountId)).toEqual([]);
  database.close();
});

it('an account whose accents were kept as they were typed is found under either spelling', async () => {
  const rene = await join(running, admin, spaceId, { email: 'ren\u00e9@example.net', role: 'member' });
  const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
  database.prepare('update account set email = ? where account_id = ?').run('rene\u0301@example.net', rene.accountId);
  database.close();
  for (const spelling of ['ren\u00e9@example.net', 'RENE\u0301@example.net'])
    expect(await signIn(spelling, password)).toBe('done');
});

it.each([
  ['nobody@example.net', 'new@example.net', 'not-found', 'No account has that e-mail address'],
  ['bob@example.net', 'ada@new.example', 'name-taken', 'An account has that e-mail address already'],
  ['bob@example.net', 'BOB@example.net', 'name-taken', 'An account has that e-mail address already'],
  ['bob@example.net', 'bob', 'invalid-request', 'must be an e-mail address'],
  ['bob@example.net', '', 'invalid-request', 'must be an e-mail address'],
  ['bob@example.net', 'a b@example.net', 'invalid-request', 'must be an e-mail address'],
])('%s does not become %j', async (email, newEmail, kind, says) => {
  const refused = await change(email, newEmail);
  expect(refused.kind).toBe(kind);
  expect(refused.message).toContain(says);
  expect(await signIn('bob@example.net', password)).toBe('done');
});
