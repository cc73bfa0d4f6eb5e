// What a disk would hold if the power went at a moment: of every file what was synced, and of what was done to it since either
// nothing, or any part of it, in sectors.

import { dirname } from 'node:path';
import type { SystemCall } from './system-calls.ts';

/** Disks write sectors of this size whole or not at all. */
const sectorBytes = 512;

type Change = { kind: 'write'; offset: number; bytes: Buffer } | { kind: 'truncate'; size: number };

interface File {
  durable: Contents;
  /** Since the last sync. */
  pending: Change[];
  /** Its name is gone; the disk knows that once the folder was synced. */
  isUnlinked: boolean;
}

export interface Disk {
  apply(call: SystemCall): void;
  /** File → bytes, with nothing that was not synced. */
  durableImage(): Map<string, Buffer>;
  /** The same, but `keep()` decides for each unsynced sector, cut and removal whether it reached the disk after all. */
  tornImage(keep: () => boolean): Map<string, Buffer>;
}

/** Follows the files whose path `isFollowed`. */
export function createDisk(isFollowed: (file: string) => boolean): Disk {
  const files = new Map<string, File>();
  const fileOf = (path: string): File => {
    const known = files.get(path) ?? { durable: createContents(), pending: [], isUnlinked: false };
    files.set(path, known);
    return known;
  };
  const change = (path: string, what: Change): void => {
    const file = fileOf(path);
    file.isUnlinked = false;
    file.pending.push(what);
  };
  const forgetUnlinkedIn = (folder: string): void => {
    for (const [path, file] of files) if (file.isUnlinked && dirname(path) === folder) files.delete(path);
  };

  return {
    apply(call) {
      switch (call.call) {
        case 'say':
          break;
        case 'write-at':
          if (isFollowed(call.file)) change(call.file, { kind: 'write', offset: call.offset, bytes: call.bytes });
          break;
        case 'truncate':
          if (isFollowed(call.file)) change(call.file, { kind: 'truncate', size: call.size });
          break;
        case 'unlink':
          if (isFollowed(call.file)) fileOf(call.file).isUnlinked = true;
          break;
        case 'sync': {
          forgetUnlinkedIn(call.file);
          const file = files.get(call.file);
          for (const done of file?.pending.splice(0) ?? []) file?.durable.apply(done);
          break;
        }
      }
    },
    durableImage: () => withoutEmpty([...files].map(([path, { durable }]) => [path, durable.bytes()])),
    tornImage: (keep) =>
      withoutEmpty(
        [...files]
          .filter(([, file]) => !file.isUnlinked || !keep())
          .map(([path, { durable, pending }]) => {
            const torn = createContents(durable.bytes());
            for (const done of pending) for (const part of partsOf(done)) if (keep()) torn.apply(part);
            return [path, torn.bytes()];
          }),
      ),
  };
}

const withoutEmpty = (files: [string, Buffer][]): Map<string, Buffer> =>
  new Map(files.filter(([, bytes]) => bytes.length > 0));

function partsOf(change: Change): Change[] {
  if (change.kind === 'truncate') return [change];
  const { offset, bytes } = change;
  return Array.from({ length: Math.ceil(bytes.length / sectorBytes) }, (_, index) => ({
    kind: 'write',
    offset: offset + index * sectorBytes,
    bytes: bytes.subarray(index * sectorBytes, (index + 1) * sectorBytes),
  }));
}

/** Bytes that grow at their end without being copied each time. */
interface Contents {
  apply(change: Change): void;
  /** A copy. */
  bytes(): Buffer;
}

function createContents(start: Buffer = Buffer.alloc(0)): Contents {
  let room = Buffer.from(start);
  let size = start.length;
  const resize = (next: number): void => {
    if (next > room.length) room = Buffer.concat([room, Buffer.alloc(Math.max(next, 2 * room.length) - room.length)]);
    if (next < size) room.fill(0, next, size);
    size = next;
  };
  return {
    apply(change) {
      if (change.kind === 'truncate') {
        resize(change.size);
      } else {
        resize(Math.max(size, change.offset + change.bytes.length));
        change.bytes.copy(room, change.offset);
      }
    },
    bytes: () => Buffer.from(room.subarray(0, size)),
  };
}
