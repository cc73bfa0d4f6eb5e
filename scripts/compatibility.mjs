// `npm run compatibility -- --agent v2.9.0=FOLDER …`: agents that somebody installed against this Cloud; docs/compatibility.md says how.

import './lib/node-version.mjs';
import { build } from './lib/build.mjs';
import { ensurePrograms } from './lib/debian.mjs';
import { ensure } from './lib/ensure.mjs';
import { runBundled } from './lib/long-runs.mjs';
import { script } from './lib/tell.mjs';

await script(async () => {
  await ensure();
  await build();
  await ensurePrograms(['sudo', 'curl', 'ip', 'openssl', 'tinyproxy'], 'run agents on a machine of their own');
  return runBundled('compatibility', 'run', process.argv.slice(2));
});
