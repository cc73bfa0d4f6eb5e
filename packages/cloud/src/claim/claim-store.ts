// The one transaction of a claim: token, node, claim and rooms become durable together, or nothing does.

import type { NodeId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import { insertEphemeral } from '../ephemeral/ephemeral-store.ts';
import { useClaimToken } from '../token/claim-token-store.ts';
import { CloudError } from '@claimstead/wire/errors';
import type { CheckedClaim } from './checked-claim.ts';
import type { AcceptedClaim, Admission, ClaimSource, ClaimStore } from './claim.ts';
import { auditOf } from './claim-audit.ts';
import { readFacts } from './claim-facts-store.ts';

export interface ClaimStoreParts {
  storage: Storage;
  now: () => number;
  newNodeId: () => NodeId;
}

export function createClaimStore({ storage, now, newNodeId }: ClaimStoreParts): ClaimStore {
  return {
    admit: (claim, decide, source) =>
      storage.write(async (tx) => {
        const nowMs = now();
        const admission = decide(await readFacts(tx, claim, source, nowMs));
        // The condition stands in the statement itself, so that a last use is used once on every engine.
        if (admission.takesUse && !(await useClaimToken(tx, admission.token.tokenId, nowMs)))
          throw new CloudError('claim-token-used-up');
        const accepted = await carryOut(tx, claim, source, admission, nowMs, newNodeId);
        for (const entry of auditOf(claim, accepted))
          await insertAudit(tx, {
            ...entry,
            atMs: nowMs,
            ...(source !== undefined && { sourceNetwork: source.network }),
          });
        return accepted;
      }),
    facts: (claim, source) => storage.snapshot((queries) => readFacts(queries, claim, source, now())),
  };
}

async function carryOut(
  tx: Tx,
  claim: CheckedClaim,
  source: ClaimSource | undefined,
  admission: Admission,
  nowMs: number,
  newNodeId: () => NodeId,
): Promise<AcceptedClaim> {
  const { claimId, machineGuid, hostname, publicKeyPem, publicKeyHash } = claim;
  const nodeId = admission.node?.nodeId ?? newNodeId();
  const { token } = admission;
  const told = {
    claimId,
    machineGuid,
    hostname,
    publicKeyPem,
    publicKeyHash,
    claimedTokenName: token.name,
    claimedTokenId: token.tokenId,
    claimedFrom: source?.network ?? null,
    claimedByAccountId: token.madeByAccountId,
    waitsSinceMs: admission.waits ? (admission.node?.waitsSinceMs ?? nowMs) : null,
  };
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
  if (admission.ephemeralAfterMs !== null) await insertEphemeral(tx, nodeId, admission.ephemeralAfterMs);
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
    tokenId: token.tokenId,
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
