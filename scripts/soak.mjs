// `npm run soak`: what takes hours. `npm test` runs a slice of each; the last results stand in docs/soak.md.
// `npm run soak -- power` runs only the files whose name contains that.

import './lib/node-version.mjs';
import { runLong } from './lib/long-runs.mjs';
import { script } from './lib/tell.mjs';

await script(() => runLong('soak', process.argv.slice(2)));
