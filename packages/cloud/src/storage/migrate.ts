// Brings a database to the schema of this program: forward only, all that is missing in one transaction.

import type { Kysely } from 'kysely';
import { createFirstTables } from './migrations/0001-first-tables.ts';
import { addAudit } from './migrations/0002-audit.ts';
import { addChildren } from './migrations/0003-children.ts';
import { addRoles } from './migrations/0004-roles.ts';
import { addPeople } from './migrations/0005-people.ts';
import { addWaysToSignIn } from './migrations/0006-ways-to-sign-in.ts';
import { addClaimingTokens } from './migrations/0007-claiming-tokens.ts';
import { addNodeCare } from './migrations/0008-node-care.ts';
import { chainAudit } from './migrations/0009-audit-chain.ts';
import { addOperation } from './migrations/0010-operation.ts';
import { addRoomRulesAndEphemeralNodes } from './migrations/0011-room-rules-and-ephemeral-nodes.ts';
import { indexWebhookQueue } from './migrations/0012-webhook-queue-index.ts';
import type { Schema } from './schema.ts';

export interface Migration {
  /** Sorted by name; never edited and never renamed once released. */
  name: string;
  up: (db: Kysely<Schema>) => Promise<void>;
}

export const migrations: readonly Migration[] = [
  { name: '0001-first-tables', up: createFirstTables },
  { name: '0002-audit', up: addAudit },
  { name: '0003-children', up: addChildren },
  { name: '0004-roles', up: addRoles },
  { name: '0005-people', up: addPeople },
  { name: '0006-ways-to-sign-in', up: addWaysToSignIn },
  { name: '0007-claiming-tokens', up: addClaimingTokens },
  { name: '0008-node-care', up: addNodeCare },
  { name: '0009-audit-chain', up: chainAudit },
  { name: '0010-operation', up: addOperation },
  { name: '0011-room-rules-and-ephemeral-nodes', up: addRoomRulesAndEphemeralNodes },
  { name: '0012-webhook-queue-index', up: indexWebhookQueue },
];

/** The message is for the person who starts the Cloud. */
export class NewerSchema extends Error {
  constructor(name: string) {
    super(
      `the database was written by a newer Claimstead (migration ${name} is unknown here); start that version, or restore a backup made before the upgrade`,
    );
    this.name = 'NewerSchema';
  }
}

/** `list` is handed in by tests only. */
export async function migrate(
  db: Kysely<Schema>,
  nowMs: number,
  list: readonly Migration[] = migrations,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.schema
      .createTable('migration')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('appliedAtMs', 'integer', (column) => column.notNull())
      .execute();
    const applied = new Set((await tx.selectFrom('migration').select('name').execute()).map((row) => row.name));
    const unknown = [...applied].sort().find((name) => !list.some((migration) => migration.name === name));
    if (unknown !== undefined) throw new NewerSchema(unknown);
    for (const migration of list) {
      if (applied.has(migration.name)) continue;
      await migration.up(tx);
      await tx.insertInto('migration').values({ name: migration.name, appliedAtMs: nowMs }).execute();
    }
  });
}
