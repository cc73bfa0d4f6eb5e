// What a browser loads before the first screen of the Cloud's pages stands: the page, and everything that it names.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { root } from './ensure.mjs';

/** On a line of 1.6 Mbit/s, a slow phone's, this is a second and a half. */
const mostBytes = 300 * 1024;

const folder = join(root, 'packages/web/dist/cloud');

/** Undefined when it is small enough, else which files are the largest. */
export async function firstScreenTooLarge() {
  await build();
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  const missing = named.filter((path) => !existsSync(join(folder, path)));
  if (named.length < 3 || missing.length > 0)
    return `packages/web/dist/cloud/index.html names ${named.length} files, and ${missing.length} of them are missing: the check does not read it right.`;
  const sizes = ['/index.html', ...named]
    .map((path) => ({ path, bytes: gzipSync(readFileSync(join(folder, path))).length }))
    .sort((a, b) => b.bytes - a.bytes);
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  const told = `The first screen is ${kib(bytes)} gzipped; ${kib(mostBytes)} are allowed.`;
  if (bytes > mostBytes)
    return [told, ...sizes.slice(0, 8).map((size) => `  ${kib(size.bytes)} ${size.path}`)].join('\n');
  console.log(told);
  return undefined;
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
