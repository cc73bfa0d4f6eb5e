// The checks of `npm run check`, in their order. Each resolves with undefined when all is well, else with what is wrong.

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './ensure.mjs';
import { firstScreenTooLarge } from './first-screen.mjs';
import { staleGeneratedFiles } from './generated.mjs';
import { find, runQuietly } from './run.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);

/** Runs a tool; its output is the complaint when it fails. */
async function tool(name, args) {
  const outcome = await runQuietly(bin(name), args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    keptLines: 200,
  });
  return outcome.code === 0
    ? undefined
    : outcome.lastLines.join('\n') || `${name} ended with exit code ${outcome.code}`;
}

const joined = (sentences) => (sentences.length === 0 ? undefined : sentences.join('\n'));

export const checks = {
  types: async () =>
    joined(
      (
        await Promise.all([
          tool('tsc', ['-p', 'tsconfig.json']),
          tool('tsc', ['-p', 'packages/web/tsconfig.json']),
          tool('tsc', ['-p', 'packages/test/tsconfig.json']),
        ])
      ).filter((text) => text !== undefined),
    ),
  lint: () => tool('oxlint', ['--type-aware', '--deny-warnings', 'packages', 'scripts']),
  format: () => tool('oxfmt', ['--check', 'packages', 'scripts']),
  unused: () => tool('knip', ['--no-progress']),
  imports: checkImports,
  generated: async () => joined(await staleGeneratedFiles()),
  bundle: firstScreenTooLarge,
  engines: async () => joined(tooNewPackages()),
  rules: () => tool('vitest', ['run', '--project', 'unit', 'packages/test/src/house']),
};

/** Import directions and cycles. A cruise that saw nothing would pass silently, so the modules are counted. */
async function checkImports() {
  const cruise = await runQuietly(
    bin('depcruise'),
    ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', 'packages'],
    { cwd: root, keptLines: 200 },
  );
  const text = cruise.lastLines.join('\n');
  if (cruise.code !== 0) return text;
  const modules = Number(/\((\d+) modules/.exec(text)?.[1] ?? 0);
  return modules > 100
    ? undefined
    : `Only ${modules} modules were looked at: the configuration in .dependency-cruiser.mjs sees too little.`;
}

const oldestNode = '20.20.0';

/** Packages of the lockfile whose `engines` exclude the oldest Node that we promise; npm only warns about most of them. */
function tooNewPackages() {
  // npm's own copy of semver: the range grammar is worth neither a dependency nor a parser of ours.
  const semver = createRequire(realpathSync(find('npm')))('semver');
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const ranged = Object.entries(lock.packages).filter(([, entry]) => entry.engines?.node !== undefined);
  if (ranged.length < 100)
    return [
      `Only ${ranged.length} packages of package-lock.json name their engines: the check does not read it right.`,
    ];
  return ranged.flatMap(([path, entry]) => {
    const range = entry.engines.node;
    if (semver.satisfies(oldestNode, range)) return [];
    return [
      `${path.replace(/^.*node_modules\//, '') || 'claimstead'}@${entry.version} wants Node ${range}, and Claimstead promises ${oldestNode}: pin an older one.`,
    ];
  });
}
