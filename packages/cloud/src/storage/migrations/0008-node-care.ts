// How the link of a node ended, so that somebody who looks after a restart of the Cloud is still told why a node is not there.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function addNodeCare(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [`alter table node add column down_cause text`, `alter table node add column down_words text`];
