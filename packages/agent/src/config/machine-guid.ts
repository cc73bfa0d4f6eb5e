// Who this installation is: a UUID that is made at the first start and kept for good. It is the default claim id.

import { join } from 'node:path';
import { parseMachineGuid, type MachineGuid } from '@claimstead/wire/ids';
import { createFile } from './atomic-file.ts';
import { makeFolders } from './make-folders.ts';
import { readBounded } from './read-bounded.ts';

/** The file cannot be used; the message is one sentence with path, cause and remedy. */
export class MachineGuidError extends Error {}

/** A UUID and a line end. */
const maxFileBytes = 1024;

export const machineGuidFile = (libDirectory: string): string =>
  join(libDirectory, 'registry', 'netdata.public.unique.id');

/** Answers undefined when the agent never ran here. Throws MachineGuidError for a file that holds something else or cannot be read. */
export async function readMachineGuid(libDirectory: string): Promise<MachineGuid | undefined> {
  const file = machineGuidFile(libDirectory);
  let text: string;
  try {
    text = await readBounded(file, maxFileBytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new MachineGuidError(
      `Cannot read the machine GUID in ${file} (${code ?? 'unknown error'}); check its permissions.`,
    );
  }
  const guid = parseMachineGuid(text.trim());
  if (guid === undefined) {
    throw new MachineGuidError(
      `${file} does not hold a UUID; delete it and restart the agent, which then becomes a new node.`,
    );
  }
  return guid;
}

/** The daemon's way: makes the GUID at the first start. `makeUuid` answers UUID text. Throws MachineGuidError. */
export async function obtainMachineGuid(libDirectory: string, makeUuid: () => string): Promise<MachineGuid> {
  const known = await readMachineGuid(libDirectory);
  if (known !== undefined) return known;
  const file = machineGuidFile(libDirectory);
  try {
    makeFolders(join(libDirectory, 'registry'), 0o755);
    // Two daemons starting at once must agree, so the file is made only if it is still absent, and then read. Not a secret: 0644.
    await createFile(file, makeUuid().toLowerCase(), { mode: 0o644, owner: undefined });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new MachineGuidError(
      `Cannot write the machine GUID to ${file} (${code ?? 'unknown error'}); check the folder's owner and space.`,
    );
  }
  const made = await readMachineGuid(libDirectory);
  if (made === undefined) throw new MachineGuidError(`${file} vanished while the agent started; start it again.`);
  return made;
}
