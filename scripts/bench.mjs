// `npm run bench`: the figures that we promise, one JSON line each on stdout (`npm --silent run bench` prints nothing else there).
// `npm run bench -- relay` runs only the files whose name contains that. Exit code 1 when a goal is missed.

import './lib/node-version.mjs';
import { ensurePrograms } from './lib/debian.mjs';
import { runLong } from './lib/long-runs.mjs';
import { script } from './lib/tell.mjs';

await script(async () => {
  // What cannot be installed is not measured, and the bench says so.
  if (process.getuid?.() === 0)
    await ensurePrograms(['curl', 'tinyproxy', 'microsocks', 'danted'], 'measure claims through proxies');
  return runLong('bench', process.argv.slice(2));
});
