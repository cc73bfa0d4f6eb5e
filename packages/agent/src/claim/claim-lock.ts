// Two claims of one node at once would mix their files: the second one is told that the first is in progress.

import { randomBytes } from 'node:crypto';
import { lstat, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import { createFile, type FileKind, type Owner } from '../config/atomic-file.ts';
import { readBounded } from '../config/read-bounded.ts';

/** Two numbers. */
const maxLockBytes = 1024;

/** `holder`: the process that claims right now. */
export type ClaimLock = { release: () => Promise<void> } | { holder: number };

/**
 * Takes `claim.lock` of the directory. A lock whose process is gone counts for nothing, whatever killed it; the process's start time
 * stands in the file, because numbers of processes come again. `owner`: whose claim.d is, so that they can read the lock of root's claim.
 * Throws what writing the directory throws, and reading a lock that is none.
 */
export async function lockClaim(directory: string, owner: undefined | Owner): Promise<ClaimLock> {
  const kind: FileKind = { mode: 0o640, owner };
  const file = join(directory, 'claim.lock');
  const mine = `${pid} ${(await startOf(pid)) ?? 'unknown'}`;
  for (;;) {
    if (await createFile(file, mine, kind)) return { release: () => rm(file, { force: true }) };
    const theirs = await readBounded(file, maxLockBytes).catch(unlessGone);
    if (theirs === undefined) {
      if ((await lstat(file).catch(unlessGone))?.isSymbolicLink() === true)
        throw Object.assign(new Error(`${file} is a link`), { code: 'ELOOP' });
      // Released since: try again. Ends, because each turn needs another claim that just ended.
      continue;
    }
    const [holder = '', start = ''] = theirs.split(' ');
    if (/^\d+$/.test(holder) && (await startOf(Number(holder))) === start) return { holder: Number(holder) };
    await removeDead(file, theirs, kind);
  }
}

/** Moves the lock away before it is removed: if somebody took it over in between, theirs is put back. */
async function removeDead(file: string, content: string, kind: FileKind): Promise<void> {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch (error) {
    return unlessGone(error);
  }
  const moved = await readFile(aside, 'utf8').catch(() => '');
  if (moved !== content) await createFile(file, moved, kind);
  await rm(aside, { force: true });
}

/** What cannot be read or moved stays so: trying again would never end. */
function unlessGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** Start time of a process in clock ticks since boot, as text; undefined when there is no such process. [proc(5), stat, field 22] */
async function startOf(process: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${process}/stat`, 'latin1').catch(() => undefined);
  // The name in field 2 may hold blanks and parentheses, so fields are counted from its end.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
