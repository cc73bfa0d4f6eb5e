// Whether something built is still up to date: a hash over the content of everything that it is made from.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
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

/** Runs `work` unless `outputs` exist and were made from the same `inputs`. Returns whether it ran. */
export async function unlessUnchanged(name, { inputs, outputs }, work) {
  const stamp = join(root, '.build', `${name}.stamp`);
  const hash = hashOf(inputs);
  const unchanged = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (unchanged && outputs.every((path) => existsSync(join(root, path)))) return false;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  return true;
}
