// The one transaction of a claim: token, node, claim and rooms become durable together, or nothing does.

import type { ClaimId, NodeId, SpaceId } from '@claimstead/wire/ids';
import type { AuditEntry } from '../audit/audit.ts';
import { insertAudit } from '../audit/audit-store.ts';
import type { Room } from '../room/room.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import { claimTokenState } from '../token/claim-token.ts';
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
    admit: (claim, decide, sourceNetwork) =>
      storage.write(async (tx) => {
        const nowMs = now();
        const admission = decide(await readFacts(tx, claim, nowMs));
        // The condition stands in the statement itself, so that a last use is used once on every engine.
        if (admission.takesUse && !(await useClaimToken(tx, admission.tokenId)))
          throw new CloudError('claim-token-used-up');
        const accepted = await carryOut(tx, claim, admission, nowMs, newNodeId);
        for (const entry of auditOf(claim, accepted))
          await insertAudit(tx, { ...entry, atMs: nowMs, ...(sourceNetwork !== undefined && { sourceNetwork }) });
        return accepted;
      }),
    facts: (claim) => storage.snapshot((queries) => readFacts(queries, claim, now())),
  };
}

/** The nil UUID, which no Space has. */
const noSpace = '00000000-0000-0000-0000-000000000000' as SpaceId;

async function readFacts(queries: Queries, claim: CheckedClaim, nowMs: number): Promise<ClaimFacts> {
  const token = await findClaimToken(queries, claim.tokenHash);
  // Read with every token, also with none: a used-up one admits its own repeats, and the time must not tell which it was.
  const machine = await knownNodes(queries)
    .where('node.spaceId', '=', token?.spaceId ?? noSpace)
    .where('node.machineGuid', '=', claim.machineGuid)
    .executeTakeFirst();
  const state = token === undefined ? 'unknown' : claimTokenState(token, nowMs);
  const mayRepeat = machine?.publicKeyHash === claim.publicKeyHash;
  // Without a good token nothing else is looked at: the answer cannot depend on it, in words or in time.
  if (token === undefined || !(state === 'valid' || (state === 'used-up' && mayRepeat)))
    return { token, nowMs, machine, rooms: [], holder: undefined, keyIsElsewhere: false };
  const { spaceId } = token;
  const holder = await nodeOfClaim(queries, claim.claimId);
  const elsewhere = await queries
    .selectFrom('node')
    .select('nodeId')
    .where('publicKeyHash', '=', claim.publicKeyHash)
    .where('spaceId', '!=', spaceId)
    .executeTakeFirst();
  const rooms = await roomsOf(queries, spaceId);
  return { token, nowMs, rooms, machine, holder, keyIsElsewhere: elsewhere !== undefined };
}

const knownNodes = (queries: Queries) =>
  queries
    .selectFrom('node')
    .leftJoin('claim', 'claim.claimId', 'node.claimId')
    .select(['node.nodeId', 'node.spaceId', 'node.machineGuid', 'node.claimId', 'node.publicKeyHash', 'claim.tokenId']);

async function nodeOfClaim(queries: Queries, claimId: ClaimId): Promise<KnownNode | undefined> {
  const row = await queries.selectFrom('claim').select('nodeId').where('claimId', '=', claimId).executeTakeFirst();
  if (row === undefined || row.nodeId === null) return undefined;
  return knownNodes(queries).where('node.nodeId', '=', row.nodeId).executeTakeFirst();
}

async function roomsOf(queries: Queries, spaceId: SpaceId): Promise<Room[]> {
  const rows = await queries.selectFrom('room').selectAll().where('spaceId', '=', spaceId).execute();
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
    // What only its parent told of until now is new as a claimed one.
    const unseen = admission.node.claimId === null && {
      claimedAtMs: nowMs,
      firstLiveAtMs: null,
      firstSampleAtMs: null,
    };
    await tx
      .updateTable('node')
      .set({ ...told, ...unseen })
      .where('nodeId', '=', nodeId)
      .execute();
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
  // A parent that is claimed anew may bring back what was removed behind it.
  await tx.deleteFrom('dismissedChild').where('claimId', '=', claimId).execute();
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

/** None for a repeat that changes nothing: whoever holds a token and a key could fill the disk with it. */
function auditOf(claim: CheckedClaim, accepted: AcceptedClaim): Omit<AuditEntry, 'atMs'>[] {
  const { spaceId, nodeId, tokenId, retiredClaimId, keyReplaced, earlierKeyHash, takesUse } = accepted;
  const { claimId, machineGuid, hostname, publicKeyHash } = claim;
  const about = { spaceId, nodeId, claimId, tokenId };
  const entries: Omit<AuditEntry, 'atMs'>[] = [];
  if (takesUse || retiredClaimId !== null)
    entries.push({
      ...about,
      kind: 'claim-accepted',
      details: { machineGuid, hostname, publicKeyHash, isNewNode: accepted.node === undefined, retiredClaimId },
    });
  if (keyReplaced) entries.push({ ...about, kind: 'key-replaced', details: { earlierKeyHash, publicKeyHash } });
  return entries;
}
