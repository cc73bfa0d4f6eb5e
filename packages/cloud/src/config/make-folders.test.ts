import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolders } from './make-folders.ts';

test('makes what is missing, with its mode, and may be asked again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'make-'));
  makeFolders(join(folder, 'a/b'), 0o700);
  makeFolders(join(folder, 'a/b'), 0o700);
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  rmSync(folder, { recursive: true });
});

test('ends where the system refuses in an odd way', () => {
  expect(() => makeFolders('/proc/no-such-folder/x', 0o700)).toThrow(/ENOENT/);
  expect(() => makeFolders('/dev/null/x', 0o700)).toThrow(/ENOTDIR/);
});
