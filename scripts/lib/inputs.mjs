// Whether something built is still up to date: a hash over the content of everything that it is made from.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { alone } from './alone.mjs';
import { root } from './ensure.mjs';

/** All files below `folder`, absolute, sorted; a file stands for itself, something absent for nothing. Tests are no inputs. */
function filesOf(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist' && entry.name !== 'fixtures')
    .flatMap((entry) => filesOf(join(path, entry.name)))
    .filter((file) => !/\.(test|contract)\.tsx?$/.test(file));
}

/** A hash over names and contents of the files below `paths` (relative to the root), and over the running Node. */
export function hashOf(paths) {
  const hash = createHash('sha256').update(process.execPath).update(process.version);
  for (const file of paths.flatMap((path) => filesOf(join(root, path)))) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * Runs `work` unless `outputs` exist and were made from the same `inputs`. Only who has something to do waits for others who do the
 * same: somebody who may not write here can still run what is built.
 */
export async function unlessUnchanged(name, { inputs, outputs }, work) {
  const stamp = join(root, '.build', `${name}.stamp`);
  const hash = hashOf(inputs);
  const isUnchanged = () =>
    existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && outputs.every((path) => existsSync(join(root, path)));
  if (isUnchanged()) return;
  await alone(name, async () => {
    if (isUnchanged()) return;
    await work();
    writeFileSync(stamp, hash);
  });
}
