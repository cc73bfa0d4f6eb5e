// Files stay small and are named for what they hold, and the repository speaks of the product only.

import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { files, lineCount, read, sourceFiles } from './repository.ts';

/** More lines than this are a sign that a noun has two nouns in it. */
const mostLines = 400;

it('keeps files short', () => {
  expect(sourceFiles.length).toBeGreaterThan(100);
  const long = sourceFiles.filter((path) => lineCount(path) > mostLines);
  expect(long.map((path) => `${path}: ${lineCount(path)} lines`)).toEqual([]);
});

it('has no drawers: names say what is inside', () => {
  const drawer = /(^|[/-])(utils?|helpers?|common|misc|shared|managers?|services?)([./-]|$)/i;
  expect(sourceFiles.filter((path) => drawer.test(path))).toEqual([]);
});

it('has no barrels: every import names the file that something comes from', () => {
  expect(sourceFiles.filter((path) => /^index\.tsx?$/.test(basename(path)))).toEqual([]);
});

it('names nothing of the machine that it was written on', () => {
  // Put together here, so that this file does not contain them.
  const words = [
    ['/work', '/main'],
    ['/work', '/shared'],
    ['/work', '/briefs'],
    ['sub', 'agent'],
    ['.lib', 'rary/'],
    ['before', '-stop'],
    ['/root', '/'],
  ];
  const unwanted = new RegExp(words.map((parts) => parts.join('').replace(/[.]/g, '\\.')).join('|'), 'i');
  const offenders = files
    .filter((path) => !/\.(png|ico|gz|br|woff2?)$/.test(path))
    .flatMap((path) => {
      const word = unwanted.exec(read(path))?.[0];
      return word === undefined ? [] : [`${path}: ${word}`];
    });
  expect(offenders).toEqual([]);
});
