import type { ClaimTokenView, NewClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import { hashClaimToken } from '@claimstead/wire/claim/claim-token';
import SqliteDatabase from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimTokenState } from './claim-token.ts';
import { cloudFolder } from '../config/data-folder.ts';
import { claimBody, startRunningCloud, strangerToken, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';

const day = 24 * 3600 * 1000;
const lines: string[] = [];
let running: RunningCloud;
let cookie: string;
let spaceId: string;

beforeAll(async () => {
  const note = (_message: string, fields?: object): void => void lines.push(JSON.stringify(fields ?? {}));
  running = await startRunningCloud({ log: { debug: note, info: note, warn: note, error: note } });
  cookie = await running.signIn();
  spaceId = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
});
afterAll(() => running.close());

const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
  running.ask({ method, path: `spaces/${spaceId}/${path}`, cookie, ...(body && { body }) });
const wanted = (change: object = {}): object => ({
  name: 'Rack 4',
  lifetimeMs: 7 * day,
  usesLeft: null,
  roomIds: [],
  sourceNetworks: [],
  admitsByHand: false,
  ...change,
});
const make = async (change: object = {}): Promise<NewClaimTokenView> => {
  const answer = await ask('POST', 'claim-tokens', wanted(change));
  expect(answer.status, answer.text).toBe(201);
  return answer.json<NewClaimTokenView>();
};
const listed = async (): Promise<ClaimTokenView[]> =>
  (await ask('GET', 'claim-tokens')).json<{ tokens: ClaimTokenView[] }>().tokens;
const find = async (id: string): Promise<ClaimTokenView | undefined> =>
  (await listed()).find((token) => token.id === id);
const claim = (token: string, change: object = {}): Promise<HttpAnswer> => {
  const body = claimBody({ token, ...change });
  return running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
};
const audit = async (tokenId: string): Promise<{ kind: string; details: Record<string, unknown> }[]> =>
  (
    await running.admin<{ kind: string; tokenId: string | null; details: Record<string, unknown> }[]>('audit', {
      space: null,
    })
  ).filter((row) => row.tokenId === tokenId);

describe('a claiming token', () => {
  it('is made with what it may do, and its text is in that one answer', async () => {
    const room = (await ask('POST', 'rooms', { name: 'Cellar' })).json<{ id: string }>();
    const made = await make({ usesLeft: 3, roomIds: [room.id], sourceNetworks: ['127.0.0.1', '2001:DB8::/32'] });
    expect(made.token).toMatchObject({
      name: 'Rack 4',
      kind: 'named',
      state: 'valid',
      usesLeft: 3,
      usesTaken: 0,
      lastUsedAt: null,
      rooms: [{ id: room.id, name: 'Cellar' }],
      sourceNetworks: ['127.0.0.1/32', '2001:db8::/32'],
      madeBy: { name: expect.any(String) as string },
    });
    expect(made.command.command).toBe(
      `netdata-claim.sh -token=${made.command.token} -rooms=cellar -url=${running.cloud.url.origin}`,
    );
    expect((await claim(made.command.token)).status).toBe(204);
    expect(await find(made.token.id)).toMatchObject({ usesLeft: 2, usesTaken: 1 });
    expect((await find(made.token.id))?.lastUsedAt).not.toBeNull();

    expect((await ask('GET', 'claim-tokens')).text).not.toContain('cst_');
    expect(JSON.stringify(await running.admin('audit', { space: null }))).not.toContain('cst_');
    expect(lines.join()).not.toContain('cst_');
    const { databaseFile } = cloudFolder(running.folder);
    for (const file of [databaseFile, `${databaseFile}-wal`]) {
      const bytes = readFileSync(file);
      expect(bytes.includes('cst_')).toBe(false);
      if (file !== databaseFile) expect(bytes.includes(hashClaimToken(made.command.token))).toBe(true);
    }
  });

  it('always ends, within a year, and takes nothing that is not its own to decide', async () => {
    for (const change of [
      { lifetimeMs: 366 * day },
      { lifetimeMs: 0 },
      { lifetimeMs: null },
      { usesLeft: 0 },
      { usesLeft: 1.5 },
      { name: ' ' },
      { sourceNetworks: ['everywhere'] },
      { kind: 'standing' },
      { madeByAccountId: randomUUID() },
      { spaceId: randomUUID() },
      { roomIds: [randomUUID()] },
    ])
      expect((await ask('POST', 'claim-tokens', wanted(change))).status, JSON.stringify(change)).toBe(400);
    expect((await make({ lifetimeMs: 365 * day })).token.state).toBe('valid');
  });

  it('can be changed while its text stays', async () => {
    const { token, command } = await make({ usesLeft: 1 });
    expect((await claim(command.token)).status).toBe(204);
    expect((await claim(command.token)).status).toBe(403);
    const changed = await ask('PATCH', `claim-tokens/${token.id}`, { usesLeft: 2, name: 'Rack 5' });
    expect(changed.json()).toMatchObject({ name: 'Rack 5', usesLeft: 2, usesTaken: 1, state: 'valid' });
    expect(changed.json<ClaimTokenView>().expiresAt).toBe(token.expiresAt);
    expect((await claim(command.token)).status).toBe(204);
    expect((await audit(token.id)).map(({ kind }) => kind)).toEqual([
      'token-made',
      'claim-accepted',
      'token-changed',
      'claim-accepted',
    ]);
  });

  it('is refused from networks that it takes no claims from, word for word like one of no Cloud; the audit tells', async () => {
    const { token, command } = await make({ sourceNetworks: ['10.0.0.0/8', '::1/128'] });
    const here = await make({ sourceNetworks: ['127.0.0.0/8'] });
    const [elsewhere, unknown] = [await claim(command.token), await claim(strangerToken())];
    expect(elsewhere.status).toBe(403);
    expect({ ...elsewhere.json(), requestId: '' }).toEqual({ ...unknown.json(), requestId: '' });
    const body = claimBody({ token: command.token });
    const check = await running.ask({ method: 'POST', path: '/api/v1/claim-check', body });
    expect(check.json()).toMatchObject({ verdict: 'token-refused' });
    expect((await claim(here.command.token)).status).toBe(204);
    expect(await find(token.id)).toMatchObject({ usesTaken: 0 });
    running.clock.advance(200);
    const refused = async (): Promise<unknown[]> =>
      (await audit(token.id)).filter(({ kind }) => kind === 'claim-from-elsewhere');
    await expect.poll(refused).toMatchObject([{ sourceNetwork: '127.0.0.1', spaceId }]);
  });

  it('grants nothing but a claim [trust T1]', async () => {
    const { command } = await make();
    const document = (await running.ask({ path: 'openapi.json' })).json<{
      paths: Record<string, Record<string, { description: string }>>;
    }>();
    const secret = command.token;
    let asked = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { description }] of Object.entries(methods)) {
        if (/Permission: (public|agent)\./.test(description)) continue;
        asked++;
        const name = (await running.signIn()).split('=')[0] ?? '';
        const answer = await running.ask({
          method: method.toUpperCase(),
          path: path.replace('{spaceId}', spaceId).replaceAll(/\{\w+\}/g, randomUUID()),
          headers: { authorization: `Bearer ${secret}`, 'x-netdata-token': secret },
          cookie: `${name}=${secret}`,
          ...(method !== 'get' && { body: {} }),
        });
        expect(answer.status, `${method} ${path}`).toBe(401);
      }
    }
    expect(asked).toBeGreaterThan(15);
    const asNode = await running.ask({ path: `/api/v1/auth/node/${secret}/challenge` });
    expect(asNode.status).toBe(404);
  });

  it('gets a new text under the same settings, and the old one is refused at once [trust T1]', async () => {
    const { token, command } = await make({ usesLeft: 5 });
    expect((await claim(command.token)).status).toBe(204);
    const answer = await ask('POST', `claim-tokens/${token.id}/regenerate`);
    expect(answer.status).toBe(200);
    const anew = answer.json<NewClaimTokenView>();
    expect((await claim(command.token)).status).toBe(403);
    expect(anew.token).toMatchObject({ id: token.id, name: token.name, expiresAt: token.expiresAt, usesLeft: 4 });
    expect(anew.command.token).not.toBe(command.token);
    expect((await claim(anew.command.token)).status).toBe(204);
    const rows = await audit(token.id);
    const { usesTaken } = (await find(token.id)) ?? {};
    expect(rows.filter(({ kind }) => kind === 'claim-accepted')).toHaveLength(usesTaken ?? 0);
    expect(rows.map(({ kind }) => kind)).toContain('token-regenerated');
    for (const row of rows.filter(({ kind }) => kind === 'claim-accepted'))
      expect(row.details['tokenName']).toBe('Rack 4');
  });

  it('is revoked at once; nodes that it claimed stay, and say by whom', async () => {
    const { token, command } = await make();
    const body = claimBody({ token: command.token, hostname: 'stays' });
    await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
    expect((await ask('DELETE', `claim-tokens/${token.id}`)).status).toBe(204);
    expect((await claim(command.token)).status).toBe(403);
    expect(await find(token.id)).toMatchObject({ state: 'revoked' });
    for (const [method, path] of [
      ['PATCH', ''],
      ['POST', '/regenerate'],
    ] as const)
      expect((await ask(method, `claim-tokens/${token.id}${path}`, method === 'PATCH' ? {} : undefined)).status).toBe(
        404,
      );
    const nodes = (await ask('GET', 'nodes')).json<{ nodes: { hostname: string }[] }>().nodes;
    expect(nodes.map(({ hostname }) => hostname)).toContain('stays');
  });

  it('of another Space answers like one that never was', async () => {
    const made = await running.admin<{ spaceId: string }>('space-create', { name: 'Elsewhere' });
    const theirs = await running.admin<{ tokenId: string }>('token', {
      space: made.spaceId,
      rooms: [],
      lifetimeMs: null,
      uses: null,
    });
    const answers = async (id: string): Promise<unknown[]> =>
      Promise.all(
        (
          [
            ['PATCH', id, { name: 'mine' }],
            ['POST', `${id}/regenerate`, undefined],
            ['DELETE', id, undefined],
          ] as const
        ).map(async ([method, path, body]) => {
          const answer = await ask(method, `claim-tokens/${path}`, body);
          return [answer.status, { ...answer.json(), requestId: '' }];
        }),
      );
    expect(await answers(theirs.tokenId)).toEqual(await answers(randomUUID()));
  });

  it('is no affair of anybody but administrators', async () => {
    const { token } = await make();
    const db = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
    const setRole = (role: string): void => {
      db.prepare('update space_member set role = ? where space_id = ?').run(role, spaceId);
      // What was read is remembered for a moment.
      running.clock.advance(60_000);
    };
    try {
      for (const role of ['manager', 'troubleshooter', 'observer', 'member']) {
        setRole(role);
        for (const [method, path, body] of [
          ['GET', 'claim-tokens', undefined],
          ['POST', 'claim-tokens', wanted()],
          ['PATCH', `claim-tokens/${token.id}`, { name: 'x' }],
          ['POST', `claim-tokens/${token.id}/regenerate`, undefined],
          ['POST', `claim-tokens/${token.id}/view`, undefined],
          ['POST', 'standing-token', wanted()],
          ['DELETE', `claim-tokens/${token.id}`, undefined],
          ['POST', 'claim-commands', { roomIds: [] }],
        ] as const)
          expect((await ask(method, path, body)).status, `${role} ${method} ${path}`).toBe(403);
      }
    } finally {
      setRole('admin');
      db.close();
    }
    expect((await ask('GET', 'claim-tokens')).status).toBe(200);
  });
});

