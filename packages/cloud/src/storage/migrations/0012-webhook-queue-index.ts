// The oldest delivery of a webhook is found without sorting all that wait for it.

import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function indexWebhookQueue(db: Kysely<Schema>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // The new one begins with the same column, and serves what this one did.
  `drop index webhook_delivery_webhook`,
  `create index webhook_delivery_age on webhook_delivery (webhook_id, created_at_ms)`,
];
