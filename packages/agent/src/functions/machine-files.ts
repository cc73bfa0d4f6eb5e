// Reading a machine once, on request: small files of /proc, bounded, below a root folder. What is not there, or not for this user, is undefined.

import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as othersWork } from 'node:timers/promises';

export interface MachineFiles {
  /** At most `maxBytes` of it; what lies behind is cut off. */
  text(path: string, maxBytes?: number): string | undefined;
  /** Names in a folder. */
  names(path: string): string[];
  linkTarget(path: string): string | undefined;
}

/** Of a file of one process. */
const usualBytes = 16 * 1024;

export function machineFiles(root: string): MachineFiles {
  let buffer = Buffer.allocUnsafeSlow(usualBytes);
  return {
    text(path, maxBytes = usualBytes) {
      if (buffer.length < maxBytes) buffer = Buffer.allocUnsafeSlow(maxBytes);
      return attempt(() => {
        const file = openSync(join(root, path), 'r');
        try {
          let length = 0;
          // The kernel hands out a page at a time, so that only a read of nothing tells the end.
          for (let count = -1; count !== 0 && length < maxBytes; length += count)
            count = readSync(file, buffer, length, maxBytes - length, length);
          return buffer.toString('utf8', 0, length);
        } finally {
          closeSync(file);
        }
      });
    },
    names: (path) => attempt(() => readdirSync(join(root, path))) ?? [],
    linkTarget: (path) => attempt(() => readlinkSync(join(root, path))),
  };
}

/** A process that ends while it is read is the rule, not a failure. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** How many small files are read before others get their turn: about 5 ms. */
const sliceLength = 128;

/** Each item in turn, with a rest after every slice. Rejects when `signal` is aborted. */
export async function inSlices<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item) => void,
): Promise<void> {
  for (const [i, item] of items.entries()) {
    if (i % sliceLength === 0) {
      await othersWork();
      signal.throwIfAborted();
    }
    work(item);
  }
}

/** Process ids, in no order. */
export const processIds = (files: MachineFiles): number[] =>
  files
    .names('proc')
    .filter((name) => /^\d{1,10}$/.test(name))
    .map(Number);

/** Number → name, from the text of /etc/passwd or /etc/group. */
export function parseNames(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (name !== '' && /^\d{1,10}$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/** Of /etc/passwd: 10,000 users. */
const maxNamesBytes = 1024 * 1024;

/** Users or groups that this machine knows itself; others stay numbers. */
export function readNames(files: MachineFiles, file: 'passwd' | 'group'): (id: number) => string {
  const names = parseNames(files.text(`etc/${file}`, maxNamesBytes) ?? '');
  return (id) => names.get(id) ?? String(id);
}
