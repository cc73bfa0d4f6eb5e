// The default engine: one SQLite file. All that differs from another engine is in this file.

import SqliteDatabase from 'better-sqlite3';
import {
  CamelCasePlugin,
  CompiledQuery,
  Kysely,
  sql,
  SqliteDialect,
  type DatabaseConnection,
  type Driver,
} from 'kysely';
import { chmodSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';
import { translateStorageError, type Storage, type StorageFault } from './storage.ts';

export interface SqliteOptions {
  /** Path of the database file; its folder exists. */
  file: string;
  now: () => number;
  /**
   * FULL: a commit is on the disk before anybody hears of it. OFF exists for the power-cut test alone, which must be able to
   * show that it notices the difference.
   */
  synchronous: 'FULL' | 'OFF';
  /** How long a transaction waits for another process that holds the file, e.g. a backup, before it is refused. */
  lockWaitMs: number;
}

/** What `serve` uses: longer than a checkpoint of another process takes, shorter than agents wait for an answer (10 s). */
export const defaultLockWaitMs = 5000;

/** Compiled statements kept per connection: the product has fewer than a hundred, so the bound is only a guard. */
const maxCachedStatements = 200;

/** Milliseconds that one attempt waits inside the engine, which stops everything else; the rest of the wait is asynchronous. */
const busyTimeoutMs = 20;
const lockRetryMs = 50;

/** Opens the file, brings its tables up to date. Throws an Error of one sentence when this program is older than the file. */
export async function openSqlite(options: SqliteOptions): Promise<Storage> {
  const raw = new SqliteDatabase(options.file, { timeout: busyTimeoutMs });
  try {
    chmodSync(options.file, 0o600);
    raw.pragma('journal_mode = WAL');
    raw.pragma(`synchronous = ${options.synchronous}`);
    raw.pragma('foreign_keys = ON');
    // Pages of removed rows are overwritten: a removed node's data are gone, not just unlinked.
    raw.pragma('secure_delete = FAST');
    const db = new Kysely<Schema>({
      dialect: new ImmediateSqliteDialect(withStatementCache(raw), options.lockWaitMs),
      plugins: [new CamelCasePlugin()],
    });
    await migrate(db, options.now());
    return sqliteStorage(db);
  } catch (cause) {
    raw.close();
    throw cause;
  }
}

/** The file as it is, for reading alone; its tables may be those of another version of this program. */
export function openSqliteToRead(file: string): Pick<Storage, 'snapshot' | 'close'> {
  const raw = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: defaultLockWaitMs });
  return sqliteStorage(
    new Kysely<Schema>({ dialect: new SqliteDialect({ database: raw }), plugins: [new CamelCasePlugin()] }),
  );
}

function sqliteStorage(db: Kysely<Schema>): Storage {
  const write: Storage['write'] = async (work) => {
    try {
      return await db.transaction().execute(work);
    } catch (cause) {
      throw translateStorageError(cause, sqliteFault);
    }
  };
  return {
    read: db,
    write,
    proveWritable: () =>
      write(async (tx) => {
        await tx
          .updateTable('migration')
          .set((e) => ({ appliedAtMs: e.ref('appliedAtMs') }))
          .execute();
      }),
    snapshot: (work) =>
      db.connection().execute(async (connection) => {
        // The engine itself refuses to write meanwhile: nobody has to trust the reader.
        await sql`pragma query_only = on`.execute(connection);
        try {
          await sql`begin`.execute(connection);
          try {
            return await work(connection);
          } finally {
            await sql`rollback`.execute(connection);
          }
        } finally {
          await sql`pragma query_only = off`.execute(connection);
        }
      }),
    close: () => db.destroy(),
  };
}

/** The whole database as of one moment, in a new file that only its owner reads; who writes meanwhile is not held up. */
export function copySqlite(from: string, to: string): void {
  const raw = new SqliteDatabase(from, { readonly: true, fileMustExist: true, timeout: defaultLockWaitMs });
  try {
    raw.prepare('vacuum into ?').run(to);
  } finally {
    raw.close();
  }
  chmodSync(to, 0o600);
}

/** In the engine's words; undefined = every page and every reference is as it should be. */
export function whatIsBroken(file: string): string | undefined {
  try {
    const raw = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
    try {
      const said = String(raw.pragma('integrity_check(1)', { simple: true }));
      if (said !== 'ok') return said;
      return (raw.pragma('foreign_key_check') as unknown[]).length === 0 ? undefined : 'references lead nowhere';
    } finally {
      raw.close();
    }
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'unknown reason';
  }
}

/** With what is written and not merged yet. */
export const databaseBytes = (file: string): number =>
  [file, `${file}-wal`].reduce((bytes, part) => bytes + (statSync(part, { throwIfNoEntry: false })?.size ?? 0), 0);

/** The codes are SQLite's own names. [sqlite.org/rescode.html] */
function sqliteFault(cause: unknown): StorageFault | undefined {
  if (!(cause instanceof SqliteDatabase.SqliteError)) return undefined;
  if (cause.code === 'SQLITE_CONSTRAINT_UNIQUE' || cause.code === 'SQLITE_CONSTRAINT_PRIMARYKEY') return 'unique';
  if (cause.code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return 'foreign-key';
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|CORRUPT|NOTADB|PERM)/.test(cause.code) ? 'disk' : 'other';
}

/**
 * A write transaction takes the write lock when it begins. SQLite's default takes it at the first write, and fails at once,
 * without waiting, when another process wrote in between.
 */
class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase.Database;
  readonly #lockWaitMs: number;
  constructor(database: SqliteDatabase.Database, lockWaitMs: number) {
    super({ database });
    this.#database = database;
    this.#lockWaitMs = lockWaitMs;
  }
  override createDriver(): Driver {
    const driver = super.createDriver();
    driver.beginTransaction = async (connection: DatabaseConnection) => {
      for (let triesLeft = Math.ceil(this.#lockWaitMs / (busyTimeoutMs + lockRetryMs)); ; triesLeft--) {
        try {
          await connection.executeQuery(CompiledQuery.raw('begin immediate'));
          return;
        } catch (cause) {
          if (triesLeft <= 0 || !isBusy(cause)) throw cause;
          await setTimeout(lockRetryMs);
        }
      }
    };
    const rollback = driver.rollbackTransaction.bind(driver);
    // On a full disk the engine has rolled back by itself; to ask for it again is an error, which would stand in the place of the true one.
    driver.rollbackTransaction = async (connection: DatabaseConnection) => {
      if (this.#database.inTransaction) await rollback(connection);
    };
    return driver;
  }
}

const isBusy = (cause: unknown): boolean =>
  cause instanceof SqliteDatabase.SqliteError && cause.code.startsWith('SQLITE_BUSY');

/** Kysely compiles every query to text anew; the engine need not parse the same text anew as well. */
function withStatementCache(raw: SqliteDatabase.Database): SqliteDatabase.Database {
  const statements = new Map<string, SqliteDatabase.Statement>();
  const prepare = raw.prepare.bind(raw);
  const cached = (text: string): SqliteDatabase.Statement => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    if (statements.size >= maxCachedStatements) statements.clear();
    const statement = prepare(text);
    statements.set(text, statement);
    return statement;
  };
  return Object.assign(raw, { prepare: cached });
}
