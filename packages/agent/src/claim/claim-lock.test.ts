import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeLeftovers } from '../config/atomic-file.ts';
import { lockClaim } from './claim-lock.ts';

let directory: string;
let lock: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
  lock = join(directory, 'claim.lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a lock that cannot be read is an error, and not waited for', async () => {
  mkdirSync(lock);
  await expect(lockClaim(directory, undefined)).rejects.toMatchObject({ code: 'EISDIR' });
  rmSync(lock, { recursive: true });
  execFileSync('mkfifo', [lock]);
  await expect(lockClaim(directory, undefined)).rejects.toMatchObject({ code: 'not a file' });
  rmSync(lock);
  symlinkSync('nowhere', lock);
  await expect(lockClaim(directory, undefined)).rejects.toMatchObject({ code: 'ELOOP' });
  expect(readdirSync(directory)).toEqual(['claim.lock']);
});

test.runIf(process.getuid?.() === 0)(
  'the lock of a claim by root can be read by the user whose claim.d it is',
  async () => {
    const held = await lockClaim(directory, { uid: 65_534, gid: 65_534 });
    expect(statSync(lock).uid).toBe(65_534);
    expect(await lockClaim(directory, undefined)).toEqual({ holder: process.pid });
    if ('release' in held) await held.release();
  },
);

test('whoever holds the lock tidies up, which takes nothing from those who ask for it meanwhile', async () => {
  const ask = async (): Promise<void> => {
    for (let turn = 0; turn < 30; turn++) {
      const taken = await lockClaim(directory, undefined);
      if (!('release' in taken)) continue;
      await removeLeftovers(directory);
      await taken.release();
    }
  };
  await Promise.all([ask(), ask(), ask(), ask()]);
  expect(readdirSync(directory)).toEqual([]);
});
