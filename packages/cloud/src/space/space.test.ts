import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminAuditRow } from '../control/audit-commands.ts';
import { askPassword, claimIdentity, link, newIdentity } from '../gateway/testing/linked-agent.ts';
import { firstPerson, invite, join, kindOf, membersOf, type Person } from '../invitation/join-in-tests.ts';
import { startRunningCloud, type RunningCloud } from '../main-in-tests.ts';
import { newSpacesLimit } from './space-routes.ts';

let running: RunningCloud;
let admin: Person;
let first: string;
beforeAll(async () => {
  running = await startRunningCloud();
  ({ admin, spaceId: first } = await firstPerson(running));
});
afterAll(() => running.close());

const make = async (by: Person, name: string): Promise<string> => {
  const answer = await by.ask('POST', 'spaces', { name });
  expect([answer.status, answer.json()]).toEqual([
    201,
    { id: expect.any(String), name, namedAt: expect.any(String), role: 'admin', nodeCount: 0 },
  ]);
  return String(answer.json()['id']);
};
const names = async (by: Person): Promise<string[]> =>
  (await by.ask('GET', 'spaces')).json<{ spaces: { name: string }[] }>().spaces.map(({ name }) => name);
const audit = (): Promise<AdminAuditRow[]> => running.admin<AdminAuditRow[]>('audit', { space: null });

describe('a new Space', () => {
  it('may be made by everybody who is signed in, who is its administrator then', async () => {
    const member = await join(running, admin, first, { email: 'maker@example.net', role: 'member' });
    const spaceId = await make(member, 'Lab');
    expect(await names(member)).toEqual(["admin's Space", 'Lab']);
    expect(await membersOf(member, spaceId)).toMatchObject([{ email: 'maker@example.net', role: 'admin' }]);
    expect((await member.ask('GET', `spaces/${spaceId}/rooms`)).json()).toMatchObject({
      rooms: [{ holdsAllNodes: true }],
    });
    expect(kindOf(await admin.ask('GET', `spaces/${spaceId}/rooms`))).toBe('not-found');
    expect((await audit()).at(-1)).toMatchObject({ kind: 'space-made', spaceId, accountId: member.accountId });
    // Of the names of others nobody learns; one's own differ.
    await make(admin, 'Lab');
    expect(kindOf(await member.ask('POST', 'spaces', { name: ' LAB ' }))).toBe('name-taken');
    const other = await make(member, 'Other');
    expect(kindOf(await member.ask('PATCH', `spaces/${other}`, { name: 'lab' }))).toBe('name-taken');
    expect(kindOf(await member.ask('PATCH', `spaces/${other}`, { name: 'OTHER' }))).toBe('done');
    await member.ask('DELETE', `spaces/${other}`, { name: 'OTHER' });
  });

  it('may be named anew like another that its administrator came into later, and a program learns of none', async () => {
    const owner = await join(running, admin, first, { email: 'owner@example.net', role: 'member' });
    const theirs = await make(owner, 'Namesake');
    const own = await make(admin, 'Namesake');
    await running.ask({
      method: 'POST',
      path: 'invitations/accept',
      cookie: admin.cookie,
      body: { secret: (await invite(owner, theirs, { email: running.email, role: 'member' })).secret },
    });
    expect(await names(admin)).toEqual(expect.arrayContaining(["admin's Space", 'Namesake']));
    const renamed = (as: Person, spaceId: string, name: string) => as.ask('PATCH', `spaces/${spaceId}`, { name });
    expect(kindOf(await renamed(admin, own, 'NAMESAKE'))).toBe('done');
    expect(kindOf(await renamed(admin, first, 'Namesake'))).toBe('name-taken');
    const made = await admin.ask('POST', 'account/tokens', { name: 'p', spaceId: first, role: 'admin', days: 1 });
    const headers = { authorization: `Bearer ${String(made.json()['secret'] ?? made.json()['token'])}` };
    const asProgram = await running.ask({
      method: 'PATCH',
      path: `spaces/${first}`,
      body: { name: 'Namesake' },
      headers,
    });
    expect(asProgram.status).toBe(200);
    expect(kindOf(await renamed(admin, first, "admin's Space"))).toBe('done');
    for (const spaceId of [own, theirs])
      await (spaceId === own ? admin : owner).ask('DELETE', `spaces/${spaceId}`, {
        name: spaceId === own ? 'NAMESAKE' : 'Namesake',
      });
  });

  it('takes a name and nothing else, and not without end [T10]', async () => {
    const member = await join(running, admin, first, { email: 'many@example.net', role: 'member' });
    for (const extra of ['id', 'spaceId', 'role', 'isAdmin', 'userId', 'namedAt'])
      expect(kindOf(await member.ask('POST', 'spaces', { name: 'More', [extra]: first }))).toBe('invalid-request');
    for (const name of ['', ' ', 'two\nlines', 'x'.repeat(65)])
      expect(kindOf(await member.ask('POST', 'spaces', { name }))).toBe('invalid-request');
    for (let n = 1; n <= newSpacesLimit.tries; n++) await make(member, `Space ${n}`);
    expect(kindOf(await member.ask('POST', 'spaces', { name: 'One more' }))).toBe('too-many-requests');
  });
});

