import type { ClaimTokenView, NewClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import type { Role } from '@claimstead/wire/cloud-api/roles';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { firstPerson, invite, join, kindOf, membersOf, type Person } from '../invitation/join-in-tests.ts';
import { claimBody, startRunningCloud, type RunningCloud } from '../main-in-tests.ts';

let running: RunningCloud;
let admin: Person;
let spaceId: string;
beforeAll(async () => {
  running = await startRunningCloud();
  ({ admin, spaceId } = await firstPerson(running));
});
afterAll(() => running.close());

let counter = 0;
const joining = (role: Role, roomIds: string[] = [], by = admin): Promise<Person> =>
  join(running, by, spaceId, { email: `${role}-${++counter}@example.net`, role, roomIds });
const memberPath = (who: Person): string => `spaces/${spaceId}/members/${who.accountId}`;
const changing = async (by: Person, who: Person, body: object): Promise<unknown> =>
  kindOf(await by.ask('PATCH', memberPath(who), body));
const newRoom = async (name: string): Promise<string> =>
  String((await admin.ask('POST', `spaces/${spaceId}/rooms`, { name })).json()['id']);
const claimed = async (hostname: string, room?: string): Promise<string> => {
  const body = claimBody({ token: await running.claimToken({ rooms: room === undefined ? [] : [room] }), hostname });
  expect((await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body })).status).toBe(204);
  const { nodes } = (await admin.ask('GET', `spaces/${spaceId}/nodes`)).json<{
    nodes: { nodeId: string; hostname: string }[];
  }>();
  return nodes.find((node) => node.hostname === hostname)?.nodeId ?? '';
};

