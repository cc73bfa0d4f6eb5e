// Who may claim a machine again: what the tables hold before and after. [docs/decisions/0003]

import { hashClaimToken } from '@claimstead/wire/claim/claim-token';
import type { AccountId, ClaimId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KyselyPlugin } from 'kysely';
import { claimBody, strangerToken, testPublicKey } from '../main-in-tests.ts';
import type { NodeEnd } from '../node/node.ts';
import { createNodeStore } from '../node/node-store.ts';
import { openSqlite } from '../storage/sqlite.ts';
import type { Storage } from '../storage/storage.ts';
import type { ClaimToken } from '../token/claim-token.ts';
import { createClaimTokenStore } from '../token/claim-token-store.ts';
import { keptToken } from '../token/testing/kept-token.ts';
import { insertAllNodesRoom } from '../room/room-store.ts';
import { insertSpace } from '../space/space-store.ts';
import { checkClaim } from './checked-claim.ts';
import { decideClaim } from './claim.ts';
import { createClaimStore } from './claim-store.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const otherKey = pem.export({ type: 'spki', format: 'pem' }).toString();
const hashOf = (key: string): string =>
  createHash('sha256')
    .update(Buffer.from(key.replace(/-----[^-]+-----|\s/g, ''), 'base64'))
    .digest('hex');

