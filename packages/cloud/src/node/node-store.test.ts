// Nodes without a claim of their own: made at a parent's word, claimed later, removed and let go.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ClaimId, MachineGuid, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { openSqlite } from '../storage/sqlite.ts';
import type { Storage } from '../storage/storage.ts';
import { createAuditStore } from '../audit/audit-store.ts';
import { unclaimedOrigin, type ClaimedNode } from './node.ts';
import { createNodeStore } from './node-store.ts';

let folder: string;
let storage: Storage;
let nodes: ReturnType<typeof createNodeStore>;
let parent: ClaimedNode;
const spaceId = randomUUID() as SpaceId;
const child = { machineGuid: randomUUID() as MachineGuid, hostname: 'cellar' };
const sourceNetwork = '192.0.2.9';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-nodes-'));
  storage = await openSqlite({ file: join(folder, 'db'), now: () => 0, synchronous: 'FULL', lockWaitMs: 100 });
  nodes = createNodeStore(storage, () => randomUUID() as NodeId);
  parent = {
    nodeId: randomUUID() as NodeId,
    spaceId,
    claimId: randomUUID() as ClaimId,
    machineGuid: randomUUID() as MachineGuid,
    hostname: 'parent',
    publicKeyPem: 'pem',
    claimedAtMs: 1,
    firstLiveAtMs: null,
    firstSampleAtMs: null,
    lastLiveAtMs: null,
    ...unclaimedOrigin,
  };
  await storage.write(async (tx) => {
    await tx.insertInto('space').values({ spaceId, name: 's', namedAtMs: null, createdAtMs: 0 }).execute();
    await tx
      .insertInto('node')
      .values({ ...parent, publicKeyHash: 'hash' })
      .execute();
    const { claimId, nodeId } = parent;
    const claim = { claimId, spaceId, nodeId, tokenId: null, claimedAtMs: 1, endedAtMs: null, endedBecause: null };
    await tx.insertInto('claim').values(claim).execute();
  });
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const adopt = async () => (await nodes.adopt(parent, [child], 7))[0];
const removed = (parents: ClaimId[]) =>
  ({ because: 'removed', atMs: 9, sourceNetwork, accountId: randomUUID() as AccountId, parents }) as const;

describe('a node that is removed while somebody puts it into rooms', () => {
  it('is gone, and nothing is written', async () => {
    const roomId = randomUUID() as RoomId;
    const room = { roomId, spaceId, slug: 'cellar', name: 'Cellar', holdsAllNodes: 0, createdAtMs: 0 } as const;
    await storage.write(async (tx) => {
      await tx.insertInto('room').values(room).execute();
    });
    await nodes.remove(parent.nodeId, removed([]));
    const by = { atMs: 10, accountId: randomUUID() as AccountId, sourceNetwork };
    expect(await nodes.setRooms(parent, [roomId], by)).toBe('gone');
    expect(await nodes.setRooms(parent, [], by)).toBe('gone');
  });
});

describe('a machine that a parent tells of', () => {
  it('becomes one node, however often it is told of, and says so once in the audit', async () => {
    const first = await adopt();
    expect(first).toMatchObject({ claimId: null, publicKeyPem: null, spaceId, ...child, claimedAtMs: 7 });
    expect((await adopt())?.nodeId).toBe(first?.nodeId);
    const rows = await createAuditStore(storage).page(spaceId, {}, 10);
    expect(rows.filter(({ kind }) => kind === 'child-added')).toMatchObject([
      { claimId: parent.claimId, details: child },
    ]);
  });

  it('that is claimed itself is that node', async () => {
    expect((await nodes.adopt(parent, [{ machineGuid: parent.machineGuid, hostname: 'x' }], 7))[0]).toMatchObject({
      nodeId: parent.nodeId,
      claimId: parent.claimId,
    });
  });

  it('stays away from the parents that streamed it when it was removed, and from no other', async () => {
    const node = await adopt();
    expect(await nodes.remove(node?.nodeId as NodeId, removed([parent.claimId]))).toMatchObject(child);
    expect(await adopt()).toBeUndefined();
    await storage.write(async (tx) => void (await tx.deleteFrom('dismissedChild').execute()));
    expect(await adopt()).toMatchObject(child);
  });

  it('comes back when it was removed while nobody streamed it', async () => {
    const node = await adopt();
    await nodes.remove(node?.nodeId as NodeId, removed([]));
    expect(await adopt()).toMatchObject(child);
  });

  it('is let go by its parent; a claimed one is not', async () => {
    const node = await adopt();
    const end = { because: 'let-go', atMs: 9, sourceNetwork, claimId: parent.claimId } as const;
    expect(await nodes.remove(parent.nodeId, end)).toBeUndefined();
    expect(await nodes.remove(node?.nodeId as NodeId, end)).toMatchObject(child);
    expect(await nodes.byNodeId(node?.nodeId as NodeId)).toBeUndefined();
    expect((await createAuditStore(storage).page(spaceId, {}, 10))[0]).toMatchObject({ kind: 'node-let-go' });
  });

  it('is renamed by a parent only while nobody claimed it', async () => {
    const node = await adopt();
    await nodes.recordChildHostname(node?.nodeId as NodeId, 'attic');
    await nodes.recordChildHostname(parent.nodeId, 'attic');
    expect(await nodes.byNodeId(node?.nodeId as NodeId)).toMatchObject({ hostname: 'attic' });
    expect(await nodes.byNodeId(parent.nodeId)).toMatchObject({ hostname: 'parent' });
  });
});
