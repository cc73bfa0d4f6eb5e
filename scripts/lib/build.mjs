// The whole build: bundles of the programs, launchers in bin/, and the two web pages. What did not change is not built again.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure.mjs';
import { unlessUnchanged } from './inputs.mjs';
import { bundle, programInputs, programOutputs, writeLaunchers } from './programs.mjs';
import { runQuietly } from './run.mjs';
import { Stop, withProgress } from './tell.mjs';

const webInputs = [
  'packages/wire/src',
  'packages/web/src',
  'packages/web/public',
  'packages/web/api-docs',
  'packages/web/index.html',
  'packages/web/agent.html',
  'packages/web/vite.config.ts',
  'packages/web/package.json',
  'package-lock.json',
  'scripts/lib/build.mjs',
];

/** The Cloud's single-page application, and the agent's own page: vite's mode → the page that it must leave behind. */
const webPages = { cloud: 'packages/web/dist/cloud/index.html', agent: 'packages/web/dist/agent/index.html' };

/** Builds what is missing or out of date. */
export async function build() {
  await unlessUnchanged('programs', { inputs: programInputs, outputs: programOutputs }, () =>
    withProgress('building the programs', async () => {
      await bundle('agent');
      await bundle('cloud');
      writeLaunchers();
    }),
  );
  await unlessUnchanged('web', { inputs: webInputs, outputs: Object.values(webPages) }, () =>
    withProgress('building the web pages', async () => {
      for (const [mode, page] of Object.entries(webPages)) await buildPage(mode, page);
    }),
  );
}

async function buildPage(mode, page) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const outcome = await runQuietly(process.execPath, [vite, 'build', '--mode', mode], {
    cwd: join(root, 'packages/web'),
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (outcome.code !== 0) throw new Stop(`The web page "${mode}" does not build:\n${outcome.lastLines.join('\n')}`);
  if (!existsSync(join(root, page)))
    throw new Stop(`The build of the web page "${mode}" left no ${page}: see packages/web/vite.config.ts.`);
}