describe('a Space that is deleted', () => {
  it('asks for its name, as it is, and for an administrator', async () => {
    const spaceId = await make(admin, 'Keep me');
    const manager = await join(running, admin, spaceId, { email: 'keeper@example.net', role: 'manager' });
    const path = `spaces/${spaceId}`;
    expect(kindOf(await manager.ask('DELETE', path, { name: 'Keep me' }))).toBe('forbidden');
    for (const name of ['keep me', 'Keep me ', '', "admin's Space"])
      expect(kindOf(await admin.ask('DELETE', path, { name }))).toBe('space-name-differs');
    for (const body of [{}, { name: 'Keep me', id: first }, { name: 'Keep me', spaceId: first }])
      expect(kindOf(await admin.ask('DELETE', path, body))).toBe('invalid-request');
    expect(await names(manager)).toEqual(['Keep me']);
    await admin.ask('PATCH', path, { name: 'Renamed' });
    expect(kindOf(await admin.ask('DELETE', path, { name: 'Keep me' }))).toBe('space-name-differs');
    expect((await audit()).at(-1)).toMatchObject({
      kind: 'space-renamed',
      accountId: admin.accountId,
      details: { from: 'Keep me', to: 'Renamed' },
    });
  });

  it('cuts its links, denies its keys, forgets tokens and invitations, and leaves a row in the audit', async () => {
    const spaceId = await make(admin, 'Doomed');
    const member = await join(running, admin, spaceId, { email: 'doomed@example.net', role: 'observer' });
    const { secret } = await invite(admin, spaceId, { email: 'never@example.net', role: 'member' });
    const token = await running.claimToken({ space: spaceId });
    const identity = newIdentity();
    expect((await claimIdentity(running, identity, { token })).status).toBe(204);
    const agent = await link(running, identity);

    expect((await admin.ask('DELETE', `spaces/${spaceId}`, { name: 'Doomed' })).status).toBe(204);
    await agent.until(() => agent.closed);
    expect((await askPassword(running, identity)).json()).toMatchObject({
      errorCode: 'link-removed',
      errorMsgKey: 'ErrNodeRemoved',
      errorNonRetryable: true,
    });
    expect((await claimIdentity(running, newIdentity(), { token })).status).toBe(403);
    expect(kindOf(await running.ask({ method: 'POST', path: 'invitations/look', body: { secret } }))).toBe(
      'invitation-refused',
    );
    expect(await names(member)).toEqual([]);
    for (const person of [admin, member])
      for (const [method, body] of [['GET'], ['DELETE', { name: 'Doomed' }]] as const)
        expect(kindOf(await person.ask(method, `spaces/${spaceId}${method === 'GET' ? '/nodes' : ''}`, body))).toBe(
          'not-found',
        );
    expect((await audit()).at(-1)).toMatchObject({
      kind: 'space-deleted',
      spaceId,
      accountId: admin.accountId,
      sourceNetwork: '127.0.0.1',
      details: { name: 'Doomed', nodes: 1, members: 2 },
    });
    // The machine is free: another Space takes it, under the same claim.
    expect((await claimIdentity(running, identity, { token: await running.claimToken({ space: first }) })).status).toBe(
      204,
    );
    await link(running, identity);
  });

  it('may be the last one: whoever is in no Space makes a new one', async () => {
    const person = await join(running, admin, first, { email: 'alone@example.net', role: 'member' });
    await person.ask('DELETE', `spaces/${first}/membership`);
    const spaceId = await make(person, 'Mine');
    expect(kindOf(await person.ask('DELETE', `spaces/${spaceId}`, { name: 'Mine' }))).toBe('done');
    expect(await names(person)).toEqual([]);
    await make(person, 'Mine');
  });
});

describe('rooms of a manager', () => {
  it('are made, renamed and deleted, and every step is in the audit', async () => {
    const manager = await join(running, admin, first, { email: 'rooms@example.net', role: 'manager' });
    const made = await manager.ask('POST', `spaces/${first}/rooms`, { name: 'Racks' });
    expect(made.status).toBe(201);
    const roomId = made.json()['id'];
    expect(kindOf(await manager.ask('PATCH', `spaces/${first}/rooms/${String(roomId)}`, { name: 'Cages' }))).toBe(
      'done',
    );
    expect(kindOf(await manager.ask('DELETE', `spaces/${first}/rooms/${String(roomId)}`))).toBe('done');
    const rows = (await audit()).slice(-3);
    expect(rows.map(({ kind, details }) => [kind, details])).toEqual([
      ['room-made', { roomId, name: 'Racks', slug: 'racks' }],
      ['room-renamed', { roomId, from: 'Racks', to: 'Cages' }],
      ['room-deleted', { roomId, name: 'Cages', slug: 'racks' }],
    ]);
    for (const row of rows) expect(row).toMatchObject({ accountId: manager.accountId, spaceId: first });
  });
});