describe('members over HTTP', () => {
  it('are listed to those who may see them, with roles, rooms and when they joined', async () => {
    const roomId = await newRoom('Listed');
    const observer = await joining('observer', [roomId]);
    const member = (await membersOf(admin, spaceId)).find(({ accountId }) => accountId === observer.accountId);
    expect(member).toEqual({
      accountId: observer.accountId,
      name: observer.email.split('@')[0],
      email: observer.email,
      role: 'observer',
      roomIds: [roomId],
      joinedAt: new Date(running.clock.nowMs()).toISOString(),
    });
    const path = `spaces/${spaceId}/members`;
    expect(kindOf(await (await joining('troubleshooter')).ask('GET', path))).toBe('done');
    expect(kindOf(await observer.ask('GET', path))).toBe('forbidden');
    expect(kindOf(await (await joining('member')).ask('GET', path))).toBe('forbidden');
  });

  it('see what their role and rooms say at once, and lose it at once', async () => {
    const roomId = await newRoom('Databases');
    const inRoom = await claimed('db-1', 'databases');
    const outside = await claimed('web-9');
    const person = await joining('member');
    const sees = async (): Promise<string[]> => {
      const { nodes } = (await person.ask('GET', `spaces/${spaceId}/nodes`)).json<{ nodes: { nodeId: string }[] }>();
      // Nor does the number of nodes tell of others.
      expect((await person.ask('GET', 'spaces')).json()).toMatchObject({ spaces: [{ nodeCount: nodes.length }] });
      return nodes.map(({ nodeId }) => nodeId).filter((nodeId) => nodeId === inRoom || nodeId === outside);
    };
    expect(await sees()).toEqual([]);
    expect(await changing(admin, person, { roomIds: [roomId] })).toBe('done');
    expect(await sees()).toEqual([inRoom]);
    expect(kindOf(await person.ask('GET', `nodes/${outside}`))).toBe('not-found');
    expect(await changing(admin, person, { role: 'troubleshooter' })).toBe('done');
    expect((await sees()).toSorted()).toEqual([inRoom, outside].toSorted());
    const { rooms } = (await admin.ask('GET', `spaces/${spaceId}/rooms`)).json<{
      rooms: { id: string; holdsAllNodes: boolean }[];
    }>();
    const everything = rooms.filter(({ holdsAllNodes }) => holdsAllNodes).map(({ id }) => id);
    expect(await changing(admin, person, { role: 'observer', roomIds: [...everything, roomId] })).toBe('done');
    expect((await sees()).toSorted()).toEqual([inRoom, outside].toSorted());
    expect(await changing(admin, person, { roomIds: [] })).toBe('done');
    expect(await sees()).toEqual([]);
    expect(kindOf(await admin.ask('DELETE', memberPath(person)))).toBe('done');
    expect(kindOf(await person.ask('GET', `spaces/${spaceId}/nodes`))).toBe('not-found');
    expect((await person.ask('GET', 'spaces')).json()).toEqual({ spaces: [] });
    expect(kindOf(await admin.ask('DELETE', memberPath(person)))).toBe('not-found');
  });

  it('leave their claiming tokens behind, unless whoever takes their place says otherwise', async () => {
    const tokens = async () =>
      (await admin.ask('GET', `spaces/${spaceId}/claim-tokens`)).json<{ tokens: ClaimTokenView[] }>().tokens;
    const make = async (by: Person, name: string): Promise<string> => {
      const settings = { lifetimeMs: 60_000, usesLeft: null, roomIds: [], sourceNetworks: [], admitsByHand: false };
      const made = await by.ask('POST', `spaces/${spaceId}/claim-tokens`, { name, ...settings });
      return made.json<NewClaimTokenView>().token.id;
    };
    const find = async (id: string) => (await tokens()).find((token) => token.id === id);
    const [kept, demoted, removed] = [await joining('admin'), await joining('admin'), await joining('admin')];
    const [ofKept, ofDemoted, ofRemoved] = [
      await make(kept, 'kept'),
      await make(demoted, 'demoted'),
      await make(removed, 'removed'),
    ];
    expect(await find(ofKept)).toMatchObject({ state: 'valid', madeBy: { isAdministrator: true }, restoredFrom: null });
    expect(await changing(admin, kept, { role: 'manager' })).toBe('done');
    expect(await find(ofKept)).toMatchObject({ state: 'valid', madeBy: { isAdministrator: false } });
    expect(await changing(admin, demoted, { role: 'manager', revokesTokens: true })).toBe('done');
    expect(await find(ofDemoted)).toMatchObject({ state: 'revoked', madeBy: { isAdministrator: false } });
    const stranger = `${memberPath(removed)}?revokesTokens=maybe`;
    expect(kindOf(await admin.ask('DELETE', stranger))).toBe('invalid-request');
    expect(kindOf(await admin.ask('DELETE', `${memberPath(removed)}?revokesTokens=yes`))).toBe('done');
    expect(await find(ofRemoved)).toMatchObject({ state: 'revoked', madeBy: { isAdministrator: false } });
    expect((await find(ofRemoved))?.madeBy?.name).not.toBeNull();
    const audit = await running.admin<{ kind: string; tokenId: string | null; accountId: string | null }[]>('audit', {
      space: null,
    });
    for (const tokenId of [ofDemoted, ofRemoved])
      expect(audit.filter((row) => row.tokenId === tokenId && row.kind === 'token-revoked')).toMatchObject([
        { accountId: admin.accountId },
      ]);

    // A manager may remove them, and knows nothing of tokens.
    const manager = await joining('manager');
    const path = `${memberPath(kept)}?revokesTokens=yes`;
    expect(kindOf(await manager.ask('DELETE', path))).toBe('forbidden');
    expect(await changing(manager, kept, { role: 'member', revokesTokens: true })).toBe('forbidden');
    expect((await membersOf(admin, spaceId)).find(({ accountId }) => accountId === kept.accountId)?.role).toBe(
      'manager',
    );
    expect(kindOf(await manager.ask('DELETE', memberPath(kept)))).toBe('done');
    expect(await find(ofKept)).toMatchObject({ state: 'valid' });
  });

  it('cannot be raised, lowered or removed beyond what the role of who asks gives [T9]', async () => {
    const manager = await joining('manager');
    const other = await joining('manager');
    const member = await joining('member');
    for (const role of ['observer', 'troubleshooter', 'manager', 'member'] as const)
      expect(await changing(manager, member, { role })).toBe('done');
    expect(await changing(manager, member, { role: 'admin' })).toBe('role-not-yours-to-give');
    expect(await changing(manager, manager, { role: 'admin' })).toBe('role-not-yours-to-give');
    expect(await changing(manager, admin, { role: 'member' })).toBe('role-not-yours-to-give');
    expect(await changing(manager, admin, { roomIds: [] })).toBe('role-not-yours-to-give');
    expect(kindOf(await manager.ask('DELETE', memberPath(admin)))).toBe('role-not-yours-to-give');
    expect(await changing(manager, other, { role: 'observer' })).toBe('done');
    expect(kindOf(await manager.ask('DELETE', memberPath(other)))).toBe('done');
    for (const role of ['troubleshooter', 'observer', 'member'] as const) {
      const person = await joining(role);
      expect(await changing(person, person, { role: 'admin' })).toBe('forbidden');
      expect(await changing(person, member, { role: 'observer' })).toBe('forbidden');
      expect(kindOf(await person.ask('DELETE', memberPath(member)))).toBe('forbidden');
    }
    const roles = (await membersOf(admin, spaceId)).filter(({ accountId }) =>
      [admin, member, manager].some((one) => one.accountId === accountId),
    );
    expect(roles.map(({ role }) => role).toSorted()).toEqual(['admin', 'manager', 'member']);
  });

  it('always leave an administrator, also when two of them let go of it at the same moment', async () => {
    const leave = (who: Person) => who.ask('DELETE', `spaces/${spaceId}/membership`);
    const refused = await leave(admin);
    expect([refused.status, refused.json()]).toEqual([
      409,
      expect.objectContaining({ kind: 'last-administrator', message: expect.stringMatching(/make somebody else one/) }),
    ]);
    expect(await changing(admin, admin, { role: 'member' })).toBe('last-administrator');
    expect(kindOf(await admin.ask('DELETE', memberPath(admin)))).toBe('last-administrator');
    const second = await joining('admin');
    const outcomes = await Promise.all([
      changing(admin, second, { role: 'member' }),
      changing(second, admin, { role: 'member' }),
    ]);
    expect(outcomes.filter((kind) => kind === 'done')).toHaveLength(1);
    const winner = outcomes[0] === 'done' ? admin : second;
    expect(await changing(winner, winner === admin ? second : admin, { role: 'admin' })).toBe('done');
    expect(kindOf(await leave(second))).toBe('done');
    expect(kindOf(await leave(second))).toBe('not-found');
  });

  it('of other Spaces, unknown ones and what is no id are answered alike', async () => {
    const stranger = await joining('member');
    const elsewhere = String((await stranger.ask('POST', 'spaces', { name: 'Elsewhere' })).json()['id']);
    expect(kindOf(await admin.ask('GET', `spaces/${elsewhere}/members`))).toBe('not-found');
    expect(kindOf(await admin.ask('DELETE', memberPath(stranger)))).toBe('done');
    const bare = async (method: string, id: string, body?: object) => {
      const answer = await admin.ask(method, `spaces/${spaceId}/members/${id}`, body);
      return [answer.status, { ...answer.json(), requestId: '' }];
    };
    const unknown = await bare('DELETE', randomUUID());
    expect(unknown[0]).toBe(404);
    for (const id of [stranger.accountId, 'nobody', '%2e%2e'])
      for (const [method, body] of [['DELETE'], ['PATCH', { role: 'member' }]] as const)
        expect(await bare(method, id, body)).toEqual(unknown);
  });

  it('take nothing but role and rooms of this Space [T10]', async () => {
    const person = await joining('member');
    const before = (await membersOf(admin, spaceId)).find(({ accountId }) => accountId === person.accountId);
    for (const extra of ['isAdmin', 'userId', 'accountId', 'spaceId', 'id', 'email', 'joinedAt'])
      expect(await changing(admin, person, { role: 'observer', [extra]: admin.accountId })).toBe('invalid-request');
    for (const body of [{}, { role: 'owner' }, { role: null }, { roomIds: ['x'] }, { roomIds: [randomUUID()] }])
      expect(await changing(admin, person, body)).toBe('invalid-request');
    expect((await membersOf(admin, spaceId)).find(({ accountId }) => accountId === person.accountId)).toEqual(before);
  });

  it('have every decision about them in the audit, with who decided', async () => {
    const roomId = await newRoom('Audited');
    const person = await joining('member');
    await changing(admin, person, { role: 'manager', roomIds: [roomId] });
    const invited = await invite(person, spaceId, { email: 'late@example.net', role: 'member' });
    await admin.ask('DELETE', memberPath(person));
    const rows = await running.admin<{ kind: string; accountId: string; details: Record<string, unknown> }[]>('audit', {
      space: null,
    });
    const told = rows
      .filter(({ kind }) => kind !== 'signed-in')
      .slice(-6)
      .map(({ kind, accountId, details }) => [kind, accountId, details]);
    const memberId = person.accountId;
    expect(told).toEqual([
      ['invitation-accepted', memberId, expect.objectContaining({ isNewAccount: true, invitedBy: admin.accountId })],
      ['member-role-changed', admin.accountId, { memberId, from: 'member', to: 'manager' }],
      ['member-rooms-changed', admin.accountId, { memberId, roomIds: [roomId] }],
      ['member-invited', memberId, expect.objectContaining({ email: 'late@example.net' })],
      ['member-removed', admin.accountId, { memberId, role: 'manager' }],
      ['invitation-revoked', admin.accountId, expect.objectContaining({ because: 'inviter-may-not' })],
    ]);
    expect(
      kindOf(await running.ask({ method: 'POST', path: 'invitations/look', body: { secret: invited.secret } })),
    ).toBe('invitation-refused');
  });
});

