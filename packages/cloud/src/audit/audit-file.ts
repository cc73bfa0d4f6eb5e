// The audit of a database that no Cloud need be running on. One that runs does not mind.

import { existsSync } from 'node:fs';
import { openSqliteToRead } from '../storage/sqlite.ts';
import { verifyAudit } from './audit-chain-store.ts';
import type { AuditVerdict } from './audit-chain.ts';

/** The message is one sentence with the remedy. */
export class AuditUnreadable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuditUnreadable';
  }
}

/** Throws AuditUnreadable. */
export async function verifyAuditFile(file: string, noted: string | undefined): Promise<AuditVerdict> {
  if (!existsSync(file))
    throw new AuditUnreadable(`There is no database ${file}; give the folder of a Cloud with --data.`);
  try {
    const storage = openSqliteToRead(file);
    try {
      return await storage.snapshot((queries) => verifyAudit(queries, noted));
    } finally {
      await storage.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new AuditUnreadable(
      /no such (table|column)/.test(reason)
        ? `The database ${file} was written by an older Claimstead, whose audit has no hashes; start this one on it first.`
        : `Cannot read the database ${file} (${reason}); run the command as the user that runs the Cloud.`,
      { cause },
    );
  }
}
