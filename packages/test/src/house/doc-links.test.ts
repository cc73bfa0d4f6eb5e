// Every link in the documentation leads somewhere: the file exists, and the heading that an anchor names is in it. The same
// holds for pages that comments in the code point to.

import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { files, read, root, sourceFiles } from './repository.ts';

const pages = files.filter((path) => path.endsWith('.md'));

const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');

/** The anchor that a Markdown heading gets: lower case, punctuation dropped, blanks to hyphens. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (page: string): string[] =>
  read(page)
    .replace(/```[\s\S]*?```/g, '')
    .split('\n')
    .flatMap((line) => {
      const heading = /^#{1,6}\s+(.*)$/.exec(line)?.[1];
      return heading === undefined ? [] : [anchorOf(heading)];
    });

/** What is wrong with one link of a page, or undefined. */
function complaint(page: string, target: string): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (file.startsWith('..') || !existsSync(join(root, file))) return `${page}: there is no ${target}`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return anchorsOf(file).includes(anchor) ? undefined : `${page}: ${file} has no heading for #${anchor}`;
}

it('has pages to look at', () => {
  expect(pages).toContain('README.md');
  expect(pages.length).toBeGreaterThan(8);
});

it('finds a link that leads nowhere', () => {
  expect(complaint('README.md', 'docs/no-such-page.md')).toContain('there is no');
  expect(complaint('README.md', 'README.md#no-such-heading')).toContain('has no heading');
});

it('links only to what exists', () => {
  const complaints = pages.flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].flatMap(
      ([, target = '']) => complaint(page, target) ?? [],
    ),
  );
  expect(complaints).toEqual([]);
});

it('mentions only pages that exist in comments of the code', () => {
  const complaints = sourceFiles
    .filter((path) => !path.startsWith('packages/test/src/house/'))
    .flatMap((path) =>
      [...read(path).matchAll(/\bdocs\/[\w./-]+\.md\b/g)].flatMap(([page]) =>
        existsSync(join(root, page)) ? [] : [`${path}: there is no ${page}`],
      ),
    );
  expect(complaints).toEqual([]);
});
