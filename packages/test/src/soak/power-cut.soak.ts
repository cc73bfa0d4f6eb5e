// The power-cut test of `npm test` with many more claims: every acknowledgement is a moment at which the disk is rebuilt from what
// was synced, once as it is and once torn, and opened.

import { spawnSync } from 'node:child_process';
import { countFrom } from '../bench/figure.ts';
import { root } from '../harness/programs.ts';
import { printSoakRow } from './soak-row.ts';

const claims = countFrom('SOAK_POWER_CUT_CLAIMS', 5000);
const start = performance.now();
const { status } = spawnSync(
  process.execPath,
  [`${root}node_modules/vitest/vitest.mjs`, 'run', '--testTimeout=36000000', 'packages/cloud/src/storage/power-cut'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, CLAIMSTEAD_POWER_CUT_CLAIMS: String(claims) } },
);
printSoakRow({
  what: 'Power cut after every acknowledged claim: claims lost, databases corrupt; the control without fsync loses',
  size: `${claims} claims, ${2 * (claims + 1)} disk images, and as many of the control`,
  result: status === 0 ? '0 lost, 0 corrupt; the control was noticed' : 'FAILED',
  ok: status === 0,
  startedAtMs: start,
});
