import type { SpaceId } from '@claimstead/wire/ids';
import SqliteDatabase from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CamelCasePlugin, Kysely, sql as query, SqliteDialect } from 'kysely';
import { takeInstanceLock } from './instance-lock.ts';
import { migrate, migrations } from './migrate.ts';
import type { Schema } from './schema.ts';
import { openSqlite } from './sqlite.ts';
import { storageContract } from './storage.contract.ts';
import type { Storage } from './storage.ts';

const open = (folder: string): Promise<Storage> =>
  openSqlite({ file: join(folder, 'claimstead.db'), now: () => 1000, synchronous: 'FULL', lockWaitMs: 300 });

storageContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'claimstead-storage-'));
  let storage = await open(folder);
  return {
    storage,
    reopen: async () => {
      await storage.close();
      return (storage = await open(folder));
    },
    destroy: async () => {
      await storage.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('SQLite', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'claimstead-storage-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const inspect = (path: string): SqliteDatabase.Database => new SqliteDatabase(path, { readonly: true });

  it('makes the tables that schema.sql tells of', async () => {
    await (await open(folder)).close();
    const wanted = new SqliteDatabase(':memory:');
    wanted.exec(readFileSync(fileURLToPath(new URL('./schema.sql', import.meta.url)), 'utf8'));
    const made = inspect(join(folder, 'claimstead.db'));
    expect(shapeOf(made)).toEqual(shapeOf(wanted));
    expect(shapeOf(made).length).toBeGreaterThan(10);
    made.close();
  });

  it('brings the tables of an older program along, with all that is in them', async () => {
    const file = join(folder, 'claimstead.db');
    const older = new SqliteDatabase(file);
    older.pragma('foreign_keys = ON');
    const kysely = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: older }),
      plugins: [new CamelCasePlugin()],
    });
    await migrate(kysely, 1, migrations.slice(0, 1));
    older.exec(`insert into space values ('s', 'Space', null, 1);
      insert into claim_token values ('t', 'hash', 's', 1, 2, 3);
      insert into node values ('n', 's', 'g', 'c', 'host', 'pem', 'key', 1, null, null, null);
      insert into room values ('r', 's', 'attic', 'Attic', 0, 1);
      insert into node_room values ('n', 'r');
      insert into claim values ('c', 's', 'n', 't', 1, null, null), ('d', 's', null, null, 1, 2, 'removed')`);
    older.exec(`insert into account values ('a', 'a@x', 'Ada', 'hash', 0, 1);
      insert into session values ('one', 'a', 1, 2), ('two', 'a', 3, 4)`);
    const before = older.prepare('select * from claim order by claim_id').all();
    older.close();

    const storage = await open(folder);
    const claims = await storage.read.selectFrom('claim').selectAll().orderBy('claimId').execute();
    expect(claims.map((row) => Object.values(row))).toEqual(before.map((row) => Object.values(row as object)));
    expect(await storage.read.selectFrom('claimToken').selectAll().execute()).toMatchObject([
      { tokenId: 't', tokenHash: 'hash', spaceId: 's', createdAtMs: 1, expiresAtMs: 2, usesLeft: 3, revokedAtMs: null },
    ]);
    expect(await storage.read.selectFrom('claimToken').select(['kind', 'usesTaken']).execute()).toEqual([
      { kind: 'named', usesTaken: 1 },
    ]);
    expect(
      await storage.read.selectFrom('node').select(['nodeId', 'claimId', 'publicKeyHash', 'claimedTokenId']).execute(),
    ).toEqual([{ nodeId: 'n', claimId: 'c', publicKeyHash: 'key', claimedTokenId: 't' }]);
    expect(await storage.read.selectFrom('nodeRoom').selectAll().execute()).toEqual([{ nodeId: 'n', roomId: 'r' }]);
    const sessions = await storage.read.selectFrom('session').selectAll().orderBy('sessionHash').execute();
    expect(sessions.map(({ sessionHash, lastUsedAtMs, browser }) => [sessionHash, lastUsedAtMs, browser])).toEqual([
      ['one', 2, null],
      ['two', 4, null],
    ]);
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(sessions.filter(({ publicId }) => !uuid.test(publicId))).toEqual([]);
    await storage.close();
  });

  it('keeps claims and what was dismissed of a program without invitations, and claims outlive their Space from then on', async () => {
    const older = new SqliteDatabase(join(folder, 'claimstead.db'));
    older.pragma('foreign_keys = ON');
    const dialect = new SqliteDialect({ database: older });
    await migrate(new Kysely<Schema>({ dialect, plugins: [new CamelCasePlugin()] }), 1, migrations.slice(0, 4));
    older.exec(`insert into space values ('s', 'Space', null, 1);
      insert into node values ('n', 's', 'g', 'c', 'host', 'pem', 'key', 1, null, null, null);
      insert into claim values ('c', 's', 'n', null, 1, null, null);
      insert into dismissed_child values ('c', 'g2')`);
    older.close();

    const storage = await open(folder);
    const dismissed = await storage.read.selectFrom('dismissedChild').selectAll().execute();
    expect(dismissed).toEqual([{ claimId: 'c', machineGuid: 'g2' }]);
    await storage.write((tx) => tx.deleteFrom('space').execute());
    const claims = await storage.read.selectFrom('claim').select(['claimId', 'spaceId', 'nodeId']).execute();
    expect(claims).toEqual([{ claimId: 'c', spaceId: null, nodeId: null }]);
    await storage.close();
  });

  it('writes through to the disk, in a file that only its owner reads', async () => {
    const storage = await open(folder);
    const file = join(folder, 'claimstead.db');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const db = new SqliteDatabase(file);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
    await storage.close();
  });

  it('refuses a database of a newer program, and leaves it as it is', async () => {
    await (await open(folder)).close();
    const file = join(folder, 'claimstead.db');
    const newer = new SqliteDatabase(file);
    newer.exec(`insert into migration values ('9999-from-the-future', 1)`);
    newer.close();
    await expect(open(folder)).rejects.toThrow(/newer Claimstead.*9999-from-the-future/);
  });

  const space = { spaceId: 's' as SpaceId, name: 'x', namedAtMs: null, createdAtMs: 1 };

  it('waits for another process that holds the file, and says in the end that it cannot write', async () => {
    const storage = await open(folder);
    const other = new SqliteDatabase(join(folder, 'claimstead.db'));
    other.exec('begin immediate');
    const refused = storage.write((tx) => tx.insertInto('space').values(space).execute());
    await expect(refused).rejects.toMatchObject({ kind: 'storage-unavailable' });
    const patient = storage.write((tx) => tx.insertInto('space').values(space).execute());
    other.exec('rollback');
    await patient;
    expect(await storage.read.selectFrom('space').select('name').execute()).toEqual([{ name: 'x' }]);
    other.close();
    await storage.close();
  });

  it('says of a full disk that it cannot write, keeps nothing of the transaction, and goes on when there is room', async () => {
    const storage = await open(folder);
    // No more pages than there are.
    await query`pragma max_page_count = 1`.execute(storage.read);
    const much = { ...space, name: 'x'.repeat(1_000_000) };
    const refused = storage.write(async (tx) => {
      await tx
        .insertInto('space')
        .values({ ...space, spaceId: 'before' as SpaceId })
        .execute();
      await tx.insertInto('space').values(much).execute();
    });
    await expect(refused).rejects.toMatchObject({ kind: 'storage-unavailable', cause: { code: 'SQLITE_FULL' } });
    await query`pragma max_page_count = 1000000`.execute(storage.read);
    await storage.write((tx) => tx.insertInto('space').values(much).execute());
    expect(await storage.read.selectFrom('space').select('spaceId').execute()).toEqual([{ spaceId: 's' }]);
    await storage.close();
  });

  it('lets one process at a time have the folder', () => {
    const file = join(folder, 'lock.db');
    const first = takeInstanceLock(file);
    expect(first).toBeDefined();
    expect(takeInstanceLock(file)).toBeUndefined();
    first?.release();
    const again = takeInstanceLock(file);
    expect(again).toBeDefined();
    again?.release();
  });
});

/** Tables, columns, indexes and foreign keys as SQLite tells them, without the text that made them. */
function shapeOf(db: SqliteDatabase.Database): unknown[] {
  const tables = db
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`)
    .all() as {
    name: string;
  }[];
  return tables.map(({ name }) => ({
    name,
    columns: (db.pragma(`table_info(${name})`) as unknown[]).map(lowerTypes),
    foreignKeys: db.pragma(`foreign_key_list(${name})`),
    indexes: (db.pragma(`index_list(${name})`) as { name: string }[])
      .map((index) => ({ ...index, seq: 0, columns: db.pragma(`index_info(${index.name})`) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    // A condition of an index or a column stands only in the text; blanks and case do not matter.
    conditions: (
      db.prepare(`select sql from sqlite_master where tbl_name = ? and sql is not null`).all(name) as { sql: string }[]
    )
      .flatMap(({ sql }) => sql.toLowerCase().match(/(check \(.*\)|where .*)/g) ?? [])
      .sort(),
  }));
}

function lowerTypes(row: unknown): unknown {
  const column = row as { type: string };
  // The migration table is made by a builder, which says integer; SQLite keeps both alike.
  return { ...column, type: column.type.toLowerCase().replace('bigint', 'integer') };
}
