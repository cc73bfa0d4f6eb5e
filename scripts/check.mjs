// `npm run check`: everything that can be said about the code without running it. One line per check, then
// `N passed, N failed, N skipped`. `npm run check -- lint imports` runs only the named ones.

import './lib/node-version.mjs';
import { checks } from './lib/checks.mjs';
import { ensure } from './lib/ensure.mjs';
import { closingLine } from './lib/results.mjs';
import { script, seconds, Stop } from './lib/tell.mjs';

await script(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !(name in checks));
  if (unknown !== undefined)
    throw new Stop(`There is no check "${unknown}"; the checks are ${Object.keys(checks).join(', ')}.`);
  await ensure();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, check] of Object.entries(checks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const start = performance.now();
    const complaint = await check().catch((error) => String(error.stack || error));
    if (complaint === undefined) counts.passed++;
    else {
      counts.failed++;
      console.log(complaint);
    }
    console.log(`${complaint === undefined ? 'ok' : 'FAILED'} ${name} ${seconds(start)}`);
  }
  console.log(closingLine(counts));
  return counts.failed > 0 ? 1 : 0;
});
