// What takes hours, with the real programs; `npm test` runs a slice of each. Reading order: soak-row.ts (this: how a result is
// printed), then any *.soak.ts, which `npm run soak` runs one after the other.

import { cpus } from 'node:os';

/** Prints the row that belongs into docs/soak.md, and makes the process end with exit code 1 where the result is bad. */
export function printSoakRow(row: {
  what: string;
  size: string;
  result: string;
  ok: boolean;
  startedAtMs: number;
}): void {
  const minutes = ((performance.now() - row.startedAtMs) / 60_000).toFixed(1);
  const machine = `${cpus().length} cores, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  process.stdout.write(`| ${row.what} | ${row.size}, ${minutes} min | ${row.result} | ${machine} | ${date} |\n`);
  if (!row.ok) process.exitCode = 1;
}
