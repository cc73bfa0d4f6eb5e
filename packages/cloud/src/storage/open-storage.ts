// Opens the database for `serve`, with refusals in words for who starts it.

import { StartError } from '../config/data-folder.ts';
import { NewerSchema } from './migrate.ts';
import { defaultLockWaitMs, openSqlite } from './sqlite.ts';
import type { Storage } from './storage.ts';

/** Throws StartError; what the engine says of a file that is no database helps nobody who reads it alone. */
export async function openStorage(file: string, now: () => number): Promise<Storage> {
  try {
    return await openSqlite({ file, now, synchronous: 'FULL', lockWaitMs: defaultLockWaitMs });
  } catch (cause) {
    if (cause instanceof NewerSchema) throw cause;
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new StartError(
      `Cannot open the database ${file} (${reason}); restore it from a backup, or check the folder's rights and free space.`,
      {
        cause,
      },
    );
  }
}
