// The check of a claim and the claim itself: one rule, told in two ways. [docs/decisions/0003]

import { readClaimCheck, type ClaimCheck } from '@claimstead/wire/claim/claim-check';
import SqliteDatabase from 'better-sqlite3';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudFolder } from '../config/data-folder.ts';
import type { AdminToken } from '../control/token-commands.ts';
import { claimBody, startRunningCloud, strangerToken, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { claimChecksLimit } from './claim-check-routes.ts';

type Body = ReturnType<typeof claimBody>;
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();

let running: RunningCloud;
beforeEach(async () => {
  running = await startRunningCloud();
});
afterEach(() => running.close());

const claim = (body: Body): Promise<HttpAnswer> =>
  running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body: JSON.stringify(body) });
const ask = (body: object | string): Promise<HttpAnswer> =>
  running.ask({
    method: 'POST',
    path: '/api/v1/claim-check',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const check = async (body: object): Promise<ClaimCheck> => {
  const answer = await ask(body);
  expect(answer.status).toBe(200);
  return readClaimCheck(answer.json());
};
const bytesOf = ({ status, text }: HttpAnswer): string => `${status} ${text}`;

/** Everything that the database holds. */
function stored(): Record<string, unknown[]> {
  const db = new SqliteDatabase(cloudFolder(running.folder).databaseFile, { readonly: true });
  const tables = db.prepare(`select name from sqlite_master where type = 'table' order by name`).all() as {
    name: string;
  }[];
  const rows = Object.fromEntries(tables.map(({ name }) => [name, db.prepare(`select * from "${name}"`).all()]));
  db.close();
  return rows;
}

/** A token of each kind that is refused. */
async function refusedTokens(): Promise<Record<'expired' | 'used-up' | 'revoked' | 'unknown', string>> {
  const usedUp = await running.claimToken({ uses: 1 });
  expect((await claim(claimBody({ token: usedUp }))).status).toBe(204);
  running.clock.advance(1);
  const expired = await running.claimToken({ lifetimeMs: 1000 });
  running.clock.advance(1000);
  const revoked = await running.claimToken();
  const tokens = await running.admin<AdminToken[]>('token-list', { space: null });
  await running.admin('token-revoke', { tokenId: tokens.find(({ state }) => state === 'valid')?.tokenId });
  return { expired, 'used-up': usedUp, revoked, unknown: strangerToken() };
}

describe('POST /api/v1/claim-check', () => {
  it('says accepted where a claim would be, with the addresses of the link, and writes nothing', async () => {
    const token = await running.claimToken({ uses: 1 });
    const body = claimBody({ token });
    const before = stored();
    const { port } = running.cloud.url;
    for (let round = 0; round < 3; round++)
      expect(await check(body)).toEqual({
        verdict: 'accepted',
        authEndpoint: `https://localhost:${port}/api/v1/auth`,
        mqttEndpoint: `wss://localhost:${port}/mqtt`,
      });
    await check({ ...body, token: strangerToken() });
    expect(stored()).toEqual(before);
    expect((await claim(body)).status).toBe(204);
    expect(await check(claimBody({ token }))).toMatchObject({ verdict: 'token-used-up' });
    // Its own claim may be repeated, so its check says so.
    expect(await check(body)).toMatchObject({ verdict: 'accepted' });
  });

  it('tells why a token is refused to who presents the whole of it, and a claim to nobody', async () => {
    const tokens = await refusedTokens();
    const before = stored();
    for (const [kind, token] of Object.entries(tokens))
      expect(await check(claimBody({ token }))).toMatchObject({
        verdict: kind === 'unknown' ? 'token-refused' : `token-${kind}`,
      });
    expect(await check(claimBody({ token: 'MYTOKEN1234567' }))).toMatchObject({ verdict: 'token-refused' });

    const answers = await Promise.all(Object.values(tokens).map((token) => claim(claimBody({ token }))));
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
    expect(answers[0]?.text).toMatch(
      /^\{"errorCode":"claim-token-refused","errorMsgKey":"ErrForbidden","errorMessage":"[^"]+"\}$/,
    );
    const headers = answers.map((answer) => ({ ...answer.headers, date: '' }));
    for (const one of headers) expect(one).toEqual(headers[0]);
    expect(stored()).toEqual(before);
  });

  it('answers the same about a token of no Cloud, whatever is known of the rest', async () => {
    const taken = claimBody({ token: await running.claimToken() });
    await claim(taken);
    const token = strangerToken();
    const answers = await Promise.all([
      ask(claimBody({ token })),
      ask({ ...taken, token }),
      ask({ ...taken, token, publicKey: otherKey, rooms: ['elsewhere', 'all-nodes'] }),
    ]);
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
  });

  it('knows a room of another Space no better than one that does not exist, and says which one it was', async () => {
    const { spaceId: space } = await running.admin<{ spaceId: string }>('space-create', { name: 'Other' });
    const { roomId } = await running.admin<{ roomId: string }>('room-create', { name: 'Database', space });
    const token = await running.claimToken();
    const body = (room: string): Body => claimBody({ token, rooms: ['', 'all-nodes', room] });
    const rooms = [roomId, 'database', randomUUID(), 'nowhere'];
    const checks = await Promise.all(rooms.map((room) => ask(body(room))));
    expect(new Set(checks.map(bytesOf)).size).toBe(1);
    expect(readClaimCheck(checks[0]?.json())).toMatchObject({ verdict: 'room-unknown', roomIndex: 2 });
    const claims = await Promise.all(rooms.map((room) => claim(body(room))));
    expect(new Set(claims.map(bytesOf)).size).toBe(1);
    expect(claims[0]?.json()).toMatchObject({ errorMsgKey: 'ErrInvalidRoomID', errorRoomIndex: 2 });
    // In its own Space it is one.
    const own = await running.claimToken({ space });
    expect(await check(claimBody({ token: own, rooms: [roomId, 'database'] }))).toMatchObject({ verdict: 'accepted' });
  });

  it('has a verdict for each part that a claim would be refused for', async () => {
    const token = await running.claimToken();
    const good = claimBody({ token });
    const verdictOf = async (change: object): Promise<string> => (await check({ ...good, ...change })).verdict;
    expect(await verdictOf({ node: { id: 'x', hostname: 'h' } })).toBe('node-id-refused');
    expect(await verdictOf({ node: { ...good.node, hostname: 'two\nlines' } })).toBe('hostname-refused');
    expect(await verdictOf({ publicKey: 'x' })).toBe('public-key-refused');

    const { spaceId: space } = await running.admin<{ spaceId: string }>('space-create', { name: 'Other' });
    await claim({ ...good, token: await running.claimToken({ space }) });
    expect(await verdictOf({})).toBe('claimed-elsewhere');
    for (const body of ['', 'token=x', '[]']) expect((await ask(body)).status).toBe(400);
  });

  it('is not asked more than thirty times a minute by one source', async () => {
    const body = claimBody({ token: strangerToken() });
    for (let asked = 0; asked < claimChecksLimit.tries; asked++) expect((await ask(body)).status).toBe(200);
    expect((await ask(body)).status).toBe(429);
    // Claims are counted apart.
    expect((await claim(claimBody({ token: await running.claimToken() }))).status).toBe(204);
    running.clock.advance(claimChecksLimit.windowMs);
    expect((await ask(body)).status).toBe(200);
  });
});

describe('tokens that have ended', () => {
  it('are told apart for 90 days, and then are gone', async () => {
    const tokens = await refusedTokens();
    const states = async (): Promise<string[]> =>
      (await running.admin<AdminToken[]>('token-list', { space: null })).map(({ state }) => state);
    expect(await states()).toEqual(['used-up', 'expired', 'revoked']);
    running.clock.advance(89 * 24 * 3600 * 1000);
    expect(await states()).toEqual(['expired', 'expired', 'revoked']);
    expect(await check(claimBody({ token: tokens.revoked }))).toMatchObject({ verdict: 'token-revoked' });
    // The sweep runs every hour by itself; what is asked after it is answered after it.
    running.clock.advance(25 * 3600 * 1000);
    expect(await states()).toEqual(['expired']);
    for (const kind of ['revoked', 'expired'] as const)
      expect(await check(claimBody({ token: tokens[kind] }))).toMatchObject({ verdict: 'token-refused' });
  });
});
