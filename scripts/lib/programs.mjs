// The build of the programs: which entry becomes which bundle, and which launcher in bin/ starts it.

import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure.mjs';
import { Stop } from './tell.mjs';

/**
 * Launcher → bundle, Node's flags, and settings of the C library. The agent is one of many programs on its machine, so it is kept
 * near bare Node's memory (measured: 66 MiB instead of 70): a small young generation that is collected a megabyte at a time
 * instead of semi-spaces of 16 MiB, 64 MiB of old space, several times its live heap, and no second thread for compiling and
 * collecting, each of which would bring a memory arena of its own.
 */
export const programs = {
  claimstead: { package: 'cloud', entry: 'claimstead', flags: [], settings: [] },
  netdata: {
    package: 'agent',
    entry: 'netdata',
    flags: ['--max-semi-space-size=1', '--max-old-space-size=64', '--single-threaded'],
    settings: ['MALLOC_ARENA_MAX=1'],
  },
  netdatacli: { package: 'agent', entry: 'netdatacli', flags: [], settings: [] },
  'netdata-claim.sh': { package: 'agent', entry: 'netdata-claim', flags: [], settings: [] },
};

/** Native modules cannot be bundled; they are found in node_modules, two folders above a bundle. */
const externals = { cloud: ['better-sqlite3', '@node-rs/argon2'], agent: [] };

/** CommonJS dependencies inside an ES module bundle ask for `require` of Node's own modules. */
const requireBanner = `import { createRequire as claimsteadRequire } from 'node:module'; const require = claimsteadRequire(import.meta.url);`;

/** What the bundles are made from, relative to the root. */
export const programInputs = [
  'packages/wire/src',
  'packages/agent/src',
  'packages/cloud/src',
  'packages/agent/package.json',
  'packages/cloud/package.json',
  'packages/wire/package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'scripts/lib/programs.mjs',
];

export const programOutputs = [
  ...Object.keys(programs).map((name) => `bin/${name}`),
  ...Object.values(programs).map((program) => `packages/${program.package}/dist/${program.entry}.js`),
];

/** Bundles one package's programs into `packages/<name>/dist`, which is replaced as a whole: a failed build leaves the old one. */
export async function bundle(packageName) {
  const { build } = await import('esbuild');
  const folder = join(root, 'packages', packageName);
  const entries = Object.values(programs).filter((program) => program.package === packageName);
  const entryPoints = entries.map((program) => join(folder, 'src/bin', `${program.entry}.ts`));
  const absent = entryPoints.filter((file) => !existsSync(file));
  if (absent.length > 0)
    throw new Stop(
      `${absent.join(' and ')} cannot be built because there is no such file: check out the whole repository.`,
    );
  const fresh = join(folder, 'dist.new');
  rmSync(fresh, { recursive: true, force: true });
  try {
    await build({
      entryPoints,
      outdir: fresh,
      bundle: true,
      // Shared chunks, so that what a command imports lazily is not even read by the commands that do not need it.
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      minify: true,
      keepNames: true,
      // Beside the bundle, named in its last line; Node reads it only under --enable-source-maps.
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'none',
      loader: { '.sql': 'text', '.sh': 'text' },
      external: externals[packageName],
      banner: { js: requireBanner },
      logLevel: 'silent',
    });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!Array.isArray(error.errors)) throw error;
    const { formatMessages } = await import('esbuild');
    throw new Stop(
      `packages/${packageName} does not build:\n${(await formatMessages(error.errors, { kind: 'error' })).join('')}`,
    );
  }
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  renameSync(fresh, join(folder, 'dist'));
}

/**
 * A launcher finds its own folder through symbolic links (somebody may link it into /usr/sbin) without starting a process
 * when there are none, and prefers the Node that the native modules were compiled for over whatever sudo's PATH holds.
 */
function launcher(program) {
  const start = [...program.settings, 'exec "$node"', ...program.flags].join(' ');
  return `#!/bin/sh
# Made by \`npm run build\` (scripts/lib/programs.mjs); changes here are overwritten.
self=$0
case $self in */*) ;; *) self=$(command -v -- "$self") ;; esac
while [ -h "$self" ]; do
  target=$(readlink -- "$self")
  case $target in /*) self=$target ;; *) self=\${self%/*}/$target ;; esac
done
program=\${self%/*}/../packages/${program.package}/dist/${program.entry}.js
[ -f "$program" ] || { echo "$program is missing: run npm run build in the checkout that this command belongs to." >&2; exit 1; }
node='${process.execPath}'
[ -x "$node" ] || node=node
${start} "$program" "$@"
`;
}

/** Writes the launchers of `bin/`. */
export function writeLaunchers() {
  const folder = join(root, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const [name, program] of Object.entries(programs)) {
    const file = join(folder, name);
    writeFileSync(`${file}.new`, launcher(program));
    chmodSync(`${file}.new`, 0o755);
    renameSync(`${file}.new`, file);
  }
}
