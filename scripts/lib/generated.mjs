// The files that are generated and committed, so that a reader and an editor see them without a build.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure.mjs';
import { runQuietly } from './run.mjs';
import { Stop } from './tell.mjs';

const generatedFolder = 'packages/wire/src/gen';
const configurationPage = 'docs/configuration.md';

/** Writes all generated files below `target`, at the paths that they have below the root of the checkout. */
export async function generateInto(target) {
  const wire = join(root, 'packages/wire');
  rmSync(join(target, generatedFolder), { recursive: true, force: true });
  // buf writes relative to --output; the template's `out` is relative to packages/wire.
  const buf = await runQuietly(
    join(root, 'node_modules/.bin/buf'),
    ['generate', '--output', join(target, 'packages/wire')],
    { cwd: wire },
  );
  if (buf.code !== 0) throw new Stop(`buf generate failed:\n${buf.lastLines.join('\n')}`);
  const page = await configurationMarkdown();
  if (page !== undefined) {
    mkdirSync(join(target, 'docs'), { recursive: true });
    writeFileSync(join(target, configurationPage), page);
  }
}

/** The page about the Cloud's options, from its option table. */
async function configurationMarkdown() {
  const table = join(root, 'packages/cloud/src/config/options.ts');
  if (!existsSync(table)) return undefined;
  const { build } = await import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'claimstead-options-'));
  try {
    const outfile = join(folder, 'options.mjs');
    await build({ entryPoints: [table], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    const { configurationMarkdown: markdown } = await import(pathToFileURL(outfile).href);
    return markdown === undefined ? undefined : markdown();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sentences about committed files that differ from what would be generated now; none when all is well. */
export async function staleGeneratedFiles() {
  const fresh = mkdtempSync(join(tmpdir(), 'claimstead-generated-'));
  try {
    await generateInto(fresh);
    const names = new Set([...filesBelow(fresh, fresh), ...filesBelow(join(root, generatedFolder), root)]);
    if (![...names].some((name) => name.startsWith(generatedFolder)))
      return ['Nothing was generated: see packages/wire/buf.gen.yaml.'];
    return [...names].flatMap((name) => {
      const [committed, generated] = [root, fresh].map((base) => read(join(base, name)));
      return committed === generated
        ? []
        : [`${name} differs from what is generated: run npm run generate and commit the result.`];
    });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

const filesBelow = (folder, base) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(base, join(entry.parentPath || entry.path, entry.name)))
    : [];
