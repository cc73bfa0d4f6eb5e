import { CloudError, errorTable, type ErrorKind, type ErrorRow } from '@claimstead/wire/errors';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCloud } from '../control/control-client.ts';
import type { AdminNode } from '../control/control-commands.ts';
import { errorReply } from '../http/respond.ts';
import {
  claimBody,
  startRunningCloud,
  strangerToken,
  testPublicKey,
  type HttpAnswer,
  type RunningCloud,
} from '../main-in-tests.ts';
import { refusedClaimsLimit } from './claim-routes.ts';

let running: RunningCloud;
beforeAll(async () => {
  running = await startRunningCloud();
});
afterAll(() => running.close());

const put = (body: ReturnType<typeof claimBody>, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, headers, body: JSON.stringify(body) });
const nodes = async (): Promise<AdminNode[]> =>
  JSON.parse((await askCloud(running.folder, 'nodes', {})).body.toString()) as AdminNode[];
const nodeOf = async (guid: string): Promise<AdminNode[]> =>
  (await nodes()).filter((node) => node.machineGuid === guid);
const otherKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('PUT /api/v1/spaces/nodes/:id', () => {
  it.each([
    ['JSON', { 'content-type': 'application/json' }],
    ['a form, as curl does', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['nothing', {}],
    ['JSON in another character set', { 'content-type': 'application/json; charset=ISO-8859-1' }],
    ['something made up', { 'content-type': 'x/y' }],
  ])('answers exactly 204 without a body when the body is labelled as %s', async (_name, headers) => {
    const body = claimBody({ token: await running.claimToken() });
    const answer = await put(body, headers);
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([204, '', undefined]);
    expect(answer.headers.connection).toBe('keep-alive');
    expect(await nodeOf(body.mGUID)).toMatchObject([
      { claimId: body.node.id, hostname: 'web-1', state: 'unseen', rooms: ['All nodes'] },
    ]);
  });

  it('asks for the body when the agent waits to be asked', async () => {
    const text = JSON.stringify(claimBody({ token: await running.claimToken() }));
    const id = (JSON.parse(text) as { node: { id: string } }).node.id;
    const head = [
      `PUT /api/v1/spaces/nodes/${id} HTTP/1.1`,
      'Host: localhost',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Expect: 100-continue',
    ];
    const answer = await new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = connect(
        { port: Number(running.cloud.url.port), host: '127.0.0.1', rejectUnauthorized: false },
        () => {
          socket.write(`${head.join('\r\n')}\r\n\r\n`);
        },
      );
      socket.on('error', reject);
      socket.on('data', (bytes: Buffer) => {
        heard += bytes.toString('latin1');
        if (heard.endsWith('100 Continue\r\n\r\n')) socket.write(text);
        if (!/HTTP\/1\.1 [2-5]\d\d [\s\S]*\r\n\r\n/.test(heard)) return;
        socket.destroy();
        resolve(heard);
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 204 No Content\r\n/);
  });

  it('makes one node of a claim that is repeated, under its id or a new one', async () => {
    const body = claimBody({ token: await running.claimToken({ uses: 1 }) });
    const lost = { ...body, node: { id: randomUUID(), hostname: 'web-1' } };
    for (const attempt of [body, body, lost, lost]) expect((await put(attempt)).status).toBe(204);
    expect(await nodeOf(body.mGUID)).toMatchObject([{ claimId: lost.node.id }]);
  });

  it('lets as many machines in as the token has uses, however many come at once', async () => {
    const token = await running.claimToken({ uses: 3 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => put(claimBody({ token }))));
    expect(answers.filter((answer) => answer.status === 204)).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 403)).toHaveLength(9);
  });

  it('replaces a lost key of a node that is not connected', async () => {
    const token = await running.claimToken();
    const body = claimBody({ token });
    await put(body);
    const [before] = await nodeOf(body.mGUID);
    expect((await put({ ...body, publicKey: otherKey() })).status).toBe(204);
    expect(await nodeOf(body.mGUID)).toMatchObject([{ nodeId: before?.nodeId }]);
  });

  it('joins rooms by slug, merges them on a repeat, and refuses one that is not there', async () => {
    const cookie = await running.signIn();
    const { spaces } = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
    for (const name of ['Database', 'Web servers']) {
      const made = await running.ask({ method: 'POST', path: `spaces/${spaces[0]?.id}/rooms`, cookie, body: { name } });
      expect(made.status).toBe(201);
    }
    const token = await running.claimToken({ rooms: ['database'] });
    const body = claimBody({ token, rooms: ['web-servers'] });
    expect((await put({ ...body, rooms: ['elsewhere'] })).json()).toMatchObject({ errorMsgKey: 'ErrInvalidRoomID' });
    expect(await nodeOf(body.mGUID)).toEqual([]);
    await put({ ...body, rooms: [] });
    expect(await nodeOf(body.mGUID)).toMatchObject([{ rooms: ['All nodes', 'Database'] }]);
    await put(body);
    expect(await nodeOf(body.mGUID)).toMatchObject([{ rooms: ['All nodes', 'Database', 'Web servers'] }]);
  });

  it('lets a machine come back after its node was removed, under the same claim id, as a new node', async () => {
    const cookie = await running.signIn();
    const body = claimBody({ token: await running.claimToken() });
    await put(body);
    const [before] = await nodeOf(body.mGUID);
    expect((await running.ask({ method: 'DELETE', path: `nodes/${before?.nodeId}`, cookie })).status).toBe(204);
    expect(await nodeOf(body.mGUID)).toEqual([]);
    expect((await put({ ...body, publicKey: otherKey() })).status).toBe(204);
    const [after] = await nodeOf(body.mGUID);
    expect(after?.nodeId).not.toBe(before?.nodeId);
  });

  it('says of a token with a typing error what is wrong with it, not that it is unknown', async () => {
    const { status, text } = await put(claimBody({ token: strangerToken().slice(0, -1) }));
    expect([status, JSON.parse(text)]).toEqual([
      403,
      {
        errorCode: 'claim-token-refused',
        errorMsgKey: 'ErrForbidden',
        errorMessage: expect.stringMatching(/^The claiming token is incomplete or has a typing error\. /) as string,
      },
    ]);
  });

  it('refuses a token after its time, one of no Cloud, and one of another kind, with the same bytes', async () => {
    const token = await running.claimToken();
    running.clock.advance(7 * 24 * 3600 * 1000);
    const expired = await put(claimBody({ token }));
    const stranger = await put(claimBody({ token: strangerToken() }));
    const other = await put(claimBody({ token: 'MYTOKEN1234567' }));
    for (const { status, text } of [stranger, other]) expect([status, text]).toEqual([expired.status, expired.text]);
    expect(expired.text).toMatch(
      /^\{"errorCode":"claim-token-refused","errorMsgKey":"ErrForbidden","errorMessage":"[^"]+"\}$/,
    );
  });

  it.each<[string, (body: ReturnType<typeof claimBody>) => string | object, number, string]>([
    ['no JSON', () => 'token=x', 400, 'ErrInvalidRequest'],
    ['an empty body', () => '', 400, 'ErrInvalidRequest'],
    [
      'another id than in the address',
      (body) => ({ ...body, node: { id: randomUUID(), hostname: 'h' } }),
      422,
      'ErrInvalidNodeID',
    ],
    ['no host name', (body) => ({ ...body, node: { id: body.node.id, hostname: '' } }), 422, 'ErrInvalidNodeName'],
    ['no key', (body) => ({ ...body, publicKey: 'x' }), 422, 'ErrInvalidPublicKey'],
    ['a wrong token', (body) => ({ ...body, token: 'MYTOKEN1234567' }), 403, 'ErrForbidden'],
    ['an unknown room', (body) => ({ ...body, rooms: ['x'] }), 422, 'ErrInvalidRoomID'],
    ['far too much', (body) => ({ ...body, air: 'x'.repeat(17 * 1024) }), 413, 'ErrInvalidRequest'],
  ])('refuses %s in the form that agents read', async (_name, change, status, key) => {
    const body = claimBody({ token: await running.claimToken() });
    const changed = change(body);
    const text = typeof changed === 'string' ? changed : JSON.stringify(changed);
    const answer = await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body: text });
    expect([answer.status, answer.json()['errorMsgKey']]).toEqual([status, key]);
    expect(answer.text).not.toContain(body.token);
    expect(await nodeOf(body.mGUID)).toEqual([]);
  });

  it('has no letters HTTP in what agents read after the status line', async () => {
    const answers = [
      await put(claimBody({ token: await running.claimToken() })),
      await put(claimBody({ token: strangerToken() })),
    ];
    for (const { headers, text } of answers) expect(JSON.stringify(headers) + text).not.toContain('HTTP');
    const kinds = Object.entries(errorTable as Record<ErrorKind, ErrorRow>).filter(
      ([, row]) => row.agentKey !== undefined,
    );
    expect(kinds.length).toBeGreaterThan(10);
    for (const [kind] of kinds) {
      expect(JSON.stringify(errorReply(new CloudError(kind as ErrorKind), 'agent', 'id').body)).not.toContain('HTTP');
    }
  });
});

it('asks a source that was refused too often to come again, and then lets it', async () => {
  const own = await startRunningCloud();
  const claim = (token: string): Promise<HttpAnswer> => {
    const body = claimBody({ token, publicKey: testPublicKey });
    return own.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
  };
  const good = await own.claimToken();
  for (let tries = 0; tries < refusedClaimsLimit.tries; tries++)
    expect((await claim(strangerToken())).status).toBe(403);
  const refused = await claim(good);
  expect([refused.status, refused.json()['errorMsgKey']]).toEqual([503, 'ErrServiceUnavailable']);
  own.clock.advance(refusedClaimsLimit.windowMs);
  expect((await claim(good)).status).toBe(204);
  await own.close();
});
