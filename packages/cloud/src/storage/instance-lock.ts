// One Cloud per data folder. A lock file with a process id in it outlives a kill -9 and then lies; a lock that the kernel holds
// for the process does not. SQLite brings such a lock, so an empty database of its own, never written, serves as one.

import SqliteDatabase from 'better-sqlite3';

export interface InstanceLock {
  release(): void;
}

/** Answers undefined when another process holds the lock. The lock ends with the process, however that ends. */
export function takeInstanceLock(file: string): InstanceLock | undefined {
  const db = new SqliteDatabase(file, { timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('begin exclusive');
  } catch (cause) {
    db.close();
    if (cause instanceof SqliteDatabase.SqliteError && cause.code.startsWith('SQLITE_BUSY')) return undefined;
    throw cause;
  }
  return { release: () => db.close() };
}
