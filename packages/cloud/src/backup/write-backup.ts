// Makes a backup, also while a Cloud runs on the folder and writes: the database is copied as of one moment.

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { pack } from 'tar-stream';
import { auditHead } from '../audit/audit-chain-store.ts';
import type { CloudFolder } from '../config/data-folder.ts';
import { copySqlite, databaseBytes, openSqliteToRead } from '../storage/sqlite.ts';
import { BackupError, databaseName, isIdentity, manifestName, type Manifest, type Progress } from './backup.ts';

export interface WriteBackupParts {
  paths: CloudFolder;
  out: Writable;
  nowMs: number;
  version: string;
  progress: Progress;
}

/** Answers what went into it, once all of it was taken by `out`. Throws BackupError. */
export async function writeBackup({ paths, out, nowMs, version, progress }: WriteBackupParts): Promise<Manifest> {
  if (!existsSync(paths.databaseFile))
    throw new BackupError(`There is no Cloud in ${paths.folder}; give the folder of one with --data.`);
  const copy = join(paths.folder, `backup-${randomBytes(8).toString('hex')}.tmp`);
  // It holds all that the Cloud keeps: it must not be left behind, however the program ends, nor fill the disk of the Cloud night by night.
  const remove = (): void => rmSync(copy, { force: true });
  process.once('exit', remove);
  // The target may fail at any moment, also before anything waits for it; what it was is told by `ended`.
  out.on('error', () => {});
  try {
    progress(`Copying the database (${megabytes(databaseBytes(paths.databaseFile))})`);
    copyDatabase(paths.databaseFile, copy);
    const head = await headOf(copy);
    const names = readdirSync(paths.folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(paths.folder, join(entry.parentPath ?? entry.path, entry.name)))
      .filter(isIdentity)
      .toSorted();
    const small = names.map((name) => ({ name, bytes: readFileSync(join(paths.folder, name)) }));
    const copyBytes = statSync(copy).size;
    const manifest: Manifest = {
      format: 'claimstead backup 1',
      version,
      madeAt: new Date(nowMs).toISOString(),
      auditHead: head,
      files: [
        ...small.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
        { name: databaseName, bytes: copyBytes, sha256: await sha256OfFile(copy) },
      ],
    };
    const tar = pack();
    tar.on('error', () => {});
    const mtime = new Date(nowMs);
    const ended = finished(tar.pipe(out));
    tar.entry({ name: manifestName, mode: 0o600, mtime }, `${JSON.stringify(manifest, undefined, 2)}\n`);
    for (const { name, bytes } of small) tar.entry({ name, mode: 0o600, mtime }, bytes);
    progress(`Writing ${megabytes(copyBytes)}`);
    const entry = tar.entry({ name: databaseName, mode: 0o600, mtime, size: copyBytes });
    await Promise.race([finished(createReadStream(copy).pipe(entry)), ended]);
    tar.finalize();
    await ended;
    return manifest;
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function copyDatabase(from: string, to: string): void {
  try {
    copySqlite(from, to);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new BackupError(
      `Cannot copy the database ${from} (${reason}); check the rights and the free space of its folder.`,
      { cause },
    );
  }
}

async function headOf(database: string): Promise<Manifest['auditHead']> {
  const storage = openSqliteToRead(database);
  try {
    const head = await storage.snapshot(auditHead);
    if (head === undefined) throw new Error('the audit has no head');
    return head;
  } catch (cause) {
    throw new BackupError(
      'The database was written by an older Claimstead; start this one on it first, or make the backup with that version.',
      { cause },
    );
  } finally {
    await storage.close();
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