let folder = '';
let storage: Storage;
let nowMs = 1000;
const now = (): number => nowMs;
beforeEach(async () => {
  nowMs = 1000;
  folder = mkdtempSync(join(tmpdir(), 'claimstead-claims-'));
  storage = await openSqlite({ file: join(folder, 'db'), now, synchronous: 'OFF', lockWaitMs: 0 });
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

async function newSpace(): Promise<{ spaceId: SpaceId; token: string }> {
  const spaceId = randomUUID() as SpaceId;
  await storage.write(async (tx) => {
    await insertSpace(tx, { spaceId, name: spaceId, namedAtMs: null, createdAtMs: 0 });
    await insertAllNodesRoom(tx, { roomId: randomUUID() as RoomId, spaceId, createdAtMs: 0 });
  });
  return { spaceId, token: await newToken(spaceId) };
}

async function newToken(spaceId: SpaceId, change: Partial<ClaimToken> = {}): Promise<string> {
  const token = strangerToken();
  const kept = keptToken({ tokenHash: hashClaimToken(token), spaceId, ...change });
  await createClaimTokenStore(storage).add(kept, {});
  return token;
}

/** Claims with nobody connected, unless told otherwise. */
const admit = (body: ReturnType<typeof claimBody>, linkUp = false, on: Storage = storage) => {
  const store = createClaimStore({ storage: on, now, newNodeId: () => randomUUID() as NodeId });
  const claim = checkClaim(body.node.id, JSON.stringify(body));
  return store.admit(claim, (facts) => decideClaim(claim, facts, () => linkUp), {
    address: '192.0.2.7',
    network: '192.0.2.7',
  });
};

async function tables(): Promise<string> {
  const { read } = storage;
  return JSON.stringify([
    await read.selectFrom('node').selectAll().orderBy('nodeId').execute(),
    await read.selectFrom('claim').selectAll().orderBy('claimId').execute(),
    await read.selectFrom('claimToken').selectAll().orderBy('tokenId').execute(),
    await read.selectFrom('nodeRoom').selectAll().execute(),
    await read.selectFrom('audit').selectAll().orderBy('seq').execute(),
  ]);
}
const audited = async (): Promise<unknown[]> => {
  const rows = await storage.read
    .selectFrom('audit')
    .selectAll()
    .where('kind', '!=', 'token-made')
    .orderBy('seq')
    .execute();
  return rows.map(({ kind, nodeId, claimId, sourceNetwork, details }) => {
    return { kind, nodeId, claimId, sourceNetwork, ...(JSON.parse(details) as object) };
  });
};

describe('a machine whose key was lost', () => {
  it('gets a new one by a token of its Space while nobody is connected, and the audit names both', async () => {
    const { token } = await newSpace();
    const body = claimBody({ token });
    const { nodeId } = await admit(body);
    nowMs = 2000;
    expect(await admit({ ...body, publicKey: otherKey })).toMatchObject({ nodeId, keyReplaced: true });
    const nodes = await storage.read.selectFrom('node').selectAll().execute();
    expect(nodes).toMatchObject([{ nodeId, claimId: body.node.id, publicKeyHash: hashOf(otherKey) }]);
    const about = { nodeId, claimId: body.node.id, sourceNetwork: '192.0.2.7' };
    expect(await audited()).toMatchObject([
      { kind: 'claim-accepted', ...about, isNewNode: true, publicKeyHash: hashOf(testPublicKey) },
      { kind: 'claim-accepted', ...about, isNewNode: false, publicKeyHash: hashOf(otherKey) },
      { kind: 'key-replaced', ...about, earlierKeyHash: hashOf(testPublicKey), publicKeyHash: hashOf(otherKey) },
    ]);
  });

  it('is refused while somebody is connected, and in another Space; not a byte of the tables changes', async () => {
    const { token } = await newSpace();
    const { token: elsewhere } = await newSpace();
    const body = claimBody({ token });
    await admit(body);
    const before = await tables();
    await expect(admit({ ...body, publicKey: otherKey }, true)).rejects.toMatchObject({ kind: 'claim-key-in-use' });
    const asNew = { ...body, publicKey: otherKey, node: { ...body.node, id: randomUUID() } };
    await expect(admit(asNew, true)).rejects.toMatchObject({ kind: 'claim-key-in-use' });
    for (const linkUp of [true, false]) {
      // By its claim id, by its key, and by both.
      for (const change of [{ publicKey: otherKey }, { node: { ...body.node, id: randomUUID() } }, {}])
        await expect(admit({ ...body, ...change, token: elsewhere }, linkUp)).rejects.toMatchObject({
          kind: 'claim-taken',
        });
    }
    expect(await tables()).toBe(before);
  });

  it('leaves its old key where the audit cannot be written', async () => {
    const { token } = await newSpace();
    const body = claimBody({ token });
    await admit(body);
    const before = await tables();
    const refuseAudit: KyselyPlugin = {
      transformQuery: ({ node }) => {
        if (node.kind === 'InsertQueryNode' && JSON.stringify(node.into).includes('audit')) throw new Error('full');
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const failing: Storage = { ...storage, write: (work) => storage.write((tx) => work(tx.withPlugin(refuseAudit))) };
    await expect(admit({ ...body, publicKey: otherKey }, false, failing)).rejects.toThrow('full');
    expect(await tables()).toBe(before);
  });
});

describe('a node that has ended', () => {
  it.each(['removed', 'unclaimed'] as const)('by being %s frees its ids for any Space and any key', async (because) => {
    const nodes = createNodeStore(storage, () => randomUUID() as NodeId);
    const [first, second] = [await newSpace(), await newSpace()];
    const body = claimBody({ token: first.token });
    const claimId = body.node.id as ClaimId;
    for (const [token, key] of [
      [second.token, testPublicKey],
      [first.token, otherKey],
      [second.token, otherKey],
    ] as const) {
      const { nodeId } = await admit({ ...body, token: first.token });
      const told = { atMs: 5, sourceNetwork: '192.0.2.9', accountId: randomUUID() as AccountId, claimId, parents: [] };
      const end: NodeEnd = because === 'removed' ? { ...told, because } : { ...told, because };
      expect(await nodes.remove(nodeId, end)).toMatchObject({ nodeId });
      expect(await nodes.standingOf(claimId)).toEqual({ standing: because });
      expect((await audited()).at(-1)).toMatchObject({ kind: `node-${because}`, nodeId, claimId });
      const again = await admit({ ...body, token, publicKey: key });
      expect(again.nodeId).not.toBe(nodeId);
      expect(await nodes.standingOf(claimId)).toMatchObject({ standing: 'claimed', node: { nodeId: again.nodeId } });
      await nodes.remove(again.nodeId, end);
    }
  });

  it('is not given up by the farewell of a claim that no longer holds it', async () => {
    const nodes = createNodeStore(storage, () => randomUUID() as NodeId);
    const { token } = await newSpace();
    const body = claimBody({ token });
    const { nodeId } = await admit(body);
    await admit({ ...body, node: { ...body.node, id: randomUUID() } });
    const end = {
      atMs: 5,
      sourceNetwork: '192.0.2.9',
      because: 'unclaimed',
      claimId: body.node.id as ClaimId,
    } as const;
    expect(await nodes.remove(nodeId, end)).toBeUndefined();
    expect(await nodes.byNodeId(nodeId)).toBeDefined();
  });
});

it('asks the database the same questions about every token that it refuses, so that the time tells nothing', async () => {
  const { spaceId } = await newSpace();
  const usedUp = await newToken(spaceId, { usesLeft: 0 });
  const expired = await newToken(spaceId, { expiresAtMs: 1 });
  const revoked = await newToken(spaceId);
  const tokens = createClaimTokenStore(storage);
  const last = (await tokens.all(spaceId)).find(({ tokenHash }) => tokenHash === hashClaimToken(revoked));
  await tokens.revoke(last?.tokenId ?? '', { atMs: 1 });
  const asked = async (token: string): Promise<string[]> => {
    const questions: string[] = [];
    const listen: KyselyPlugin = {
      transformQuery: ({ node }) => {
        questions.push(JSON.stringify(node, (key, value: unknown) => (key === 'value' ? '?' : value)));
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const heard: Storage = { ...storage, write: (work) => storage.write((tx) => work(tx.withPlugin(listen))) };
    await expect(admit(claimBody({ token }), false, heard)).rejects.toMatchObject({
      kind: expect.stringMatching(/^claim-token-/),
    });
    return questions;
  };
  const unknown = await asked(strangerToken());
  expect(unknown.length).toBeGreaterThan(1);
  for (const token of [usedUp, expired, revoked]) expect(await asked(token)).toEqual(unknown);
});

it('writes no line for a claim that is repeated', async () => {
  const { token } = await newSpace();
  const body = claimBody({ token });
  for (let times = 0; times < 5; times++) await admit(body);
  expect(await audited()).toMatchObject([{ kind: 'claim-accepted' }]);
});

describe('what a node keeps of the token that claimed it', () => {
  it('is name, id, maker and where the claim came from, and outlives the token', async () => {
    const { spaceId } = await newSpace();
    const madeByAccountId = randomUUID() as AccountId;
    const token = await newToken(spaceId, { name: 'Rack 4', madeByAccountId, tokenId: randomUUID() });
    const { nodeId } = await admit(claimBody({ token }));
    const [kept] = await storage.read.selectFrom('claimToken').selectAll().where('name', '=', 'Rack 4').execute();
    expect(kept).toMatchObject({ usesTaken: 1, lastUsedAtMs: nowMs });
    await storage.write((tx) => tx.deleteFrom('claimToken').execute());
    const node = await createNodeStore(storage, () => randomUUID() as NodeId).byNodeId(nodeId);
    expect(node).toMatchObject({
      claimedTokenName: 'Rack 4',
      claimedTokenId: kept?.tokenId,
      claimedFrom: '192.0.2.7',
      claimedByAccountId: madeByAccountId,
      waitsSinceMs: null,
    });
  });

  it('is replaced by the next token that the machine is claimed with', async () => {
    const { spaceId, token } = await newSpace();
    const body = claimBody({ token });
    const { nodeId } = await admit(body);
    await admit({ ...body, token: await newToken(spaceId, { name: 'Second' }) });
    const node = await createNodeStore(storage, () => randomUUID() as NodeId).byNodeId(nodeId);
    expect(node?.claimedTokenName).toBe('Second');
  });
});
