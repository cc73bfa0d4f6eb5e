// A process that brings a database up to date and is killed before a statement, given by its number. Reading order of this folder: upgrader.ts,
// upgrade.test.ts, and the databases of earlier versions, after-*.sql, each as it was after that migration, with rows in its tables.
//
// Arguments: file, number of the statement (0 = none). Says how many statements there were.

import SqliteDatabase from 'better-sqlite3';
import { openSqlite } from '../sqlite.ts';

const [file = '', killBefore = '0'] = process.argv.slice(2);
let statements = 0;
const count = (): void => {
  if (++statements !== Number(killBefore)) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way: nothing more may happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

// Every statement runs through these, whoever prepared it.
const probe = new SqliteDatabase(':memory:');
const prototype = Object.getPrototypeOf(probe.prepare('select 1')) as Record<
  'run' | 'all',
  (...values: unknown[]) => unknown
>;
probe.close();
for (const name of ['run', 'all'] as const) {
  const original = prototype[name];
  prototype[name] = function (this: unknown, ...values) {
    count();
    return original.apply(this, values);
  };
}

const storage = await openSqlite({ file, now: () => 7000, synchronous: 'FULL', lockWaitMs: 1000 });
process.stdout.write(`${statements}\n`);
await storage.close();
