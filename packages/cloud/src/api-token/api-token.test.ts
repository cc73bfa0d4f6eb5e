// API tokens from outside: what they open, what they never do, and how fast they end.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isScannableToken } from '@claimstead/wire/claim/scannable-token';
import { lowerRole, roleMay, roles, spaceActions, type Role, type SpaceAction } from '@claimstead/wire/cloud-api/roles';
import { rolePermissions } from '@claimstead/wire/link/permissions';
import { cloudFolder } from '../config/data-folder.ts';
import type { Log, LogFields } from '../log.ts';
import { startRunningCloud, type Asked, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';

const lines: [string, Partial<LogFields>][] = [];
const note = (event: string, fields: Partial<LogFields> = {}): void => void lines.push([event, fields]);
const log: Log = { debug: note, info: note, warn: note, error: note };

let running: RunningCloud;
let cookie: string;
let spaceId: string;
let otherSpace: string;
beforeAll(async () => {
  running = await startRunningCloud({ log });
  cookie = await running.signIn();
  otherSpace = (await running.admin<{ spaceId: string }>('space-create', { name: 'Other' })).spaceId;
  const { spaces } = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  spaceId = spaces.find(({ id }) => id !== otherSpace)?.id ?? '';
});
afterAll(() => running.close());
beforeEach(async () => {
  cookie = await running.signIn();
});

const kindOf = (answer: HttpAnswer): unknown => (answer.status < 300 ? answer.status : answer.json()['kind']);
const make = (wanted: object = {}): Promise<HttpAnswer> =>
  running.ask({
    method: 'POST',
    path: 'account/tokens',
    cookie,
    body: { name: 'backup', spaceId, role: 'admin', days: 1, ...wanted },
  });
const token = async (role: Role = 'admin'): Promise<string> => (await make({ role })).json<{ token: string }>().token;
const as = (bearer: string, asked: Asked): Promise<HttpAnswer> =>
  running.ask({ ...asked, headers: { authorization: `Bearer ${bearer}`, ...asked.headers } });
const revoke = async (): Promise<void> => {
  const { tokens } = (await running.ask({ path: 'account/tokens', cookie })).json<{ tokens: { id: string }[] }>();
  for (const { id } of tokens) await running.ask({ method: 'DELETE', path: `account/tokens/${id}`, cookie });
};
const rooms = (id = spaceId): Asked => ({ path: `spaces/${id}/rooms` });
const setRole = (role: Role): void => {
  const db = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
  db.prepare('update space_member set role = ? where space_id = ?').run(role, spaceId);
  db.close();
  // The Cloud sees a hand in its database after a second.
  running.clock.advance(1001);
};

describe('a token', () => {
  it('is made with a name, a Space, a role and days, and is shown once', async () => {
    const made = await make({ role: 'observer', days: 30 });
    expect(made.status).toBe(201);
    const { token: text, view } = made.json<{ token: string; view: Record<string, string> }>();
    expect(text).toMatch(/^csa_[0-9A-Za-z]{38}$/);
    expect(isScannableToken('csa_', text)).toBe(true);
    expect(view).toMatchObject({ name: 'backup', spaceId, role: 'observer', lastUsedAt: null });
    expect(Date.parse(view['expiresAt'] ?? '') - Date.parse(view['since'] ?? '')).toBe(30 * 86_400_000);
    const list = await running.ask({ path: 'account/tokens', cookie });
    expect(list.json()).toEqual({ tokens: [view] });
    expect(list.text).not.toContain(text);
    await revoke();
  });

  it.each([
    [{ days: 0 }, 'invalid-request'],
    [{ days: 366 }, 'invalid-request'],
    [{ name: '' }, 'invalid-request'],
    [{ role: 'owner' }, 'invalid-request'],
    [{ extra: 1 }, 'invalid-request'],
    [{ spaceId: '7d9f1d3e-0b8a-4f6e-9a39-0c1f6f1f6b11' }, 'not-found'],
  ])('is not made with %j', async (wanted, kind) => {
    expect(kindOf(await make(wanted))).toBe(kind);
  });

  it('opens its Space alone', async () => {
    const text = await token();
    expect((await as(text, rooms())).status).toBe(200);
    const [elsewhere, nowhere] = [
      await as(text, rooms(otherSpace)),
      await as(text, rooms('7d9f1d3e-0b8a-4f6e-9a39-0c1f6f1f6b11')),
    ];
    const bare = (answer: HttpAnswer) => ({ ...answer.json(), requestId: '' });
    expect([elsewhere.status, bare(elsewhere)]).toEqual([404, bare(nowhere)]);
    const { spaces } = (await as(text, { path: 'spaces' })).json<{ spaces: { id: string; role: string }[] }>();
    expect(spaces.map(({ id, role }) => [id, role])).toEqual([[spaceId, 'admin']]);
  });

  it('gives, takes and promises no role above its own, whatever its owner is', async () => {
    const text = await token('manager');
    const invite = (role: Role): Promise<HttpAnswer> =>
      as(text, { method: 'POST', path: `spaces/${spaceId}/invitations`, body: { email: `${role}@example.net`, role } });
    expect(kindOf(await invite('admin'))).toBe('role-not-yours-to-give');
    expect(kindOf(await invite('observer'))).toBe(201);
    const own = { method: 'POST', path: `spaces/${spaceId}/invitations`, cookie };
    const promised = await running.ask({ ...own, body: { email: 'promised@example.net', role: 'admin' } });
    const { invitationId } = promised.json<{ invitation: { invitationId: string } }>().invitation;
    const withdrawn = await as(text, { method: 'DELETE', path: `spaces/${spaceId}/invitations/${invitationId}` });
    expect(kindOf(withdrawn)).toBe('role-not-yours-to-give');
    const { members } = (await as(text, { path: `spaces/${spaceId}/members` })).json<{
      members: { accountId: string }[];
    }>();
    const administrator = `spaces/${spaceId}/members/${members[0]?.accountId}`;
    for (const asked of [
      { method: 'PATCH', path: administrator, body: { role: 'observer' } },
      { method: 'PATCH', path: administrator, body: { roomIds: [], revokesTokens: true } },
      { method: 'DELETE', path: administrator },
    ])
      expect((await as(text, asked)).status).toBe(403);
  });

  it('does not take its owner out of the Space', async () => {
    const left = await as(await token(), { method: 'DELETE', path: `spaces/${spaceId}/membership` });
    expect(kindOf(left)).toBe('api-token-not-enough');
  });

  it('changes things without an Origin, and without a page', async () => {
    const text = await token();
    const create = (name: string, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
      as(text, { method: 'POST', path: `spaces/${spaceId}/rooms`, body: { name }, headers });
    expect(kindOf(await create('By a program'))).toBe(201);
    expect(
      kindOf(await create('From a page', { origin: 'https://tools.example', 'sec-fetch-site': 'cross-site' })),
    ).toBe(201);
  });

  it('never counts for the account itself, nor for other tokens', async () => {
    const text = await token();
    for (const [method, path, body] of [
      ['GET', 'session', undefined],
      ['DELETE', 'session', undefined],
      ['GET', 'account', undefined],
      ['PATCH', 'account', { name: 'x' }],
      ['PUT', 'account/password', { currentPassword: running.password, newPassword: 'a new long password' }],
      ['GET', 'account/sessions', undefined],
      ['DELETE', 'account/sessions?which=all', undefined],
      ['GET', 'account/tokens', undefined],
      ['POST', 'account/tokens', { name: 'x', spaceId, role: 'admin', days: 1 }],
      ['POST', 'account/two-step', { password: running.password }],
      ['POST', 'account/two-step/off', { password: running.password }],
      ['POST', 'account/recovery-codes', { password: running.password }],
      ['GET', 'account/passkeys', undefined],
      ['POST', 'account/passkeys/options', { password: running.password }],
    ] as const) {
      const answer = await as(text, { method, path, ...(body === undefined ? {} : { body }) });
      expect(`${method} ${path} ${String(kindOf(answer))}`).toBe(`${method} ${path} api-token-not-enough`);
    }
    expect((await running.ask({ path: 'session', cookie })).status).toBe(200);
  });

  it('is taken from the header alone, and then the cookie counts for nothing', async () => {
    const text = await token();
    expect((await running.ask(rooms())).status).toBe(401);
    expect((await running.ask({ path: `spaces/${spaceId}/rooms?access_token=${text}` })).status).toBe(401);
    expect((await running.ask({ path: `spaces/${spaceId}/rooms?token=${text}` })).status).toBe(401);
    expect((await running.ask({ ...rooms(), cookie: `__Host-claimstead=${text}` })).status).toBe(401);
    expect((await running.ask({ ...rooms(), headers: { authorization: text } })).status).toBe(401);
    const wrong = `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
    expect(kindOf(await as(wrong, { ...rooms(), cookie }))).toBe('api-token-refused');
    expect(kindOf(await as(cookie.split('=')[1] ?? '', rooms()))).toBe('api-token-refused');
    expect(kindOf(await as(await running.claimToken(), rooms()))).toBe('api-token-refused');
    // A proxy's own password is none of ours.
    expect((await running.ask({ ...rooms(), cookie, headers: { authorization: 'Basic YTpi' } })).status).toBe(200);
  });
});

describe('what it may', () => {
  it('is what its role and its owner’s both may, at every request', async () => {
    const [admin, manager, observer] = [await token('admin'), await token('manager'), await token('observer')];
    const create = async (text: string): Promise<unknown> =>
      kindOf(await as(text, { method: 'POST', path: `spaces/${spaceId}/rooms`, body: { name: `r ${lines.length}` } }));
    expect([await create(admin), await create(manager), await create(observer)]).toEqual([201, 201, 'forbidden']);
    setRole('troubleshooter');
    expect([await create(admin), await create(manager)]).toEqual(['forbidden', 'forbidden']);
    expect((await as(admin, rooms())).status).toBe(200);
    expect(kindOf(await make({ role: 'manager' }))).toBe('forbidden');
    expect(kindOf(await make({ role: 'troubleshooter' }))).toBe(201);
    const { spaces } = (await as(admin, { path: 'spaces' })).json<{ spaces: { role: string }[] }>();
    expect(spaces[0]?.role).toBe('troubleshooter');
    setRole('admin');
    expect(await create(manager)).toBe(201);
    await revoke();
  });

  it('of the lower of two roles is in both of them', () => {
    const both = (one: Role, other: Role, lower: Role): boolean =>
      (Object.keys(spaceActions) as SpaceAction[]).every(
        (action) => !roleMay(lower, action) || (roleMay(one, action) && roleMay(other, action)),
      ) && (rolePermissions[lower] & ~(rolePermissions[one] & rolePermissions[other])) === 0;
    for (const one of roles) for (const other of roles) expect(both(one, other, lowerRole(one, other))).toBe(true);
  });
});

describe('its end', () => {
  it('comes at the next request after it was revoked, by its owner alone', async () => {
    const text = await token();
    expect((await as(text, rooms())).status).toBe(200);
    await revoke();
    expect(kindOf(await as(text, rooms()))).toBe('api-token-refused');
    const gone = await running.ask({
      method: 'DELETE',
      path: 'account/tokens/7d9f1d3e-0b8a-4f6e-9a39-0c1f6f1f6b11',
      cookie,
    });
    expect(kindOf(gone)).toBe('not-found');
  });

  it('comes with its last day', async () => {
    const text = await token();
    expect((await as(text, rooms())).status).toBe(200);
    running.clock.advance(86_400_000);
    expect(kindOf(await as(text, rooms()))).toBe('api-token-refused');
  });
});

describe('what is kept', () => {
  it('is told by each row of the audit that it caused, and by none that its owner caused', async () => {
    const made = (await make({ name: 'Deploys' })).json<{ token: string; view: { id: string } }>();
    const create = (name: string): Asked => ({ method: 'POST', path: `spaces/${spaceId}/rooms`, body: { name } });
    expect(kindOf(await as(made.token, create('Made by deploys')))).toBe(201);
    expect(kindOf(await running.ask({ ...create('by hand'), cookie }))).toBe(201);
    const { rows } = (await running.ask({ path: `spaces/${spaceId}/audit?most=2`, cookie })).json<{
      rows: { account: { email: string }; details: object }[];
    }>();
    const details = rows.map((row) => [row.account.email, row.details]);
    const room = { roomId: expect.any(String) as string, name: 'by hand', slug: 'by-hand' };
    const through = { apiToken: 'Deploys', apiTokenId: made.view.id };
    expect(details).toEqual([
      [running.email, room],
      [running.email, { ...room, name: 'Made by deploys', slug: 'made-by-deploys', ...through }],
    ]);
    await revoke();
  });

  it('is a hash, when it was used, and who made and revoked it', async () => {
    const text = await token();
    await as(text, rooms());
    const { tokens } = (await running.ask({ path: 'account/tokens', cookie })).json<{
      tokens: { lastUsedAt: string | null }[];
    }>();
    expect(tokens[0]?.lastUsedAt).not.toBeNull();
    await revoke();
    const rows = await running.admin<{ kind: string; tokenId: string }[]>('audit', { space: spaceId });
    expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['api-token-made', 'api-token-revoked']));
    expect(JSON.stringify(lines) + JSON.stringify(rows)).not.toMatch(/csa_/);
    expect(spawnSync('grep', ['-rlaE', 'csa_[0-9A-Za-z]{38}', running.folder], { encoding: 'utf8' }).stdout).toBe('');
    expect(readdirSync(join(running.folder, 'cloud')).length).toBeGreaterThan(0);
    expect(readFileSync(cloudFolder(running.folder).databaseFile).includes(text)).toBe(false);
  });
});
