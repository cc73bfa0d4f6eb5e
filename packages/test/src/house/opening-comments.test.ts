// Whoever opens a folder finds a file whose first line says what the folder is about, and no file of some length leaves it
// to its reader to find out what it is for.

import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { read, shippedFiles } from './repository.ts';

const code = shippedFiles.filter((path) => /\.tsx?$/.test(path));

const opensWithComment = (path: string): boolean => /^(\/\/|\/\*)/.test(read(path).replace(/^#!.*\n/, ''));

it('opens every folder with a comment', () => {
  const folders = [...new Set(code.map((path) => dirname(path)))];
  expect(folders.length).toBeGreaterThan(20);
  const silent = folders.filter((folder) => !code.some((path) => dirname(path) === folder && opensWithComment(path)));
  expect(silent).toEqual([]);
});

it('explains every file that is longer than a screen', () => {
  const hasDocComment = (path: string): boolean => /^\/\*\*/m.test(read(path));
  const silent = code.filter(
    (path) => read(path).split('\n').length > 40 && !opensWithComment(path) && !hasDocComment(path),
  );
  expect(silent).toEqual([]);
});
