// A backup: everything that makes a Cloud this one, as one tar file. Reading order: backup.ts (what is in it), write-backup.ts, read-backup.ts,
// restore.ts (a folder out of it), restore-store.ts (what must not come back to life), orphans.ts (who asks after a restore and is not known).
//
// Whoever has the file has the Cloud: accounts, hashes, the private authority, the key of sealed secrets. It is made readable by its owner alone.

import { z } from 'zod';

/** What is wrong, and what to do; for the person at the command line. */
export class BackupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupError';
  }
}

export const manifestName = 'manifest.json';
export const databaseName = 'claimstead.db';

/** Below DIR/cloud, one folder deep. Such a name leads nowhere else. */
const FileName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}(\/[A-Za-z0-9][\w.-]{0,99})?$/);

/** The first entry of the file. */
export const Manifest = z.object({
  format: z.literal('claimstead backup 1'),
  /** Of the program that made it. */
  version: z.string().max(64),
  madeAt: z.iso.datetime(),
  /** Newest row of the audit that is in it. */
  auditHead: z.object({ seq: z.int(), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  files: z
    .array(z.object({ name: FileName, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .min(1)
    .max(1000),
});
export type Manifest = z.infer<typeof Manifest>;

/**
 * Files of DIR/cloud that are no part of what the Cloud is: everything else goes into a backup, so that a file that is added to the folder one day
 * is not forgotten here.
 */
const passing: readonly RegExp[] = [
  /^lock\.db/,
  /^control\.sock$/,
  // The copy of the database stands for these, too.
  /^claimstead\.db(-wal|-shm|-journal)?$/,
  // Half written.
  /\.(new|tmp)$/,
];
export const isIdentity = (name: string): boolean => !passing.some((pattern) => pattern.test(name));

/** How far something is, for a person who waits. */
export type Progress = (sentence: string) => void;
