// `claimstead admin backup` and `restore`: they read and write the folder themselves. A backup may be made while a Cloud runs on it.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { BackupError, type Progress } from '../backup/backup.ts';
import { restoreBackup } from '../backup/restore.ts';
import { megabytes, writeBackup } from '../backup/write-backup.ts';
import { cloudFolder, reasonOf } from '../config/data-folder.ts';
import { peopleAfterRestore } from '../control/operation-commands.ts';
import { cloudVersion } from '../version.ts';

/** Sentences for a person, beside what goes to stdout. */
const progress: Progress = (sentence) => void process.stderr.write(`${sentence} …\n`);

/** `target`: a path, or `-` for stdout. Throws BackupError. */
export async function backup(dataFolder: string, target: string, nowMs: number): Promise<void> {
  // Nothing of a backup may be readable by others, whatever the shell's umask was.
  process.umask(0o077);
  const parts = { paths: cloudFolder(dataFolder), nowMs, version: cloudVersion, progress };
  // A signal ends the program in order, so that nothing half written stays.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  if (target === '-') {
    if (process.stdout.isTTY)
      throw new BackupError('A backup is no text, and holds keys: give a file, or lead stdout somewhere else.');
    // Elsewhere a reader that went away has what it wanted; of a backup it has a part, which is none.
    process.stdout.removeAllListeners('error');
    const { auditHead } = await writeBackup({ ...parts, out: process.stdout }).catch((cause: unknown) => {
      throw cause instanceof BackupError
        ? cause
        : new BackupError(`Cannot write to stdout (${reasonOf(cause)}); what was read from it is no backup.`, {
            cause,
          });
    });
    return void process.stderr.write(doneWords('stdout', auditHead.seq));
  }
  const file = resolve(target);
  if (existsSync(file)) throw new BackupError(`There is ${file} already; give another name, or remove it first.`);
  const fresh = `${file}.${randomBytes(4).toString('hex')}.new`;
  process.once('exit', () => rmSync(fresh, { force: true }));
  try {
    const out = createWriteStream(fresh, { flags: 'wx', mode: 0o600, flush: true });
    const { auditHead, files } = await writeBackup({ ...parts, out });
    renameSync(fresh, file);
    syncFolderOf(file);
    const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    process.stderr.write(doneWords(`${file} (${megabytes(bytes)})`, auditHead.seq));
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    throw new BackupError(
      `Cannot write ${file} (${reasonOf(cause)}); check the rights and the free space of its folder.`,
      {
        cause,
      },
    );
  }
}

const doneWords = (where: string, seq: number): string =>
  `The backup is in ${where}, with the audit up to row ${seq}. Whoever has it has the Cloud: keep it as safe as the Cloud itself.\n`;

/** `source`: a path, or `-` for stdin. Throws BackupError. */
export async function restore(dataFolder: string, source: string, force: boolean): Promise<void> {
  process.umask(0o077);
  if (source !== '-' && !existsSync(source))
    throw new BackupError(`There is no ${resolve(source)}; give the file of a backup.`);
  const input = source === '-' ? process.stdin : createReadStream(source);
  const { manifest, voided, aside } = await restoreBackup({
    dataFolder,
    input,
    force,
    nowMs: () => Date.now(),
    progress,
  });
  const gone = Object.entries(voided).filter(([, count]) => count > 0);
  const lines = [
    `The Cloud of ${manifest.madeAt} is in ${cloudFolder(dataFolder).folder}; start it with claimstead serve --data ${dataFolder}.`,
    ...(aside === undefined ? [] : [`What was there before is in ${aside}.`]),
    ...(gone.length === 0
      ? []
      : [
          `Not brought back, because it may have been taken away since: ${gone.map(([table, count]) => `${count} of ${table.replaceAll('_', ' ')}`).join(', ')}.`,
        ]),
    peopleAfterRestore,
    'Claiming tokens that were revoked since are good again, and webhooks that were removed since are told again: claimstead admin after-restore lists tokens to replace, webhooks to look at, and nodes that have to be claimed once more.',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function syncFolderOf(file: string): void {
  const fd = openSync(resolve(file, '..'), 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
