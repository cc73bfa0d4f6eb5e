// The one transaction of a claim: token, node, claim and rooms become durable together, or nothing does.

import type { ClaimId, NodeId, SpaceId } from '@claimstead/wire/ids';
import type { Room } from '../room/room.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import { findClaimToken, useClaimToken } from '../token/claim-token-store.ts';
import { CloudError } from '@claimstead/wire/errors';
import type { CheckedClaim } from './checked-claim.ts';
import type { AcceptedClaim, Admission, ClaimFacts, ClaimStore, KnownNode } from './claim.ts';

export interface ClaimStoreParts {
  storage: Storage;
  now: () => number;
  newNodeId: () => NodeId;
}

export function createClaimStore({ storage, now, newNodeId }: ClaimStoreParts): ClaimStore {
  return {
    admit: (claim, decide) =>
      storage.write(async (tx) => {
        const nowMs = now();
        const admission = decide(await readFacts(tx, claim, nowMs));
        // The condition stands in the statement itself, so that a last use is used once on every engine.
        if (admission.takesUse && !(await useClaimToken(tx, admission.tokenId)))
          throw new CloudError('claim-token-refused');
        return carryOut(tx, claim, admission, nowMs, newNodeId);
      }),
  };
}

async function readFacts(tx: Tx, claim: CheckedClaim, nowMs: number): Promise<ClaimFacts> {
  const token = await findClaimToken(tx, claim.tokenHash, nowMs);
  // Without a token nothing else is looked at: the answer cannot depend on it, in words or in time.
  if (token === undefined) return { token, rooms: [], machine: undefined, holder: undefined, keyIsElsewhere: false };
  const { spaceId } = token;
  const machine = await knownNodes(tx)
    .where('node.spaceId', '=', spaceId)
    .where('node.machineGuid', '=', claim.machineGuid)
    .executeTakeFirst();
  const holder = await nodeOfClaim(tx, claim.claimId);
  const elsewhere = await tx
    .selectFrom('node')
    .select('nodeId')
    .where('publicKeyHash', '=', claim.publicKeyHash)
    .where('spaceId', '!=', spaceId)
    .executeTakeFirst();
  return { token, rooms: await roomsOf(tx, spaceId), machine, holder, keyIsElsewhere: elsewhere !== undefined };
}

const knownNodes = (tx: Tx) =>
  tx
    .selectFrom('node')
    .innerJoin('claim', 'claim.claimId', 'node.claimId')
    .select(['node.nodeId', 'node.spaceId', 'node.machineGuid', 'node.claimId', 'node.publicKeyHash', 'claim.tokenId']);

async function nodeOfClaim(tx: Tx, claimId: ClaimId): Promise<KnownNode | undefined> {
  const row = await tx.selectFrom('claim').select('nodeId').where('claimId', '=', claimId).executeTakeFirst();
  if (row === undefined || row.nodeId === null) return undefined;
  return knownNodes(tx).where('node.nodeId', '=', row.nodeId).executeTakeFirst();
}

async function roomsOf(tx: Tx, spaceId: SpaceId): Promise<Room[]> {
  const rows = await tx.selectFrom('room').selectAll().where('spaceId', '=', spaceId).execute();
  return rows.map((row) => ({ ...row, holdsAllNodes: row.holdsAllNodes === 1 }));
}

async function carryOut(
  tx: Tx,
  claim: CheckedClaim,
  admission: Admission,
  nowMs: number,
  newNodeId: () => NodeId,
): Promise<AcceptedClaim> {
  const { claimId, machineGuid, hostname, publicKeyPem, publicKeyHash } = claim;
  const nodeId = admission.node?.nodeId ?? newNodeId();
  const told = { claimId, machineGuid, hostname, publicKeyPem, publicKeyHash };
  if (admission.node === undefined) {
    const unseen = { claimedAtMs: nowMs, firstLiveAtMs: null, firstSampleAtMs: null, lastLiveAtMs: null };
    await tx
      .insertInto('node')
      .values({ nodeId, spaceId: admission.spaceId, ...told, ...unseen })
      .execute();
  } else {
    await tx.updateTable('node').set(told).where('nodeId', '=', nodeId).execute();
  }
  if (admission.retiredClaimId !== null) {
    await tx
      .updateTable('claim')
      .set({ endedAtMs: nowMs, endedBecause: 'replaced' })
      .where('claimId', '=', admission.retiredClaimId)
      .execute();
  }
  // A claim id comes again: the same claim repeated, or one whose node was removed since, in whatever Space that was.
  const standing = {
    spaceId: admission.spaceId,
    nodeId,
    tokenId: admission.tokenId,
    claimedAtMs: nowMs,
    endedAtMs: null,
    endedBecause: null,
  };
  await tx
    .insertInto('claim')
    .values({ claimId, ...standing })
    .onConflict((conflict) => conflict.column('claimId').doUpdateSet(standing))
    .execute();
  const rooms = admission.roomIds.map((roomId) => ({ nodeId, roomId }));
  if (rooms.length > 0) {
    await tx
      .insertInto('nodeRoom')
      .values(rooms)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return { ...admission, nodeId };
}
