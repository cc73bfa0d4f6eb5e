import { roles, rolesGivenBy, type Role } from '@claimstead/wire/cloud-api/roles';
import type { InvitationView } from '@claimstead/wire/cloud-api/invitations';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { firstPerson, invite, join, kindOf, membersOf, password, type Person } from './join-in-tests.ts';
import { refusedInvitationsLimit } from './accept-routes.ts';
import { invitesLimit } from './invitation-routes.ts';

let running: RunningCloud;
let admin: Person;
let spaceId: string;
const logged: string[] = [];
const note = (event: string, fields: object = {}): void => void logged.push(event + JSON.stringify(fields));
const log: Log = { debug: note, info: note, warn: note, error: note };
beforeAll(async () => {
  running = await startRunningCloud({ log });
  ({ admin, spaceId } = await firstPerson(running));
});
afterAll(() => running.close());

let counter = 0;
const someone = (): string => `guest-${++counter}@example.net`;
const post = (path: string, body: object, cookie?: string): Promise<HttpAnswer> =>
  running.ask({ method: 'POST', path: `invitations/${path}`, body, ...(cookie === undefined ? {} : { cookie }) });
const account = { name: 'Guest', password };
const accept = (secret: string, cookie?: string): Promise<HttpAnswer> =>
  post('accept', { secret, ...(cookie === undefined ? { account } : {}) }, cookie);
const open = async (): Promise<InvitationView[]> =>
  (await admin.ask('GET', `spaces/${spaceId}/invitations`)).json<{ invitations: InvitationView[] }>().invitations;
const emails = async (): Promise<string[]> => (await membersOf(admin, spaceId)).map(({ email }) => email);
const strangerSecret = (): string => `csi_${randomBytes(32).toString('base64url')}`;
/** Refusals count against the network that all of this test comes from. */
const afterLimits = (): void =>
  running.clock.advance(Math.max(refusedInvitationsLimit.windowMs, invitesLimit.windowMs));

