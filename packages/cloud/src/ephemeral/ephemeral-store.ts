// Ephemeral nodes in SQL.

import type { NodeId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import { nodeColumns } from '../node/node-store.ts';
import { removeNode } from '../node/node-removal-store.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import type { EphemeralNode, EphemeralStore } from './ephemeral.ts';

export function createEphemeralStore(storage: Storage): EphemeralStore {
  return {
    all: async () => (await kept(storage.read).execute()).map(toEphemeral),
    of: (nodeId) => one(storage.read, nodeId),
    set: ({ nodeId, spaceId }, afterMs, by) =>
      storage.write(async (tx) => {
        const node = await tx.selectFrom('node').select('hostname').where('nodeId', '=', nodeId).executeTakeFirst();
        const before = (await one(tx, nodeId))?.afterMs ?? null;
        if (node === undefined || before === afterMs) return;
        if (afterMs === null) await tx.deleteFrom('ephemeralNode').where('nodeId', '=', nodeId).execute();
        else await insertEphemeral(tx, nodeId, afterMs);
        const details = { hostname: node.hostname, beforeMs: before, afterMs };
        await insertAudit(tx, { kind: 'node-ephemeral-changed', spaceId, nodeId, ...by, details });
      }),
    saveAway: (nodes) =>
      storage.write(async (tx) => {
        for (const { nodeId, awayMs } of nodes)
          await tx.updateTable('ephemeralNode').set({ awayMs }).where('nodeId', '=', nodeId).execute();
      }),
    leave: (nodeId, { isThere, ...end }) =>
      storage.write(async (tx) => {
        const node = await tx.selectFrom('node').select(nodeColumns).where('nodeId', '=', nodeId).executeTakeFirst();
        if (node === undefined || node.waitsSinceMs !== null || (await one(tx, nodeId)) === undefined || isThere())
          return undefined;
        return removeNode(tx, node, { because: 'ephemeral', ...end });
      }),
  };
}

const kept = (queries: Queries) =>
  queries
    .selectFrom('ephemeralNode')
    .innerJoin('node', 'node.nodeId', 'ephemeralNode.nodeId')
    .select(['ephemeralNode.nodeId', 'ephemeralNode.afterMs', 'ephemeralNode.awayMs', 'node.waitsSinceMs']);

const toEphemeral = ({
  waitsSinceMs,
  ...node
}: Omit<EphemeralNode, 'waits'> & { waitsSinceMs: number | null }): EphemeralNode => ({
  ...node,
  waits: waitsSinceMs !== null,
});

async function one(queries: Queries, nodeId: NodeId): Promise<EphemeralNode | undefined> {
  const row = await kept(queries).where('ephemeralNode.nodeId', '=', nodeId).executeTakeFirst();
  return row && toEphemeral(row);
}

/** Part of the transaction of whoever makes a node ephemeral. */
export async function insertEphemeral(tx: Tx, nodeId: NodeId, afterMs: number): Promise<void> {
  await tx
    .insertInto('ephemeralNode')
    .values({ nodeId, afterMs, awayMs: 0 })
    .onConflict((conflict) => conflict.column('nodeId').doUpdateSet({ afterMs }))
    .execute();
}