describe('the standing token', () => {
  const standing = (change: object = {}): Promise<HttpAnswer> => {
    const { lifetimeMs: _no, ...rest } = wanted({ name: 'Images', ...change }) as { lifetimeMs: number };
    return ask('POST', 'standing-token', rest);
  };

  it('never expires, can be viewed again by administrators, and the audit tells who looked', async () => {
    const made = (await standing()).json<NewClaimTokenView>();
    expect(made.token).toMatchObject({ kind: 'standing', expiresAt: null, state: 'valid' });
    const years = running.clock.nowMs() + 50 * 365 * day;
    expect(claimTokenState({ revokedAtMs: null, expiresAtMs: null, usesLeft: null }, years)).toBe('valid');
    expect((await claim(made.command.token)).status).toBe(204);
    const viewed = await ask('POST', `claim-tokens/${made.token.id}/view`);
    expect(viewed.json<NewClaimTokenView>().command.token).toBe(made.command.token);
    expect((await audit(made.token.id)).map(({ kind }) => kind)).toEqual([
      'token-made',
      'claim-accepted',
      'token-viewed',
    ]);
    expect((await ask('PATCH', `claim-tokens/${made.token.id}`, { lifetimeMs: day })).status).toBe(400);
    expect((await ask('GET', 'claim-tokens')).text).not.toContain('cst_');
    const { databaseFile } = cloudFolder(running.folder);
    for (const file of [databaseFile, `${databaseFile}-wal`]) expect(readFileSync(file).includes('cst_')).toBe(false);
    expect(lines.join()).not.toContain('cst_');
  });

  it('is one per Space, gets a new text that can be viewed, and ends when it is revoked', async () => {
    const [known] = (await listed()).filter(({ kind, state }) => kind === 'standing' && state === 'valid');
    const id = known?.id ?? '';
    expect((await standing({ name: 'Second' })).status).toBe(409);
    const anew = (await ask('POST', `claim-tokens/${id}/regenerate`)).json<NewClaimTokenView>();
    const viewed = (await ask('POST', `claim-tokens/${id}/view`)).json<NewClaimTokenView>();
    expect(viewed.command.token).toBe(anew.command.token);
    expect((await ask('DELETE', `claim-tokens/${id}`)).status).toBe(204);
    expect((await claim(anew.command.token)).status).toBe(403);
    expect((await ask('POST', `claim-tokens/${id}/view`)).status).toBe(404);
    expect((await standing({ name: 'Second' })).status).toBe(201);
  });

  it('is the only one that can be viewed', async () => {
    const { token } = await make();
    expect((await ask('POST', `claim-tokens/${token.id}/view`)).status).toBe(404);
  });
});

it('of N uses makes exactly N nodes, however many machines come at once [trust T2]', async () => {
  const nodesNow = async (): Promise<number> => (await ask('GET', 'nodes')).json<{ nodes: object[] }>().nodes.length;
  for (let round = 0; round < 4; round++) {
    // Refused claims of one source are counted, and sixty in a minute would hide what is looked at here.
    running.clock.advance(61_000);
    const uses = 145 + round;
    const { token, command } = await make({ usesLeft: uses });
    const before = await nodesNow();
    const statuses = (await Promise.all(Array.from({ length: 200 }, () => claim(command.token)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 204)).toHaveLength(uses);
    expect(statuses.filter((status) => status === 403)).toHaveLength(200 - uses);
    expect((await nodesNow()) - before).toBe(uses);
    expect(await find(token.id)).toMatchObject({ usesLeft: 0, usesTaken: uses, state: 'used-up' });
    expect((await audit(token.id)).filter(({ kind }) => kind === 'claim-accepted')).toHaveLength(uses);
  }
}, 60_000);
