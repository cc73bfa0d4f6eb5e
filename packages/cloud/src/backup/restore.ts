// A folder out of a backup. Everything is made and checked beside the folder, and then put in its place by one rename: whatever goes wrong before
// that leaves the folder as it was.

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { verifyAudit } from '../audit/audit-chain-store.ts';
import { auditVerdictWords } from '../audit/audit-chain.ts';
import { cloudFolder, reasonOf } from '../config/data-folder.ts';
import { makeFolders } from '../config/make-folders.ts';
import { takeInstanceLock, type InstanceLock } from '../storage/instance-lock.ts';
import { NewerSchema } from '../storage/migrate.ts';
import { defaultLockWaitMs, openSqlite, whatIsBroken } from '../storage/sqlite.ts';
import { BackupError, databaseName, isIdentity, type Manifest, type Progress } from './backup.ts';
import { readBackup } from './read-backup.ts';
import { markRestored } from './restore-store.ts';

export interface RestoreParts {
  dataFolder: string;
  input: Readable;
  /** Puts what is in the folder aside instead of refusing it. */
  force: boolean;
  nowMs: () => number;
  progress: Progress;
}

export interface RestoreOutcome {
  manifest: Manifest;
  /** Rows by table that do not come back. */
  voided: Readonly<Record<string, number>>;
  /** Where the earlier folder is now. */
  aside: string | undefined;
}

/** Throws BackupError. */
export async function restoreBackup({
  dataFolder,
  input,
  force,
  nowMs,
  progress,
}: RestoreParts): Promise<RestoreOutcome> {
  const paths = cloudFolder(dataFolder);
  const lock = existsSync(paths.folder) ? lockFolder(paths.folder, paths.lockFile) : undefined;
  const staging = `${paths.folder}.restoring`;
  try {
    const isUsed =
      existsSync(paths.folder) &&
      readdirSync(paths.folder).some(
        (name) => name === databaseName || (isIdentity(name) && !isEmptyFolder(join(paths.folder, name))),
      );
    if (isUsed && !force)
      throw new BackupError(
        `There is a Cloud in ${paths.folder} already; give another folder with --data, or put that one aside with --force.`,
      );
    prepare(staging);
    progress('Reading the backup');
    const manifest = await readBackup(input, staging);
    progress('Checking the database and the audit');
    const voided = await checkAndMark(join(staging, databaseName), manifest, nowMs());
    const aside = isUsed
      ? freeName(`${paths.folder}.before-${new Date(nowMs()).toISOString().slice(0, 19).replaceAll(':', '')}`)
      : undefined;
    if (aside !== undefined) renameSync(paths.folder, aside);
    else rmSync(paths.folder, { recursive: true, force: true });
    renameSync(staging, paths.folder);
    syncFolder(dirname(paths.folder));
    return { manifest, voided, aside };
  } catch (cause) {
    rmSync(staging, { recursive: true, force: true });
    if (cause instanceof BackupError) throw cause;
    throw new BackupError(
      `Cannot restore into ${paths.folder} (${reasonOf(cause)}); check its rights and the free space.`,
      { cause },
    );
  } finally {
    lock?.release();
  }
}

function lockFolder(folder: string, lockFile: string): InstanceLock {
  const lock = takeInstanceLock(lockFile);
  if (lock === undefined) throw new BackupError(`A Cloud is running on ${folder}; stop it first.`);
  return lock;
}

function prepare(staging: string): void {
  makeFolders(dirname(staging), 0o700);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { mode: 0o700 });
}

const isEmptyFolder = (path: string): boolean => {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
};

function freeName(name: string): string {
  for (let n = 1; ; n++) {
    const tried = n === 1 ? name : `${name}-${n}`;
    if (!existsSync(tried)) return tried;
  }
}

/** What was edited in the file must not become a Cloud. */
async function checkAndMark(file: string, manifest: Manifest, nowMs: number): Promise<Record<string, number>> {
  const broken = whatIsBroken(file);
  if (broken !== undefined)
    throw new BackupError(`The database in the backup is damaged (${broken}); take another one.`);
  const storage = await openSqlite({
    file,
    now: () => nowMs,
    synchronous: 'FULL',
    lockWaitMs: defaultLockWaitMs,
  }).catch((cause: unknown) => {
    throw cause instanceof NewerSchema
      ? new BackupError(`The backup was made by a newer Claimstead; restore it with that version.`, { cause })
      : cause;
  });
  try {
    const verdict = await storage.snapshot((queries) =>
      verifyAudit(queries, manifest.auditHead.seq === 0 ? undefined : manifest.auditHead.hash),
    );
    if (!verdict.holds) throw new BackupError(`${auditVerdictWords(verdict)} The backup is not restored.`);
    return await markRestored(storage, { restoredAtMs: nowMs, backupMadeAtMs: Date.parse(manifest.madeAt) });
  } finally {
    await storage.close();
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
