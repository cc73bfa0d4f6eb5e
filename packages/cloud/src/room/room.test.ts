import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimBody, startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { mostRooms, findRoom, roomSlug } from './room.ts';

describe('roomSlug', () => {
  it.each([
    ['All nodes', 'all-nodes'],
    ['  Zürich DB #1  ', 'zurich-db-1'],
    ['Straße', 'stra-e'],
    ['日本', 'room'],
    ['--', 'room'],
    ['x'.repeat(64), 'x'.repeat(48)],
  ])('of %j is %s', (name, slug) => {
    expect(roomSlug(name, new Set())).toBe(slug);
  });

  it('is free, and safe in every shell and comma list, whatever the name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.uniqueArray(fc.constantFrom('room', 'room-2', 'a', 'a-2')),
        (name, taken) => {
          const slug = roomSlug(name, new Set(taken));
          expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
          expect(taken).not.toContain(slug);
        },
      ),
    );
  });

  it('does not hide a room behind the id of another', () => {
    const rooms = [
      { roomId: 'id-1', slug: 'id-2' },
      { roomId: 'id-2', slug: 'b' },
    ];
    expect(findRoom(rooms, ' ID-2 ')).toBe(rooms[1]);
    expect(findRoom(rooms, 'b')).toBe(rooms[1]);
    expect(findRoom(rooms, 'c')).toBeUndefined();
  });
});

