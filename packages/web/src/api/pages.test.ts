import { expect, it } from 'vitest';
import { allPages } from './pages.ts';

const entriesOf = ({ entries }: { entries: string[] }): string[] => entries;

it('asks once where there is one page, and on while there is another', async () => {
  const asked: string[] = [];
  const pages: Record<string, { entries: string[]; next: string | null }> = {
    '/one': { entries: ['a', 'b'], next: null },
    '/many': { entries: ['a', 'b'], next: 'x+/=' },
    '/many?cursor=x%2B%2F%3D': { entries: ['b', 'c'], next: 'y' },
    '/many?cursor=y': { entries: [], next: null },
  };
  const ask = async (path: string) => {
    asked.push(path);
    const page = pages[path];
    if (page === undefined) throw new Error(path);
    return page;
  };
  expect(await allPages('/one', ask, entriesOf, String)).toEqual(['a', 'b']);
  expect(asked).toEqual(['/one']);
  expect(await allPages('/many', ask, entriesOf, String)).toEqual(['a', 'b', 'c']);
  expect(asked).toHaveLength(4);
});

it('fails as a whole where a page fails', async () => {
  const ask = async (path: string) => {
    if (path.includes('cursor')) throw new Error('gone');
    return { entries: ['a'], next: 'x' };
  };
  await expect(allPages('/list', ask, entriesOf, String)).rejects.toThrow('gone');
});
