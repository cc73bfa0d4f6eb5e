// A newer version opens every older database, and whatever happens meanwhile nothing of it is lost. [trust T40]

import SqliteDatabase from 'better-sqlite3';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CamelCasePlugin, Kysely, SqliteDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAuditFile } from '../../audit/audit-file.ts';
import { migrate, migrations, NewerSchema, type Migration } from '../migrate.ts';
import type { Schema } from '../schema.ts';
import { openSqlite, whatIsBroken } from '../sqlite.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'claimstead-upgrade-'));
const upgrader = join(work, 'upgrader.mjs');
const known = new Set(migrations.map(({ name }) => name));

type Rows = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** Each table with its rows, whatever their order. */
function rowsOf(file: string): Rows {
  const database = new SqliteDatabase(file, { readonly: true });
  try {
    const tables = database
      .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`)
      .pluck()
      .all() as string[];
    return Object.fromEntries(
      tables.map((name) => [name, database.prepare(`select * from "${name}"`).all() as Record<string, unknown>[]]),
    );
  } finally {
    database.close();
  }
}

/** Rows of `before` that `after` does not hold any more, by what they had in columns that are still there. */
function lost(before: Rows, after: Rows): string[] {
  return Object.entries(before).flatMap(([table, rows]) => {
    const columns = Object.keys(after[table]?.[0] ?? {});
    const said = (row: Record<string, unknown>, of: readonly string[]): string =>
      JSON.stringify(of.map((column) => row[column]));
    return rows
      .filter((row) => {
        const kept = columns.filter((column) => column in row);
        return kept.length === 0 || !after[table]?.some((other) => said(other, kept) === said(row, kept));
      })
      .map((row) => `${table}: ${JSON.stringify(row)}`);
  });
}

function databaseAfter(dump: string, file: string): string {
  const database = new SqliteDatabase(file);
  database.pragma('journal_mode = WAL');
  // A dump has its tables in the order in which they were made.
  database.pragma('foreign_keys = OFF');
  database.exec(readFileSync(join(here, dump), 'utf8'));
  database.close();
  return file;
}

/** Dumps of the steps that this program knows, the oldest first. */
const dumps = readdirSync(here)
  .filter((name) => /^after-.*\.sql$/.test(name))
  .toSorted()
  .filter((name) => {
    const file = databaseAfter(name, join(work, `look-${name}.db`));
    return (rowsOf(file)['migration'] ?? []).every((row) => known.has(String(row['name'])));
  });

const open = (file: string) => openSqlite({ file, now: () => 7000, synchronous: 'FULL', lockWaitMs: 300 });

beforeAll(async () => {
  symlinkSync(fileURLToPath(new URL('../../../../../node_modules', import.meta.url)), join(work, 'node_modules'));
  await build({
    entryPoints: [join(here, 'upgrader.ts')],
    outfile: upgrader,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    // Of the packages, ours is source.
    alias: { '@claimstead/wire/errors': fileURLToPath(new URL('../../../../wire/src/errors.ts', import.meta.url)) },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(work, { recursive: true }));

async function upgrade(file: string, killBefore: number): Promise<{ signal: string | null; out: string }> {
  const child = spawn(process.execPath, [upgrader, file, String(killBefore)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { signal, out };
}

describe('a database of an earlier version', () => {
  it('is kept of the oldest one and some others, with rows in it', () => {
    expect(dumps[0]).toBe(`after-${migrations[0]?.name}.sql`);
    expect(dumps.length).toBeGreaterThan(3);
  });

  it.each(dumps)('is opened with all that is in it: %s', async (dump) => {
    const file = databaseAfter(dump, join(work, `${dump}.db`));
    const before = rowsOf(file);
    const storage = await open(file);
    const applied = await storage.read.selectFrom('migration').select('name').execute();
    await storage.close();
    expect(new Set(applied.map(({ name }) => name))).toEqual(known);
    expect(lost(before, rowsOf(file))).toEqual([]);
    expect(whatIsBroken(file)).toBeUndefined();
    expect(await verifyAuditFile(file, undefined)).toMatchObject({ holds: true });
  });

  it('loses nothing when the upgrade is killed before any of its statements', async () => {
    const dump = dumps[0] ?? '';
    const statements = Number((await upgrade(databaseAfter(dump, join(work, 'whole.db')), 0)).out);
    expect(statements).toBeGreaterThan(40);
    const original = databaseAfter(dump, join(work, 'original.db'));
    const before = rowsOf(original);
    const killAt = async (statement: number): Promise<void> => {
      const file = join(work, `killed-${statement}.db`);
      copyFileSync(original, file);
      expect((await upgrade(file, statement)).signal).toBe('SIGKILL');
      expect(whatIsBroken(file)).toBeUndefined();
      // All of it, or nothing: the transaction is whole.
      const left = rowsOf(file)['migration']?.length ?? 0;
      expect([before['migration']?.length, migrations.length]).toContain(left);
      await (await open(file)).close();
      expect(lost(before, rowsOf(file))).toEqual([]);
      for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
    };
    const all = Array.from({ length: statements }, (_, n) => n + 1);
    const next = async (): Promise<void> => {
      for (let statement = all.shift(); statement !== undefined; statement = all.shift()) await killAt(statement);
    };
    await Promise.all([next(), next(), next(), next()]);
  }, 240_000);
});

describe('a migration that fails', () => {
  it('leaves the database as it was', async () => {
    const file = databaseAfter(dumps[0] ?? '', join(work, 'failing.db'));
    const before = rowsOf(file);
    const failing: Migration = {
      name: '9999-fails',
      async up(db) {
        await db.deleteFrom('node').execute();
        throw new Error('no');
      },
    };
    const raw = new SqliteDatabase(file);
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: raw }), plugins: [new CamelCasePlugin()] });
    await expect(migrate(db, 1, [...migrations, failing])).rejects.toThrow('no');
    await db.destroy();
    expect(rowsOf(file)).toEqual(before);
    await (await open(file)).close();
  });
});

describe('an older program', () => {
  it('refuses a newer database in one sentence and leaves it as it is', async () => {
    const file = databaseAfter(dumps.at(-1) ?? '', join(work, 'newer.db'));
    const raw = new SqliteDatabase(file);
    raw.exec(`insert into migration values ('9999-from-the-future', 1); create table goat (name text)`);
    raw.close();
    const before = rowsOf(file);
    await expect(open(file)).rejects.toThrow(NewerSchema);
    await expect(open(file)).rejects.toThrow(/newer Claimstead .*start that version, or restore a backup/);
    expect(rowsOf(file)).toEqual(before);
  });
});
