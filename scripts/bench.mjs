// `npm run bench`: the figures that we promise, one JSON line each on stdout (`npm --silent run bench` prints nothing else there).
// `npm run bench -- relay` runs only the files whose name contains that. Exit code 1 when a goal is missed.

import './lib/node-version.mjs';
import { runLong } from './lib/long-runs.mjs';
import { script } from './lib/tell.mjs';

await script(() => runLong('bench', process.argv.slice(2)));
