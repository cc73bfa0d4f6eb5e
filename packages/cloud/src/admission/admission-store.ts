// Admission in SQL.

import type { SpaceId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import type { AdmissionStore } from './admission.ts';

export function createAdmissionStore(storage: Storage): AdmissionStore {
  return {
    isOn: (spaceId) => isAdmittedByHand(storage.read, spaceId),
    turn: (spaceId, isOn, by) =>
      storage.write(async (tx) => {
        if ((await isAdmittedByHand(tx, spaceId)) === isOn) return;
        if (isOn) await tx.insertInto('spaceAdmission').values({ spaceId, onSinceMs: by.atMs }).execute();
        else await tx.deleteFrom('spaceAdmission').where('spaceId', '=', spaceId).execute();
        await insertAudit(tx, { kind: isOn ? 'admission-turned-on' : 'admission-turned-off', spaceId, ...by });
      }),
    admit: (nodeId, by) =>
      storage.write(async (tx) => {
        const node = await tx
          .selectFrom('node')
          .select(['spaceId', 'claimId', 'hostname', 'publicKeyHash', 'waitsSinceMs'])
          .where('nodeId', '=', nodeId)
          .executeTakeFirst();
        if (node === undefined || node.waitsSinceMs === null) return false;
        await tx.updateTable('node').set({ waitsSinceMs: null }).where('nodeId', '=', nodeId).execute();
        const { spaceId, claimId, hostname, publicKeyHash } = node;
        await insertAudit(tx, {
          kind: 'node-admitted',
          spaceId,
          nodeId,
          ...(claimId !== null && { claimId }),
          ...by,
          details: { hostname, publicKeyHash },
        });
        return true;
      }),
  };
}

/** Whether nodes that are claimed to the Space wait until an administrator admits them; part of the claim's transaction. */
export async function isAdmittedByHand(queries: Queries, spaceId: SpaceId): Promise<boolean> {
  const on = await queries
    .selectFrom('spaceAdmission')
    .select('onSinceMs')
    .where('spaceId', '=', spaceId)
    .executeTakeFirst();
  return on !== undefined;
}
