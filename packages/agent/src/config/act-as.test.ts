import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getegid, geteuid, getgroups } from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { actAs } from './act-as.ts';

const isRoot = geteuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'act-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'theirs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const whoAmI = (): unknown => ({ uid: geteuid?.(), gid: getegid?.(), groups: getgroups?.() });

test.runIf(isRoot)('root has the rights of the other user, no more, and its own again afterwards', async () => {
  chownSync(join(folder, 'theirs'), nobody.uid, nobody.gid);
  symlinkSync('/etc/shadow', join(folder, 'theirs/link'));
  const before = whoAmI();
  await actAs(nobody, async () => {
    expect(whoAmI()).toEqual({ uid: nobody.uid, gid: nobody.gid, groups: [nobody.gid] });
    await writeFile(join(folder, 'theirs/file'), 'x');
    await expect(readFile(join(folder, 'theirs/link'))).rejects.toMatchObject({ code: 'EACCES' });
    await expect(writeFile(join(folder, 'file'), 'x')).rejects.toMatchObject({ code: 'EACCES' });
  });
  expect(statSync(join(folder, 'theirs/file')).uid).toBe(nobody.uid);
  expect(whoAmI()).toEqual(before);
  await expect(actAs(nobody, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(whoAmI()).toEqual(before);
});

test('who has nobody to act for stays who they are', async () => {
  const before = whoAmI();
  const during = await actAs(undefined, async () => {
    await writeFile(join(folder, 'file'), 'x');
    return whoAmI();
  });
  expect(during).toEqual(before);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('x');
});
