// Files and folders that root makes for the user that runs netdata.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Owner } from './atomic-file.ts';

/**
 * Makes `paths` that exist belong to `owner`. Only root gets here, and the folders may belong to somebody else, who must not be given files
 * by links that point out of them: links, devices and files with a second name stay whose they are. Throws what the system says.
 */
export async function giveAway(paths: readonly string[], owner: Owner): Promise<void> {
  for (const path of paths) {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      (error: unknown) => {
        const { code } = error as NodeJS.ErrnoException;
        // ENXIO is what a socket, or a device without a driver, says to being opened.
        if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO') return undefined;
        throw error;
      },
    );
    try {
      const known = await handle?.stat();
      const mayGo = known !== undefined && (known.isDirectory() || (known.isFile() && known.nlink === 1));
      if (mayGo && (known.uid !== owner.uid || known.gid !== owner.gid)) await handle?.chown(owner.uid, owner.gid);
    } finally {
      await handle?.close();
    }
  }
}