describe('an invitation', () => {
  it('is a link that is told once, with 256 bits in its fragment, and nowhere else', async () => {
    const email = someone();
    const { invitation, link, secret } = await invite(admin, spaceId, {
      email: ` ${email.toUpperCase()} `,
      role: 'observer',
    });
    expect(link).toBe(`${running.cloud.url.origin}/invitation#${secret}`);
    expect(secret).toMatch(/^csi_[\w-]{43}$/);
    expect(invitation).toMatchObject({ email, role: 'observer', roomIds: [], invitedBy: 'admin' });
    expect(Date.parse(invitation.expiresAt) - running.clock.nowMs()).toBe(7 * 24 * 3600_000);
    const list = await admin.ask('GET', `spaces/${spaceId}/invitations`);
    expect(list.json<{ invitations: unknown[] }>().invitations).toContainEqual(invitation);
    await post('look', { secret });
    expect((await accept(secret)).status).toBe(200);
    const files = readdirSync(running.folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const kept = files.map((entry) => readFileSync(joinPath(entry.parentPath, entry.name), 'latin1'));
    const audit = JSON.stringify(await running.admin('audit', { space: null }));
    for (const text of [list.text, audit, ...logged, ...kept]) expect(text).not.toContain(secret.slice(4));
    expect(logged.join('')).toContain('member invited');
  });

  it('tells who holds its secret what it is for', async () => {
    const made = await admin.ask('POST', `spaces/${spaceId}/rooms`, { name: 'Databases' });
    const email = someone();
    const { secret, invitation } = await invite(admin, spaceId, {
      email,
      role: 'member',
      roomIds: [String(made.json()['id'])],
    });
    expect((await post('look', { secret })).json()).toEqual({
      spaceName: "admin's Space",
      email,
      role: 'member',
      rooms: ['Databases'],
      invitedBy: 'admin',
      expiresAt: invitation.expiresAt,
      hasAccount: false,
    });
  });

  it('makes an account for its address, signs it in and puts it into its rooms', async () => {
    const made = await admin.ask('POST', `spaces/${spaceId}/rooms`, { name: 'Web servers' });
    const roomIds = [String(made.json()['id'])];
    const email = someone();
    const person = await join(running, admin, spaceId, { email, role: 'member', roomIds });
    expect((await person.ask('GET', 'session')).json()).toMatchObject({
      account: { email, passwordIsInitial: false },
    });
    expect((await membersOf(admin, spaceId)).find((one) => one.email === email)).toMatchObject({
      role: 'member',
      roomIds,
    });
    expect(await running.signIn(email, password)).toMatch(/^__Host-/);
  });

  it('lets in an account that exists, once it is signed in as the address that is invited', async () => {
    const person = await join(running, admin, spaceId, { email: someone(), role: 'member' });
    const other = String((await person.ask('POST', 'spaces', { name: 'Of the guest' })).json()['id']);
    const { secret } = await invite(person, other, { email: admin.email, role: 'troubleshooter' });
    expect((await post('look', { secret })).json()).toMatchObject({ hasAccount: true, spaceName: 'Of the guest' });
    expect(kindOf(await accept(secret))).toBe('invitation-has-account');
    expect(kindOf(await post('accept', { secret, account }, admin.cookie))).toBe('invitation-has-account');
    expect((await accept(secret, admin.cookie)).json()).toEqual({ spaceId: other });
    expect((await admin.ask('GET', `spaces/${other}/members`)).status).toBe(200);
    expect(kindOf(await accept(secret, admin.cookie))).toBe('invitation-refused');
  });

  it('asks for a password that is long enough, and stays open until it gets one', async () => {
    const { secret } = await invite(admin, spaceId, { email: someone(), role: 'member' });
    expect(kindOf(await post('accept', { secret, account: { name: 'Guest', password: 'short' } }))).toBe(
      'password-too-weak',
    );
    expect(kindOf(await post('accept', { secret }))).toBe('sign-in-required');
    expect(kindOf(await accept(secret))).toBe('done');
  });

  it('ends when it is withdrawn, and when the address is invited anew', async () => {
    const email = someone();
    const first = await invite(admin, spaceId, { email, role: 'admin' });
    const second = await invite(admin, spaceId, { email, role: 'member' });
    expect(kindOf(await post('look', { secret: first.secret }))).toBe('invitation-refused');
    expect(kindOf(await post('look', { secret: second.secret }))).toBe('done');
    const path = `spaces/${spaceId}/invitations/${second.invitation.invitationId}`;
    expect(kindOf(await admin.ask('DELETE', path))).toBe('done');
    expect(kindOf(await admin.ask('DELETE', path))).toBe('not-found');
    expect(kindOf(await accept(second.secret))).toBe('invitation-refused');
    expect((await open()).filter((one) => one.email === email)).toEqual([]);
  });

  it('is for nobody who is a member already', async () => {
    const person = await join(running, admin, spaceId, { email: someone(), role: 'member' });
    const answer = await admin.ask('POST', `spaces/${spaceId}/invitations`, { email: person.email, role: 'member' });
    expect([answer.status, kindOf(answer)]).toEqual([409, 'already-member']);
  });

  it('promises no more than the role of who invites gives [T9]', async () => {
    for (const role of roles) {
      const inviter = await join(running, admin, spaceId, { email: someone(), role });
      const outcomes = [];
      for (const promised of roles)
        outcomes.push(
          kindOf(await inviter.ask('POST', `spaces/${spaceId}/invitations`, { email: someone(), role: promised })),
        );
      const mayInvite = role === 'admin' || role === 'manager';
      expect(outcomes).toEqual(
        roles.map((promised) =>
          !mayInvite ? 'forbidden' : rolesGivenBy(role).includes(promised) ? 'done' : 'role-not-yours-to-give',
        ),
      );
    }
  });

  it('of an administrator is neither withdrawn nor replaced by a manager', async () => {
    const manager = await join(running, admin, spaceId, { email: someone(), role: 'manager' });
    const email = someone();
    const { secret, invitation } = await invite(admin, spaceId, { email, role: 'admin' });
    const path = `spaces/${spaceId}/invitations`;
    expect(kindOf(await manager.ask('DELETE', `${path}/${invitation.invitationId}`))).toBe('role-not-yours-to-give');
    expect(kindOf(await manager.ask('POST', path, { email, role: 'member' }))).toBe('role-not-yours-to-give');
    expect(kindOf(await post('look', { secret }))).toBe('done');
  });

  it('is for one person, however their keyboard composes an accent', async () => {
    for (const email of ['Ren\u00e9@example.net', 'rene\u0301@example.net'])
      await invite(admin, spaceId, { email, role: 'member' });
    const invited = (await open()).map(({ email }) => email).filter((email) => email.startsWith('ren'));
    expect(invited).toEqual(['ren\u00e9@example.net']);
  });

  it('takes nothing but what it says [T10]', async () => {
    const path = `spaces/${spaceId}/invitations`;
    const before = (await open()).length;
    const body = { email: someone(), role: 'member' };
    for (const extra of ['spaceId', 'invitedBy', 'accountId', 'userId', 'isAdmin', 'id', 'expiresAt', 'secret'])
      expect(kindOf(await admin.ask('POST', path, { ...body, [extra]: admin.accountId }))).toBe('invalid-request');
    for (const wrong of [
      { role: 'owner' },
      { email: 'nobody' },
      { email: 'a@b\r\nBcc: c@d' },
      { email: 'a b@c' },
      { email: '\ud800@c' },
      { email: 'a\u3164@c' },
      { lifetimeDays: 8 },
      { lifetimeDays: 0 },
      { roomIds: [admin.accountId] },
    ])
      expect(kindOf(await admin.ask('POST', path, { ...body, ...wrong }))).toBe('invalid-request');
    expect(await open()).toHaveLength(before);

    const { secret } = await invite(admin, spaceId, { email: someone(), role: 'member' });
    const members = (await emails()).length;
    for (const extra of ['role', 'email', 'spaceId', 'roomIds', 'isAdmin', 'userId', 'id']) {
      expect(kindOf(await post('accept', { secret, account, [extra]: 'admin' }))).toBe('invalid-request');
      expect(kindOf(await post('accept', { secret, account: { ...account, [extra]: 'admin' } }))).toBe(
        'invalid-request',
      );
      expect(kindOf(await post('look', { secret, [extra]: 'admin' }))).toBe('invalid-request');
    }
    expect(await emails()).toHaveLength(members);
  });

  it('of another Space is not there', async () => {
    const stranger = await join(running, admin, spaceId, { email: someone(), role: 'member' });
    const other = String((await stranger.ask('POST', 'spaces', { name: 'Mine' })).json()['id']);
    const { invitation } = await invite(admin, spaceId, { email: someone(), role: 'member' });
    const path = `spaces/${other}/invitations/${invitation.invitationId}`;
    expect(kindOf(await stranger.ask('DELETE', path))).toBe('not-found');
    expect(kindOf(await stranger.ask('GET', `spaces/${spaceId}/invitations`))).toBe('forbidden');
    expect(await open()).toContainEqual(invitation);
  });
});

describe('abuse of an invitation [T25]', () => {
  it('lets exactly one in of twenty who accept at the same moment, in each of five rounds', async () => {
    for (let round = 0; round < 5; round++) {
      afterLimits();
      const email = someone();
      const { secret } = await invite(await fresh(), spaceId, { email, role: 'member' });
      const kinds = (await Promise.all(Array.from({ length: 20 }, () => accept(secret)))).map(kindOf);
      expect(kinds.filter((kind) => kind === 'done')).toHaveLength(1);
      expect((await emails()).filter((one) => one === email)).toHaveLength(1);
    }
  });

  it('lets a hundred accounts that exist race for one place, and takes one', async () => {
    afterLimits();
    const person = await join(running, await fresh(), spaceId, { email: someone(), role: 'member' });
    const other = String((await (await fresh()).ask('POST', 'spaces', { name: `Race ${counter}` })).json()['id']);
    const { secret } = await invite(admin, other, { email: person.email, role: 'member' });
    // As many as the limit of refusals of one network lets through, twice.
    const answers = await Promise.all(Array.from({ length: 100 }, () => accept(secret, person.cookie)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await membersOf(admin, other)).map(({ email }) => email)).toEqual([admin.email, person.email].toSorted());
  });

  it('accepts none of a hundred that were used, expired, withdrawn, for another, or promised by who lost the right', async () => {
    afterLimits();
    await fresh();
    const before = (await emails()).length;
    let joined = 0;
    for (let round = 0; round < 20; round++) {
      if (round % 5 === 0) {
        afterLimits();
        await fresh();
      }
      const used = await invite(admin, spaceId, { email: someone(), role: 'member' });
      const usedBy = await accept(used.secret);
      expect(usedBy.status).toBe(200);
      joined += 1;
      expect(kindOf(await accept(used.secret))).toBe('invitation-refused');

      const withdrawn = await invite(admin, spaceId, { email: someone(), role: 'member' });
      await admin.ask('DELETE', `spaces/${spaceId}/invitations/${withdrawn.invitation.invitationId}`);
      expect(kindOf(await accept(withdrawn.secret))).toBe('invitation-refused');

      const forAnother = await invite(admin, spaceId, { email: someone(), role: 'member' });
      const cookie = usedBy.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      expect(kindOf(await accept(forAnother.secret, cookie))).toBe('invitation-for-another');
      expect(kindOf(await post('accept', { secret: forAnother.secret, account }, cookie))).toBe(
        'invitation-for-another',
      );

      const demoted = await lostRight(round);
      expect(kindOf(await accept(demoted))).toBe('invitation-refused');

      const expired = await invite(admin, spaceId, { email: someone(), role: 'member', lifetimeDays: 1 });
      running.clock.advance(24 * 3600_000);
      await fresh();
      expect(kindOf(await accept(expired.secret))).toBe('invitation-refused');
      joined += round % 2 === 0 ? 1 : 0;
    }
    // Those who came are those who used theirs first, and the inviters that were only demoted.
    expect(await emails()).toHaveLength(before + joined);
  }, 60_000);

  it('says the same to every secret that opens nothing, and stops listening to a flood of them', async () => {
    afterLimits();
    await fresh();
    const used = await invite(admin, spaceId, { email: someone(), role: 'member' });
    await accept(used.secret);
    const bare = async (secret: string, path: string, cookie?: string) => {
      const answer = await post(path, { secret, ...(path === 'accept' ? { account } : {}) }, cookie);
      return [answer.status, { ...answer.json(), requestId: '' }];
    };
    for (const path of ['look', 'accept'])
      for (const cookie of [undefined, admin.cookie])
        expect(await bare(used.secret, path, cookie)).toEqual(await bare(strangerSecret(), path, cookie));
    const kinds: unknown[] = [];
    for (let n = 0; n < refusedInvitationsLimit.tries; n++)
      kinds.push(kindOf(await post('look', { secret: strangerSecret() })));
    expect(kinds.at(0)).toBe('invitation-refused');
    expect(kinds.at(-1)).toBe('too-many-requests');
  });

  it('asks a browser’s page of the Cloud itself', async () => {
    afterLimits();
    const { secret } = await invite(await fresh(), spaceId, { email: someone(), role: 'member' });
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const body = { secret, account };
    expect(kindOf(await running.ask({ method: 'POST', path: 'invitations/accept', body, headers }))).toBe(
      'origin-refused',
    );
    expect(kindOf(await accept(secret))).toBe('done');
  });
});

/** After days of the test's clock the session is over. */
async function fresh(): Promise<Person> {
  ({ admin } = await firstPerson(running));
  return admin;
}

/** The secret of an invitation whose inviter was demoted (even rounds) or removed (odd ones) since. */
async function lostRight(round: number): Promise<string> {
  const role: Role = round % 4 < 2 ? 'manager' : 'admin';
  const inviter = await join(running, admin, spaceId, { email: someone(), role });
  const { secret } = await invite(inviter, spaceId, { email: someone(), role });
  const path = `spaces/${spaceId}/members/${inviter.accountId}`;
  const ended =
    round % 2 === 0
      ? await admin.ask('PATCH', path, { role: role === 'admin' ? 'manager' : 'observer' })
      : await admin.ask('DELETE', path);
  expect(ended.status).toBeLessThan(300);
  return secret;
}
