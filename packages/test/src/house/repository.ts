// Rules of the house that hold for the whole repository, as tests, so that no reviewer has to remember them.
// Reading order: repository.ts (this: what the rules look at), then any *.test.ts; each is one rule.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, without a slash at its end. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

/** Paths (relative to the root) of everything that is or would be committed, without what was deleted and not yet committed. */
export const files: readonly string[] = execFileSync(
  'git',
  // A checkout may belong to another user than the one who runs its tests, as on build machines.
  ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8', maxBuffer: 16_777_216 },
)
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export const lineCount = (path: string): number => read(path).split('\n').length - 1;

/** Written by people in a programming language: no generated code, no fixtures, no golden vectors. */
export const sourceFiles = files.filter(
  (path) => /\.(ts|tsx|mjs|css|sh)$/.test(path) && !/(^|\/)(gen|fixtures|vectors)\//.test(path),
);

/** Code of the packages that is shipped: no tests. */
export const shippedFiles = sourceFiles.filter(
  (path) => /^packages\/(wire|agent|cloud|web)\/src\//.test(path) && !/\.(test|contract)\.tsx?$/.test(path),
);