describe('Spaces and rooms over HTTP', () => {
  let running: RunningCloud;
  let cookie = '';
  let spaceId = '';
  beforeAll(async () => {
    running = await startRunningCloud();
    cookie = await running.signIn();
    spaceId = (await ask('GET', 'spaces')).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
  });
  afterAll(() => running.close());
  const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
    running.ask({ method, path, cookie, ...(body === undefined ? {} : { body }) });

  it('starts with one Space that has no name of its own yet, and its room of all nodes', async () => {
    expect((await ask('GET', 'spaces')).json()).toEqual({
      spaces: [{ id: spaceId, name: "admin's Space", namedAt: null, role: 'admin', nodeCount: 0 }],
    });
    expect((await ask('GET', `spaces/${spaceId}/rooms`)).json()).toMatchObject({
      rooms: [{ slug: 'all-nodes', name: 'All nodes', holdsAllNodes: true, nodeCount: 0 }],
    });
  });

  it('keeps the time at which the Space was first named', async () => {
    const first = (await ask('PATCH', `spaces/${spaceId}`, { name: ' Home ' })).json();
    expect(first).toMatchObject({ name: 'Home', namedAt: new Date(running.clock.nowMs()).toISOString() });
    running.clock.advance(1000);
    expect((await ask('PATCH', `spaces/${spaceId}`, { name: 'House' })).json()).toMatchObject({
      name: 'House',
      namedAt: first['namedAt'],
    });
    for (const name of [
      '',
      '  ',
      'two\nlines',
      'x'.repeat(65),
      '\ud800',
      'half \udfff',
      '\u3164',
      '\u2800',
      '\ufe0f',
      '\u0301',
      '\uffff',
    ])
      expect((await ask('PATCH', `spaces/${spaceId}`, { name })).status).toBe(400);
  });

  it('has so many rooms at most', async () => {
    const other = (await ask('POST', 'spaces', { name: 'Crowded' })).json<{ id: string }>().id;
    const make = async (n: number): Promise<number> =>
      (await ask('POST', `spaces/${other}/rooms`, { name: `Room ${n}` })).status;
    for (let n = 1; n < mostRooms; n++) expect(await make(n)).toBe(201);
    expect(await make(mostRooms)).toBe(403);
  });

  it('makes, renames and deletes rooms; nodes of a deleted room stay in the Space', async () => {
    const made = await ask('POST', `spaces/${spaceId}/rooms`, { name: 'Database' });
    expect([made.status, made.json()]).toEqual([
      201,
      expect.objectContaining({ slug: 'database', holdsAllNodes: false, nodeCount: 0 }),
    ]);
    const roomId = String(made.json()['id']);
    for (const name of ['DATABASE', 'Data\u034fbase', '\ufe0fDatabase'])
      expect((await ask('POST', `spaces/${spaceId}/rooms`, { name })).json()['kind']).toBe('name-taken');
    expect((await ask('POST', `spaces/${spaceId}/rooms`, { name: 'Data base' })).json()['slug']).toBe('data-base');

    const body = claimBody({ token: await running.claimToken({ rooms: ['Database'] }) });
    expect((await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body })).status).toBe(204);
    expect(
      (await ask('GET', `spaces/${spaceId}/rooms`))
        .json<{ rooms: { name: string; nodeCount: number }[] }>()
        .rooms.map((room) => [room.name, room.nodeCount]),
    ).toEqual([
      ['All nodes', 1],
      ['Data base', 0],
      ['Database', 1],
    ]);

    expect((await ask('PATCH', `spaces/${spaceId}/rooms/${roomId}`, { name: 'Postgres' })).json()).toMatchObject({
      name: 'Postgres',
      slug: 'database',
      nodeCount: 1,
    });
    expect((await ask('PATCH', `spaces/${spaceId}/rooms/${roomId}`, { name: 'data BASE' })).json()['kind']).toBe(
      'name-taken',
    );
    expect((await ask('DELETE', `spaces/${spaceId}/rooms/${roomId}`)).status).toBe(204);
    expect((await ask('DELETE', `spaces/${spaceId}/rooms/${roomId}`)).status).toBe(404);
    const { nodes } = (await ask('GET', `spaces/${spaceId}/nodes`)).json<{ nodes: { rooms: { name: string }[] }[] }>();
    expect(nodes).toMatchObject([{ state: 'unseen', rooms: [{ name: 'All nodes' }], claimToLiveMs: null }]);
  });

  it('never deletes the room of all nodes', async () => {
    const { rooms } = (await ask('GET', `spaces/${spaceId}/rooms`)).json<{ rooms: { id: string }[] }>();
    expect((await ask('DELETE', `spaces/${spaceId}/rooms/${rooms[0]?.id}`)).json()['kind']).toBe('forbidden');
  });

  it('puts a node into exactly the rooms that are asked for', async () => {
    const { nodes } = (await ask('GET', `spaces/${spaceId}/nodes`)).json<{ nodes: { nodeId: string }[] }>();
    const { rooms } = (await ask('GET', `spaces/${spaceId}/rooms`)).json<{ rooms: { id: string; name: string }[] }>();
    const nodeId = nodes[0]?.nodeId ?? '';
    const put = (roomIds: string[]): Promise<HttpAnswer> => ask('PUT', `nodes/${nodeId}/rooms`, { roomIds });
    expect((await put(rooms.map((room) => room.id))).json<{ rooms: object[] }>().rooms).toEqual(
      rooms.map(({ id, name }) => ({ id, name })),
    );
    expect((await put(['99999999-9999-4999-8999-999999999999'])).json()['kind']).toBe('invalid-request');
    expect((await ask('GET', `nodes/${nodeId}`)).json<{ rooms: object[] }>().rooms).toHaveLength(2);
    expect((await put([])).json<{ rooms: object[] }>().rooms).toMatchObject([{ name: 'All nodes' }]);
  });

  it('hands an administrator a ready command, and the token to nobody twice', async () => {
    const made = await ask('POST', `spaces/${spaceId}/rooms`, { name: 'Web servers' });
    const answer = await ask('POST', `spaces/${spaceId}/claim-commands`, { roomIds: [made.json()['id']] });
    expect(answer.status).toBe(201);
    const { token, command, sudoCommand, caPem, trustCommand, url, expiresAt } = answer.json<Record<string, string>>();
    expect(command).toBe(`netdata-claim.sh -token=${token} -rooms=web-servers -url=${running.cloud.url.origin}`);
    expect(command).toMatch(/^[A-Za-z0-9 =_.:/-]+$/);
    expect(sudoCommand).toBe(`sudo ${command}`);
    expect(url).toBe(running.cloud.url.origin);
    expect(trustCommand).toContain(caPem?.trim());
    expect(Date.parse(expiresAt ?? '')).toBe(running.clock.nowMs() + 24 * 3600 * 1000);
    const bare = (await ask('POST', `spaces/${spaceId}/claim-commands`, { roomIds: [] })).json<
      Record<string, string>
    >();
    expect(bare['command']).not.toContain('-rooms');
    expect(bare['token']).not.toBe(token);
  });

  it('shows foreign and unknown ids the same answer', async () => {
    const unknown = '99999999-9999-4999-8999-999999999999';
    for (const [method, path] of [
      ['GET', 'spaces/X/nodes'],
      ['GET', 'nodes/X'],
      ['DELETE', 'nodes/X'],
      ['POST', 'spaces/X/claim-commands'],
      ['GET', 'nodes/X/agent/api/v1/info'],
    ] as const) {
      const answers = await Promise.all(
        [unknown, 'not-an-id'].map((id) =>
          ask(method, path.replace('X', id), method === 'POST' ? { roomIds: [] } : undefined),
        ),
      );
      expect(answers.map((answer) => [answer.status, answer.json()['kind']])).toEqual([
        [404, 'not-found'],
        [404, 'not-found'],
      ]);
    }
  });
});