describe('open streams', () => {
  const open = async (who: Person): Promise<{ told: { type: string; nodeId?: string }[]; socket: WebSocket }> => {
    const { origin } = running.cloud.url;
    const socket = new WebSocket(`wss://localhost:${running.cloud.url.port}/api/cloud/v1/events`, {
      ca: running.cloud.caPem ?? '',
      origin,
      headers: { cookie: who.cookie },
    });
    const told: { type: string; nodeId?: string }[] = [];
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; node?: { nodeId: string }; nodeId?: string };
      told.push({
        type: message.type,
        ...((message.nodeId ?? message.node?.nodeId) && { nodeId: message.nodeId ?? message.node?.nodeId ?? '' }),
      });
      socket.emit('told');
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return { told, socket };
  };
  const until = async (stream: Awaited<ReturnType<typeof open>>, fits: () => boolean): Promise<void> => {
    while (!fits()) await new Promise((resolve) => stream.socket.once('told', resolve));
  };

  it('tell nobody of a Space that they are not in', async () => {
    const roomId = await newRoom('Elsewhere');
    const nodeId = await claimed('elsewhere-1');
    const stranger = await joining('member');
    const witness = await joining('member');
    await admin.ask('DELETE', memberPath(stranger));
    const [away, here] = [await open(stranger), await open(witness)];
    for (const stream of [away, here]) await until(stream, () => stream.told.some(({ type }) => type === 'hello'));
    expect((await admin.ask('PUT', `nodes/${nodeId}/rooms`, { roomIds: [roomId] })).status).toBe(200);
    await until(here, () => here.told.some(({ type }) => type === 'access-changed'));
    // The same again changes nothing, and is no word to anybody.
    const told = here.told.length;
    expect((await admin.ask('PUT', `nodes/${nodeId}/rooms`, { roomIds: [roomId] })).status).toBe(200);
    await admin.ask('PATCH', memberPath(witness), { role: 'observer' });
    await until(here, () => here.told.length > told);
    expect(here.told.filter(({ type }) => type === 'access-changed')).toHaveLength(2);
    expect(away.told.map(({ type }) => type)).toEqual(['hello']);
    for (const { socket } of [away, here]) socket.terminate();
  });

  it('show a node when its room is given and hide it when the room, the role or the membership is taken [T22]', async () => {
    const roomId = await newRoom('Streamed');
    const nodeId = await claimed('streamed-1', 'streamed');
    for (const [give, take] of [
      [{ roomIds: [roomId] }, { roomIds: [] }],
      [{ role: 'troubleshooter' }, { role: 'member' }],
      [{ roomIds: [roomId] }, undefined],
    ] as const) {
      const person = await joining('member');
      const stream = await open(person);
      await until(stream, () => stream.told.some(({ type }) => type === 'hello'));
      const times = [performance.now()];
      expect(await changing(admin, person, give)).toBe('done');
      await until(stream, () => stream.told.some((one) => one.type === 'node' && one.nodeId === nodeId));
      times.push(performance.now());
      if (take) expect(await changing(admin, person, take)).toBe('done');
      else expect(kindOf(await admin.ask('DELETE', memberPath(person)))).toBe('done');
      await until(stream, () => stream.told.some((one) => one.type === 'node-removed' && one.nodeId === nodeId));
      times.push(performance.now());
      expect(Math.max(...times.slice(1).map((at, n) => at - (times[n] ?? 0)))).toBeLessThan(1000);
      stream.socket.terminate();
    }
  });

  it('tell of changes among the people to those who may see them, and to nobody else', async () => {
    const observer = await joining('observer');
    const troubleshooter = await joining('troubleshooter');
    const streams = [await open(admin), await open(troubleshooter), await open(observer)] as const;
    for (const stream of streams) await until(stream, () => stream.told.some(({ type }) => type === 'hello'));
    const heard = (): number[] =>
      streams.map((stream) => stream.told.filter(({ type }) => type === 'members-changed').length);
    const person = await joining('member');
    for (const stream of streams.slice(0, 2)) await until(stream, () => heard()[streams.indexOf(stream)] === 2);
    // What is told later to the observer themselves comes after what they were not told.
    expect(await changing(admin, observer, { role: 'member' })).toBe('done');
    await until(streams[2], () => streams[2].told.some(({ type }) => type === 'access-changed'));
    expect(heard()[2]).toBe(0);
    expect(kindOf(await admin.ask('DELETE', memberPath(person)))).toBe('done');
    await until(streams[0], () => heard()[0] === 4);
    for (const { socket } of streams) socket.terminate();
  });

  it('lose what was seen through a room that is deleted', async () => {
    const roomId = await newRoom('Short lived');
    const nodeId = await claimed('short-1', 'short-lived');
    const person = await joining('observer', [roomId]);
    const stream = await open(person);
    await until(stream, () => stream.told.some((one) => one.type === 'node' && one.nodeId === nodeId));
    expect(kindOf(await admin.ask('DELETE', `spaces/${spaceId}/rooms/${roomId}`))).toBe('done');
    await until(stream, () => stream.told.some((one) => one.type === 'node-removed' && one.nodeId === nodeId));
    stream.socket.terminate();
  });
});
