import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** Rules that choose or put together texts of other files; what they say is in those. */
const rules = new Set(['claim/stopwatch-words.ts', 'node/node-words.ts', 'ui/holds-words.ts']);

it('holds every file of texts', () => {
  const files = sources.filter((path) => /(^|[/-])words\.ts$/.test(path) && !rules.has(path));
  expect(files.length).toBeGreaterThan(15);
  const gathered = read('catalogue.ts');
  expect(files.filter((path) => !gathered.includes(`'./${path}'`))).toEqual([]);
});

interface Leaf {
  path: string[];
  text: unknown;
}
const leavesOf = (value: unknown, path: string[] = []): Leaf[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
    : [{ path, text: value }];
const leaves = leavesOf(catalogue);

it('is made of texts, and of functions that make one', () => {
  expect(leaves.length).toBeGreaterThan(500);
  const isText = (text: unknown): boolean => typeof text === 'string' && text.trim() === text;
  const others = leaves.filter(
    ({ path, text }) =>
      !isText(text) &&
      typeof text !== 'function' &&
      !(Array.isArray(text) && text.every(isText)) &&
      // Null: the Cloud's own sentence is shown.
      !(text === null && path[0] === 'errors'),
  );
  expect(others.map(({ path }) => path.join('.'))).toEqual([]);
});

it('holds no text that is shown nowhere', () => {
  const code = sources
    .filter((path) => !/test\.tsx?$/.test(path) && path !== 'catalogue.ts')
    .map(read)
    .join('\n');
  const isNamed = (name: string): boolean => new RegExp(`[.?]${name}\\b|\\b${name}\\(`).test(code);
  /** Chosen by a value, `states[state]`, or handed on as a whole. */
  const isIndexed = (name: string): boolean => new RegExp(`\\b${name}(Words)?\\[|\\.${name}(?![\\w.(])`).test(code);
  // Errors are found by their kind, and their table is complete by its type.
  const own = leaves.filter(({ path }) => path[0] !== 'errors');
  const unused = own.filter(({ path }) => !isNamed(path.at(-1) ?? '') && !path.slice(0, -1).some(isIndexed));
  expect(unused.map(({ path }) => path.join('.'))).toEqual([]);
});
