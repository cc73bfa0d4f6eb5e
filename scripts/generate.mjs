// `npm run generate`: writes the generated files anew, packages/wire/src/gen from the .proto files and the pages
// docs/configuration.md and docs/doctor.md from the product's tables. `npm run check` fails when the committed ones differ.

import './lib/node-version.mjs';
import { ensure, root } from './lib/ensure.mjs';
import { generateInto } from './lib/generated.mjs';
import { script } from './lib/tell.mjs';

await script(async () => {
  await ensure();
  await generateInto(root);
});
