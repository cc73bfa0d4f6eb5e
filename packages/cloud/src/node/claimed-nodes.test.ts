// Nodes by the hundred, as whoever manages them sees and changes them, over a whole Cloud.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { AdminAuditRow } from '../control/audit-commands.ts';
import { askPassword, claimIdentity, link, newIdentity, type Identity } from '../gateway/testing/linked-agent.ts';
import { claimBody, startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { whyDown } from './claimed-nodes.ts';

describe('why a node is not live', () => {
  const node = { claimId: 'c' as never, waitsSinceMs: null, downCause: null, downWords: null };
  const offline = { state: 'offline' as const, sinceMs: 1000, down: null };
  const refused = { cause: 'refused' as const, words: 'no', atMs: 2000 };
  it.each([
    ['live', node, { ...offline, state: 'live' as const }, undefined],
    ['never seen', node, { ...offline, state: 'unseen' as const }, 'never-connected'],
    ['never seen, but heard of', node, { ...offline, state: 'unseen' as const, down: refused }, 'refused'],
    ['not admitted yet', { ...node, waitsSinceMs: 5 }, { ...offline, state: 'unseen' as const }, 'waits'],
    ['asked for the past alone', node, { ...offline, state: 'stale' as const }, 'not-streaming'],
    ['gone since before the start', node, offline, 'not-back'],
    ['gone before the start, as is kept', { ...node, downCause: 'link-closed' as const }, offline, 'link-closed'],
    ['refused since', { ...node, downCause: 'link-closed' as const }, { ...offline, down: refused }, 'refused'],
    ['a child of nobody', { ...node, claimId: null }, offline, 'parent-gone'],
  ])('%s', (_name, kept, now, cause) => {
    expect(whyDown(kept, now)?.cause).toBe(cause);
  });
});

describe('many nodes', () => {
  let running: RunningCloud;
  let cookie: string;
  let spaceId: string;
  beforeEach(async () => {
    running = await startRunningCloud();
    cookie = await running.signIn();
    spaceId = (await ask('GET', 'spaces')).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
  });
  afterEach(() => running.close());
  const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
    running.ask({ method, path, cookie, ...(body === undefined ? {} : { body }) });
  const claimed = async (): Promise<Map<string, ClaimedNodeView>> => {
    const { nodes } = (await ask('GET', `spaces/${spaceId}/claimed-nodes`)).json<{ nodes: ClaimedNodeView[] }>();
    return new Map(nodes.map((node) => [node.nodeId, node]));
  };
  const nodes = async (): Promise<NodeView[]> =>
    (await ask('GET', `spaces/${spaceId}/nodes`)).json<{ nodes: NodeView[] }>().nodes;
  const claimMany = async (count: number): Promise<string[]> => {
    const token = await running.claimToken();
    for (let n = 0; n < count; n++) {
      const body = claimBody({ token, hostname: `web-${n}` });
      await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
    }
    return (await nodes()).map(({ nodeId }) => nodeId);
  };
  const downOf = async (isSo: (down: ClaimedNodeView['down']) => boolean): Promise<ClaimedNodeView['down']> => {
    for (;;) {
      const down = [...(await claimed()).values()][0]?.down ?? null;
      if (isSo(down)) return down;
    }
  };
  const live = async (identity: Identity) => {
    const agent = await link(running, identity);
    await downOf((down) => down === null);
    return agent;
  };

  /** What a Cloud that is started anew reads. */
  const kept = async (cause: string): Promise<void> => {
    const db = new SqliteDatabase(join(running.folder, 'cloud/claimstead.db'), { readonly: true });
    while (db.prepare('select down_cause from node').pluck().get() !== cause) await nodes();
    db.close();
  };

  it('tell why each is not live, from never seen to the last word of its link, and keep that for a restart', async () => {
    const identity = newIdentity();
    await claimIdentity(running, identity);
    expect(await downOf(() => true)).toMatchObject({ cause: 'never-connected', words: null });
    const agent = await live(identity);
    agent.socket.terminate();
    const closed = await downOf((down) => down !== null);
    expect(closed).toMatchObject({ cause: 'link-closed', words: 'its connection broke' });
    await kept('link-closed');
    await running.ask({
      method: 'POST',
      path: `/api/v1/auth/node/${identity.claimId}/password`,
      body: JSON.stringify({ response: 'bm8=' }),
    });
    expect(await downOf((down) => down?.cause === 'refused')).toMatchObject({
      words: expect.stringContaining('its answer to the challenge was wrong'),
    });
    expect((await askPassword(running, identity)).status).toBe(201);
    const again = await live(identity);
    again.send({ cmd: 'disconnect' });
    expect(await downOf((down) => down !== null)).toMatchObject({ cause: 'said-goodbye', words: null });
    await kept('said-goodbye');
  });

  it('tell whose key each has and how it came', async () => {
    const command = await ask('POST', `spaces/${spaceId}/claim-commands`, { roomIds: [] });
    const { token, tokenId } = command.json<{ token: string; tokenId: string }>();
    const identity = newIdentity();
    await claimIdentity(running, identity, { token });
    const [view] = (await claimed()).values();
    expect(view?.keyFingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(view?.claimed).toMatchObject({ by: { email: running.email }, tokenId, from: '127.0.0.1' });
    expect(view?.claimed?.tokenName).not.toBe('');
  });

  it('are removed with one request, whatever their state, and foreign ids are not told apart from unknown ones', async () => {
    const identity = newIdentity();
    await claimIdentity(running, identity);
    const agent = await live(identity);
    const ids = await claimMany(20);
    const other = await running.admin<{ spaceId: string }>('space-create', { name: 'other' });
    const token = await running.claimToken({ space: other.spaceId });
    await claimIdentity(running, newIdentity(), { token });
    const { nodes: theirs } = (await ask('GET', `spaces/${other.spaceId}/nodes`)).json<{ nodes: NodeView[] }>();
    const foreignId = theirs[0]?.nodeId ?? '';
    const nodeIds = [...ids, foreignId, randomUUID()];
    const { results } = (await ask('POST', `spaces/${spaceId}/node-removals`, { nodeIds })).json<{
      results: { nodeId: string; outcome: string }[];
    }>();
    expect(results.map(({ outcome }) => outcome)).toEqual([...ids.map(() => 'removed'), 'not-found', 'not-found']);
    expect(await nodes()).toEqual([]);
    await agent.until(() => agent.disconnectReason === 0x98);
    expect((await askPassword(running, identity)).status).toBe(403);
    expect((await ask('GET', `nodes/${foreignId}`)).status).toBe(200);
    const rows = await running.admin<AdminAuditRow[]>('audit', { space: spaceId });
    expect(rows.filter(({ kind }) => kind === 'node-removed')).toHaveLength(21);
    expect((await ask('POST', `spaces/${spaceId}/node-removals`, { nodeIds: [] })).status).toBe(400);
    const tooMany = Array.from({ length: 1001 }, () => randomUUID());
    expect((await ask('POST', `spaces/${spaceId}/node-removals`, { nodeIds: tooMany })).status).toBe(400);
  });

  it('are moved into rooms and out of others', async () => {
    const ids = await claimMany(3);
    const room = async (name: string): Promise<string> =>
      String((await ask('POST', `spaces/${spaceId}/rooms`, { name })).json()['id']);
    const [web, attic] = [await room('Web'), await room('Attic')];
    const move = async (into: string[], leave: string[], nodeIds = ids): Promise<HttpAnswer> =>
      ask('POST', `spaces/${spaceId}/node-moves`, { nodeIds, join: into, leave });
    const outcomes = async (answer: Promise<HttpAnswer>): Promise<string[]> =>
      (await answer).json<{ results: { outcome: string }[] }>().results.map(({ outcome }) => outcome);
    expect(await outcomes(move([web, attic], [], ids.slice(0, 2)))).toEqual(['moved', 'moved']);
    expect(await outcomes(move([web], [attic], [...ids, randomUUID()]))).toEqual([
      'moved',
      'moved',
      'moved',
      'not-found',
    ]);
    expect(await outcomes(move([web], [attic]))).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect((await nodes()).map(({ rooms }) => rooms.map(({ name }) => name))).toEqual(
      ids.map(() => ['All nodes', 'Web']),
    );
    const { rooms } = (await ask('GET', `spaces/${spaceId}/rooms`)).json<{ rooms: { id: string }[] }>();
    for (const wrong of [
      move([web], [web]),
      move([randomUUID()], []),
      move([], [rooms[0]?.id ?? '']),
      move([web], [], ids.concat(['x'])),
    ])
      expect((await wrong).json()['kind']).toBe('invalid-request');
    const rows = await running.admin<AdminAuditRow[]>('audit', { space: spaceId });
    expect(rows.filter(({ kind }) => kind === 'node-moved')).toHaveLength(5);
    const moves = rows.filter(({ nodeId }) => nodeId === ids[2]).filter(({ kind }) => kind === 'node-moved');
    expect(moves.map(({ details }) => details)).toMatchObject([{ joined: [web], left: [] }]);
  });
});
