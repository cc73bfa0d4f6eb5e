import { useEffect } from 'react';
import { words } from '../words.ts';
import { plainText } from './plain-text.ts';

/** The browser's title while a page is shown. Names from agents and people are in it. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = words.title(plainText(page));
  }, [page]);
}
