// Reading a file that a person put there: it may be anything.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * The text of a file of at most `maxBytes`. Throws what the system says; in addition `EFBIG` for a larger one, and `not a file` as code for a
 * pipe, which would be waited for as long as nobody writes into it, and for a device, which may have no end.
 */
export async function readBounded(path: string, maxBytes: number): Promise<string> {
  // Without O_NONBLOCK opening a pipe is already waiting for it.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const known = await handle.stat();
    if (!known.isFile() && !known.isDirectory()) throw refusal('not a file', path);
    if (known.isFile() && known.size > maxBytes) throw refusal('EFBIG', path);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

const refusal = (code: string, path: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code, path });
