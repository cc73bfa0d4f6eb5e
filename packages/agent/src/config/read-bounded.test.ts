import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBounded } from './read-bounded.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is read is a file of a bounded size; everything else is refused at once', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'é'.repeat(8));
  expect(await readBounded(file, 16)).toBe('éééééééé');
  await expect(readBounded(file, 15)).rejects.toMatchObject({ code: 'EFBIG', path: file });
  await expect(readBounded(join(folder, 'none'), 16)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readBounded(folder, 16)).rejects.toMatchObject({ code: 'EISDIR' });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(readBounded(join(folder, 'pipe'), 16)).rejects.toMatchObject({ code: 'not a file' });
  symlinkSync('/dev/zero', join(folder, 'endless'));
  await expect(readBounded(join(folder, 'endless'), 16)).rejects.toMatchObject({ code: 'not a file' });
});
