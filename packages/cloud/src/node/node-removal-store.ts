// The end of a node in SQL, whoever ends it; part of a transaction that may end many.

import type { ClaimId, MachineGuid } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Tx } from '../storage/storage.ts';
import type { Node, NodeEnd } from './node.ts';

/** Undefined where this end does not hold for the node as it is now. */
export async function removeNode(tx: Tx, node: Node, end: NodeEnd): Promise<Node | undefined> {
  const { nodeId, spaceId, machineGuid, hostname } = node;
  const { because, atMs } = end;
  if (because === 'unclaimed' && end.claimId !== node.claimId) return undefined;
  if (because === 'let-go' && node.claimId !== null) return undefined;
  const isRemoved = because === 'removed' || because === 'ephemeral';
  const parents = isRemoved ? end.parents.filter((parent) => parent !== node.claimId) : [];
  for (const claimId of parents) await dismiss(tx, claimId, machineGuid);
  if (because !== 'let-go')
    await tx
      .updateTable('claim')
      .set({ endedAtMs: atMs, endedBecause: isRemoved ? 'removed' : because })
      .where('nodeId', '=', nodeId)
      .execute();
  await tx.deleteFrom('node').where('nodeId', '=', nodeId).execute();
  const claimId = because === 'let-go' ? end.claimId : node.claimId;
  const accountId = because === 'removed' ? end.accountId : undefined;
  await insertAudit(tx, {
    kind: isRemoved ? 'node-removed' : `node-${because}`,
    atMs,
    spaceId,
    nodeId,
    ...(claimId !== null && { claimId }),
    ...(because !== 'ephemeral' && { sourceNetwork: end.sourceNetwork }),
    ...(accountId !== undefined && { accountId }),
    details: {
      machineGuid,
      hostname,
      ...(accountId !== undefined && { accountId }),
      ...(because === 'ephemeral' && { because, offlineForMs: end.offlineForMs }),
    },
  });
  return node;
}

async function dismiss(tx: Tx, claimId: ClaimId, machineGuid: MachineGuid): Promise<void> {
  await tx
    .insertInto('dismissedChild')
    .values({ claimId, machineGuid })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
