// A path of a UNIX socket has room for 107 bytes; a folder of a checkout or a test is longer soon.

import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

const maxSocketPathBytes = 107;

/** Another path of the same socket, short enough, and what to call when it is not needed any more. Linux only. Throws what opening the folder throws. */
export async function shortPath(path: string): Promise<{ path: string; release: () => Promise<void> }> {
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return { path, release: async () => undefined };
  const folder = await open(dirname(path), 'r');
  return { path: `/proc/self/fd/${folder.fd}/${basename(path)}`, release: () => folder.close() };
}
