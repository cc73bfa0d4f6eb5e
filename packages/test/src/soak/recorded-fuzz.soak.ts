// Recorded sessions of agents, spoilt, one after the other against the gateway: no fault, no harm to another link, no growth.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { countFrom } from '../bench/figure.ts';
import { runFuzz } from '../recording/fuzz.ts';
import { printSoakRow } from './soak-row.ts';

const sessions = countFrom('SOAK_FUZZ_SESSIONS', 200_000);
const seed = countFrom('SOAK_FUZZ_SEED', 1);
const mostGrowthBytes = 64 * 1024 * 1024;

// The heap is measured after a collection, which programs may ask for only when they say so.
setFlagsFromString('--expose_gc');
(globalThis as { gc?: unknown }).gc = runInNewContext('gc');

const startedAtMs = performance.now();
const { faults, harm, opened, refused, slowestMs, heapBytes } = await runFuzz({
  sessions,
  seed,
  onProgress: (done) => {
    if (done % 10_000 === 0) process.stderr.write(`  ${done} of ${sessions} sessions\n`);
  },
});
for (const { session, fault } of faults.slice(0, 5)) process.stderr.write(`  session ${session}: ${fault}\n`);
const growthBytes = heapBytes.late - heapBytes.early;
printSoakRow({
  what: 'mutated recorded sessions against the gateway: faults of ours, harm to another link, growth of the heap after a tenth',
  size: `${sessions} sessions from seed ${seed}, ${opened} past CONNECT, ${refused} refusals`,
  result: `${faults.length} faults, ${harm ?? 'no harm'}, ${(growthBytes / 1024 / 1024).toFixed(1)} MiB more, slowest ${slowestMs.toFixed(0)} ms`,
  ok: faults.length === 0 && harm === undefined && growthBytes < mostGrowthBytes,
  startedAtMs,
});
