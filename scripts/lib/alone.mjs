// Work that two commands must not do at once: two installations in one checkout destroy each other.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withProgress } from './tell.mjs';

const folder = fileURLToPath(new URL('../../.build', import.meta.url));

/** Runs `work` when no other process does work of this name; waits for it otherwise. A lock whose process is gone is taken over. */
export async function alone(name, work) {
  const file = join(folder, `${name}.lock`);
  mkdirSync(dirname(file), { recursive: true });
  if (!take(file))
    await withProgress(`waiting for another command that does the same (${name})`, () => untilTaken(file));
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function untilTaken(file) {
  while (!take(file)) await new Promise((resolve) => setTimeout(resolve, 300));
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(file)) rmSync(file, { force: true });
    return false;
  }
}

function isAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')) || -1, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
