// `npm run build`: everything that `npm run demo` and `npm test` run, into packages/*/dist and bin/.

import './lib/node-version.mjs';
import { build } from './lib/build.mjs';
import { ensure } from './lib/ensure.mjs';
import { script } from './lib/tell.mjs';

await script(async () => {
  await ensure();
  await build();
});
