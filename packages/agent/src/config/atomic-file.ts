// Files that are there whole or not at all, also after a power cut: temporary file, fsync, rename, fsync of the folder.

import { randomBytes } from 'node:crypto';
import { link, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A user and their group, by number. */
export interface Owner {
  uid: number;
  gid: number;
}

export interface FileKind {
  mode: number;
  /** Who shall own the file; undefined: whoever writes it. Only root can give files away. */
  owner: undefined | Owner;
}

const temporaryName = /^\.[a-z_.]+\.[0-9a-f]{16}\.tmp$/;

/** Writes `text` next to `path`, durably. The name starts with a dot and is found by `removeLeftovers` when we die before it is used. */
async function writeBeside(path: string, text: string, kind: FileKind): Promise<string> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const beside = join(dirname(path), `.${name}.${randomBytes(8).toString('hex')}.tmp`);
  // 'wx' never follows a link that somebody else put there; the mode is set by hand because the umask would take bits away.
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(text);
    if (kind.owner !== undefined) await file.chown(kind.owner.uid, kind.owner.gid);
    await file.chmod(kind.mode);
    await file.sync();
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return beside;
}

/** Makes names in `folder` durable: without it a rename may be lost although the file's bytes are not. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces `path`. Throws what the file system says. */
export async function replaceFile(path: string, text: string, kind: FileKind): Promise<void> {
  const beside = await writeBeside(path, text, kind);
  try {
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes `path` unless it is there already; answers whether it was made. Of two at once exactly one wins. */
export async function createFile(path: string, text: string, kind: FileKind): Promise<boolean> {
  for (;;) {
    const beside = await writeBeside(path, text, kind);
    try {
      await link(beside, path);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      // `removeLeftovers` of another process took it for one: written anew. Ends, because without the folder it cannot be written.
      if (code !== 'ENOENT') throw error;
    } finally {
      await rm(beside, { force: true });
    }
  }
  await syncFolder(dirname(path));
  return true;
}

/** Removes temporary files of processes that were killed. Only for a caller that knows that nobody else calls `replaceFile` there now. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(
    names.filter((name) => temporaryName.test(name)).map((name) => rm(join(folder, name), { force: true })),
  );
}
