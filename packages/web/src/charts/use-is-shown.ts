// Whether an element is in sight (or nearly) in a tab that is in sight: what is not, asks for nothing.

import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react';

const onTabChange = (listener: () => void): (() => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};
const tabIsShown = (): boolean => document.visibilityState !== 'hidden';

/** True while the tab is in front. */
export const useTabIsShown = (): boolean => useSyncExternalStore(onTabChange, tabIsShown);

/** `marginPx`: how far outside the window still counts, so that a chart is there when it scrolls in. */
export function useIsShown(element: RefObject<Element | null>, marginPx: number): boolean {
  const [isNear, setIsNear] = useState(false);
  const isTabShown = useTabIsShown();
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => setIsNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: `${marginPx}px 0px`,
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, marginPx]);
  return isNear && isTabShown;
}
