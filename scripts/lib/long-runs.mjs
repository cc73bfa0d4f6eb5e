// Bench and soak: programs in TypeScript that are bundled when they are run and run one after the other, so that none disturbs
// the figures of another.

import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { ensure, root } from './ensure.mjs';
import { runShown } from './run.mjs';
import { Stop } from './tell.mjs';

/**
 * Runs `packages/test/src/<kind>/*.<kind>.ts`, or those whose name contains one of `wanted`. Their stdout is ours: JSON lines.
 * Resolves with 0 when all ended with 0, else 1.
 */
export async function runLong(kind, wanted) {
  await ensure();
  await build();
  const folder = join(root, 'packages/test/src', kind);
  const suffix = `.${kind}.ts`;
  const all = readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
  const names = all.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  if (names.length === 0) throw new Stop(`There is nothing like that to run; there are: ${all.join(', ')}.`);
  let exitCode = 0;
  for (const name of names) {
    console.error(`${name} …`);
    if (
      (await runShown(
        process.execPath,
        ['--enable-source-maps', await bundleOf(join(folder, name + suffix), kind, name)],
        { cwd: root },
      )) !== 0
    )
      exitCode = 1;
  }
  return exitCode;
}

/** Runs `packages/test/src/<folder>/<name>.ts`; resolves with its exit code. */
export async function runBundled(folder, name, args) {
  const bundle = await bundleOf(join(root, 'packages/test/src', folder, `${name}.ts`), folder, name);
  return runShown(process.execPath, ['--enable-source-maps', bundle, ...args], { cwd: root });
}

/** The bundle lies four folders below the root, as the sources of the harness do, which find the root from where they are. */
async function bundleOf(entry, kind, name) {
  const { build: bundle } = await import('esbuild');
  const folder = join(root, 'node_modules/.cache/claimstead', kind);
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  await bundle({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    external: ['better-sqlite3', '@node-rs/argon2', 'playwright-core', 'ws'],
    banner: {
      js: `import { createRequire as claimsteadRequire } from 'node:module'; const require = claimsteadRequire(import.meta.url);`,
    },
    loader: { '.sql': 'text' },
    logLevel: 'error',
  });
  return outfile;
}
