import type { SpaceId } from '@claimstead/wire/ids';
import fc from 'fast-check';
import SqliteDatabase from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite } from '../storage/sqlite.ts';
import type { Storage } from '../storage/storage.ts';
import { auditVerdictWords } from './audit-chain.ts';
import { createAuditStore } from './audit-store.ts';
import type { AuditStore } from './audit.ts';

let folder = '';
let storage: Storage;
let audit: AuditStore;
let raw: SqliteDatabase.Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-audit-'));
  const file = join(folder, 'claimstead.db');
  storage = await openSqlite({ file, now: () => 1, synchronous: 'OFF', lockWaitMs: 300 });
  audit = createAuditStore(storage);
  raw = new SqliteDatabase(file);
});
afterEach(async () => {
  raw.close();
  await storage.close();
  rmSync(folder, { recursive: true });
});

const hostile = ['a\nb', '\u001b[2J', '\u2028', '\u202Eevil', '=cmd()', '\ud800', "'; drop table audit; --"];
const write = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) {
    const name = hostile[n % hostile.length] ?? '';
    await audit.add({ kind: 'space-made', atMs: n, spaceId: `s${n % 3}` as SpaceId, details: { name, n } });
  }
};

it('holds over whatever is written, and tells the hash of the newest row', async () => {
  expect(auditVerdictWords(await audit.verify(undefined))).toMatch(/no row yet/);
  await write(25);
  const verdict = await audit.verify(undefined);
  const head = await audit.head();
  expect(verdict).toEqual({ holds: true, rows: 25, head, noted: undefined });
  expect(auditVerdictWords(verdict)).toBe(
    `All 25 rows of the audit hold; the newest, row 25, has the hash ${head.hash}.`,
  );
  await write(3);
  expect(await audit.verify(head.hash)).toMatchObject({ holds: true, rows: 28, noted: 25 });
});

it('names the first row that is not as it was', async () => {
  await write(10);
  raw.exec('create table kept as select * from audit; create table kept_head as select * from audit_head');
  const restore = (): void => {
    raw.exec('delete from audit; insert into audit select * from kept');
    raw.exec('delete from audit_head; insert into audit_head select * from kept_head');
  };
  const cases: readonly [string, RegExp][] = [
    [`update audit set details = '{}' where seq = 4`, /^Row 4 of the audit was edited/],
    [`update audit set hash = (select hash from audit where seq = 3) where seq = 6`, /^Row 6 of the audit was edited/],
    [`delete from audit where seq = 1`, /^Row 1 of the audit is missing/],
    [`delete from audit where seq between 5 and 7`, /^Row 5 of the audit is missing/],
    [`delete from audit where seq > 8`, /^Row 9 of the audit is missing/],
    [`delete from audit`, /^Row 1 of the audit is missing/],
    [`delete from audit_head`, /^Row 11 of the audit is missing/],
    [`insert into audit (seq, at_ms, kind, details) values (11, 1, 'space-made', '{}')`, /^Row 11 .* was edited/],
    [`insert into audit (seq, at_ms, kind, details) values (0, 1, 'space-made', '{}')`, /^Row 0 .* was added/],
    [`insert into audit (seq, at_ms, kind, details) values (2.5, 1, 'space-made', '{}')`, /^Row 2.5 .* was added/],
    [`insert into audit (seq, at_ms, kind, details) values (null, 1, 'space-made', '{}')`, /was added/],
    [`update audit_head set seq = 9, hash = (select hash from audit where seq = 9)`, /^Row 10 of the audit was added/],
  ];
  for (const [statement, sentence] of cases) {
    raw.exec(statement);
    expect(auditVerdictWords(await audit.verify(undefined)), statement).toMatch(sentence);
    restore();
    expect((await audit.verify(undefined)).holds).toBe(true);
  }
});

it('finds by a noted hash what was rewritten with hashes that fit', async () => {
  await write(6);
  const { hash } = await audit.head();
  // Who may write in the database cuts the tail, and lets the Cloud go on from there.
  raw.exec(
    'delete from audit where seq > 4; update audit_head set seq = 4, hash = (select hash from audit where seq = 4)',
  );
  await write(4);
  expect((await audit.verify(undefined)).holds).toBe(true);
  expect(auditVerdictWords(await audit.verify(hash))).toMatch(/^No row of the audit has the hash that was noted/);
});

it('goes on behind a row that somebody put at the end', async () => {
  await write(2);
  raw.exec(`insert into audit (seq, at_ms, kind, details) values (3, 1, 'space-made', '{}')`);
  await write(1);
  expect(auditVerdictWords(await audit.verify(undefined))).toMatch(/^Row 3 /);
});

// [trust T30]
it('detects each of 1,000 random edits', async () => {
  await write(40);
  raw.exec('create table kept as select * from audit; create table kept_head as select * from audit_head');
  const columns = (raw.pragma('table_info(audit)') as { name: string }[]).map(({ name }) => name);
  const seq = fc.integer({ min: 1, max: 40 });
  const change = fc.oneof(
    fc.record({
      what: fc.constant('edit'),
      seq,
      column: fc.constantFrom(...columns),
      value: fc.oneof(fc.string(), fc.nat(), fc.constant(null)),
    }),
    fc.record({ what: fc.constant('delete'), seq }),
    fc.record({ what: fc.constant('swap'), seq, other: seq }),
    fc.record({ what: fc.constant('cut'), seq }),
    fc.record({ what: fc.constant('copy'), seq, to: fc.integer({ min: 41, max: 60 }) }),
  );
  let detected = 0;
  const restore = raw.transaction(() => {
    raw.exec('delete from audit; insert into audit select * from kept');
    raw.exec('delete from audit_head; insert into audit_head select * from kept_head');
  });
  const dump = (): string =>
    JSON.stringify([
      raw.prepare('select * from audit order by seq').all(),
      raw.prepare('select * from audit_head').all(),
    ]);
  const whole = dump();
  await fc.assert(
    fc.asyncProperty(change, async (done) => {
      restore();
      try {
        apply(done);
      } catch (refused) {
        // By the table itself, e.g. null where none may be.
        expect(refused).toBeInstanceOf(SqliteDatabase.SqliteError);
      }
      fc.pre(dump() !== whole);
      const { holds } = await audit.verify(undefined);
      expect(holds, JSON.stringify(done)).toBe(false);
      detected++;
    }),
    { numRuns: 1000 },
  );
  restore();
  expect((await audit.verify(undefined)).holds).toBe(true);
  expect(detected).toBe(1000);

  function apply(done: Record<string, unknown>): void {
    const at = done['seq'];
    if (done['what'] === 'edit')
      raw.prepare(`update audit set ${String(done['column'])} = ? where seq = ?`).run(done['value'], at);
    if (done['what'] === 'delete') raw.prepare('delete from audit where seq = ?').run(at);
    if (done['what'] === 'cut') raw.prepare('delete from audit where seq >= ?').run(at);
    if (done['what'] === 'copy')
      raw
        .prepare(`insert into audit select ?, ${columns.slice(1).join(', ')} from audit where seq = ?`)
        .run(done['to'], at);
    if (done['what'] === 'swap') {
      raw.prepare('update audit set seq = -1 where seq = ?').run(at);
      raw.prepare('update audit set seq = ? where seq = ?').run(at, done['other']);
      raw.prepare('update audit set seq = ? where seq = -1').run(done['other']);
    }
  }
});
