// Takes a backup apart into a folder. It may come from anywhere: nothing is written but files that its own list names, below that folder.

import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Entry } from 'tar-stream';
import { BackupError, databaseName, Manifest, manifestName } from './backup.ts';

const maxManifestBytes = 1024 * 1024;

/** `folder` exists and is empty. Throws BackupError. */
export async function readBackup(input: Readable, folder: string): Promise<Manifest> {
  const tar = extract();
  const fed = pipeline(input, tar);
  // What goes wrong while reading is told by the loop below.
  fed.catch(() => {});
  let manifest: Manifest | undefined;
  const missing = new Map<string, Manifest['files'][number]>();
  try {
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header;
      if (type !== 'file')
        throw new BackupError(`The backup holds ${type ?? 'something'} that is no file; it is not one of ours.`);
      if (manifest === undefined) {
        if (name !== manifestName || size > maxManifestBytes) throw notOurs();
        manifest = parseManifest(await textOf(entry));
        for (const file of manifest.files) missing.set(file.name, file);
        continue;
      }
      const file = missing.get(name);
      if (file === undefined || file.bytes !== size) throw damaged();
      missing.delete(name);
      await writeEntry(entry, join(folder, name), file.sha256);
    }
    await fed;
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    throw manifest === undefined ? notOurs(cause) : damaged(cause);
  }
  if (manifest === undefined) throw notOurs();
  if (missing.size > 0 || !manifest.files.some(({ name }) => name === databaseName)) throw damaged();
  return manifest;
}

const notOurs = (cause?: unknown): BackupError =>
  new BackupError('This is no backup of a Claimstead Cloud; give a file that claimstead admin backup made.', { cause });
const damaged = (cause?: unknown): BackupError =>
  new BackupError('The backup is damaged or not complete; take another one.', { cause });

function parseManifest(text: string): Manifest {
  const format = (JSON.parse(text) as { format?: unknown }).format;
  if (typeof format === 'string' && /^claimstead backup ([2-9]|\d\d)/.test(format))
    throw new BackupError('The backup was made by a newer Claimstead; restore it with that version.');
  return Manifest.parse(JSON.parse(text));
}

async function textOf(entry: Entry): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function writeEntry(entry: Entry, file: string, sha256: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  entry.on('data', (chunk: Buffer) => hash.update(chunk));
  // `wx`: a name that stands twice in the list is refused. Opened here: a stream that fails while it opens its file would make that later, in a
  // folder that is being removed.
  const fd = openSync(file, 'wx', 0o600);
  await pipeline(entry, createWriteStream(file, { fd, flush: true }));
  if (hash.digest('hex') !== sha256) throw damaged();
}
