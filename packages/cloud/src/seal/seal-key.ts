// The key of the seal: DIR/cloud/seal.key, 32 bytes as one line of base64url, readable by the Cloud's user alone. It is made at the first start
// and never again while something is sealed with it: a fresh key would make secrets of people unreadable for good, silently.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf, StartError } from '../config/data-folder.ts';
import { boxIn, createSeal, sealKeyBytes, type Seal } from './seal.ts';

export interface SealParts {
  keyFile: string;
  random: (bytes: number) => Uint8Array;
  /** Each answers one value that is sealed in a table, if there is any: one for each column that holds such values. */
  samples: readonly (() => Promise<string | undefined>)[];
}

/** Throws StartError where the key is missing, damaged, open to others, or not the one that something was sealed with. */
export async function openSeal({ keyFile, random, samples }: SealParts): Promise<Seal> {
  const boxes = (await Promise.all(samples.map((sample) => sample()))).filter((box) => box !== undefined);
  const key = readKey(keyFile) ?? (boxes.length === 0 ? makeKey(keyFile, random(sealKeyBytes)) : undefined);
  if (key === undefined) {
    throw new StartError(
      `The key ${keyFile} is missing while the database holds secrets that were sealed with it; restore it from a backup.`,
    );
  }
  const seal = createSeal(key, random);
  if (boxes.some((box) => boxIn(box)?.keyName !== seal.keyName)) {
    throw new StartError(
      `The database holds secrets that were sealed with another key than ${keyFile}; restore the key that belongs to this database.`,
    );
  }
  return seal;
}

/** Undefined where there is no file. */
function readKey(keyFile: string): Buffer | undefined {
  let text: string;
  try {
    // Others may have read it: it is no secret any more, and nobody would notice.
    if ((statSync(keyFile).mode & 0o077) !== 0)
      throw new StartError(`The key ${keyFile} can be read by others; make it private: chmod 600 ${keyFile}.`);
    text = readFileSync(keyFile, 'utf8');
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const reason = reasonOf(cause);
    if (reason === 'ENOENT') return undefined;
    throw new StartError(
      `Cannot read ${keyFile} (${reason}); give its user read rights, or restore it from a backup.`,
      {
        cause,
      },
    );
  }
  const [, line = ''] = /^([A-Za-z0-9_-]{43})\n$/.exec(text) ?? [];
  const key = Buffer.from(line, 'base64url');
  if (key.length !== sealKeyBytes) throw new StartError(`The key ${keyFile} is damaged; restore it from a backup.`);
  return key;
}

/** Written beside, synced, renamed: after a power cut there is the whole key or none. The instance lock is held: nobody else makes one meanwhile. */
function makeKey(keyFile: string, key: Uint8Array): Uint8Array {
  const fresh = `${keyFile}.new`;
  try {
    rmSync(fresh, { force: true });
    const fd = openSync(fresh, 'wx', 0o600);
    try {
      writeSync(fd, `${Buffer.from(key).toString('base64url')}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(fresh, keyFile);
    syncFolder(dirname(keyFile));
  } catch (cause) {
    throw new StartError(
      `Cannot write the key ${keyFile} (${reasonOf(cause)}); make its folder writable and check the free space.`,
      { cause },
    );
  }
  return key;
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
