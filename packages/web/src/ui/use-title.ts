import { useEffect } from 'react';
import { words } from '../words.ts';

/** The browser's title while a page is shown. Names from agents are safe here: it is text. */
export function useTitle(page: string): void {
  useEffect(() => {
    document.title = words.title(page);
  }, [page]);
}
