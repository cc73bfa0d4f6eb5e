// Rows of a long list that scrolls with the page: which are drawn, and where. Their heights are measured as they come into sight.

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useState } from 'react';

export interface WindowRows {
  /** Of the element that holds the rows. */
  holds: (list: HTMLElement | null) => void;
  heightPx: number;
  rows: { key: string | number | bigint; index: number; startPx: number }[];
  /** Of each row, which tells its place by `data-index`. */
  measure: (row: Element | null) => void;
  scrollTo: (index: number) => void;
}

/** `usualPx`: how high a row is that nobody has seen yet; `keyOf` stays the same as long as the rows do. */
export function useWindowRows(count: number, usualPx: number, keyOf: (index: number) => string | number): WindowRows {
  const [scrollMargin, setScrollMargin] = useState(0);
  const holds = useCallback((list: HTMLElement | null) => {
    if (list) setScrollMargin(list.offsetTop);
  }, []);
  // oxlint-disable-next-line react/incompatible-library -- its answers are read in this very call and handed on as plain values
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => usualPx,
    overscan: 3,
    scrollMargin,
    getItemKey: keyOf,
  });
  return {
    holds,
    heightPx: virtual.getTotalSize(),
    rows: virtual.getVirtualItems().map(({ key, index, start }) => ({ key, index, startPx: start - scrollMargin })),
    measure: virtual.measureElement,
    scrollTo: (index) => virtual.scrollToIndex(index),
  };
}
