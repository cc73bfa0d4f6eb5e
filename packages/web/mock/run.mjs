// Bundles a program of this folder (Node reads no TypeScript) and runs it:
//   node mock/run.mjs serve [fresh|busy|quiet]     the mock Cloud on http://127.0.0.1:4180, the mock agent on :4181
//   node mock/run.mjs screenshots DIRECTORY        pictures of every page, both widths, both themes

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [program = 'serve', ...rest] = process.argv.slice(2);
if (!['serve', 'screenshots'].includes(program)) {
  process.stderr.write('Say "serve" or "screenshots".\n');
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, '..', 'dist', 'mock', `${program}.mjs`);
await mkdir(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(here, `${program}.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['ws', 'playwright-core'],
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);
await main(rest);
