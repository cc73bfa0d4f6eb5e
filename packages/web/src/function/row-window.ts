// Which rows of a long table are drawn: those in sight and some around them. Pure.

export interface RowWindow {
  /** First row that is drawn, and the one behind the last. */
  from: number;
  to: number;
  /** Heights of what is not drawn, in pixels. */
  abovePx: number;
  belowPx: number;
}

/** Rows beyond the edge; also the grain in which the window moves, so that a slow scroll draws seldom. */
const margin = 12;

/** `scrolledPx` and `heightPx` are those of what scrolls; every row is `rowPx` high. */
export function rowWindow(count: number, rowPx: number, scrolledPx: number, heightPx: number): RowWindow {
  const inSight = Math.ceil(heightPx / rowPx) + 1;
  // After a filter the list may end above what was scrolled to.
  const first = Math.min(Math.max(0, Math.floor(scrolledPx / rowPx)), Math.max(0, count - inSight));
  const from = Math.max(0, Math.floor(first / margin) * margin - margin);
  const to = Math.min(count, from + Math.ceil((inSight + 3 * margin) / margin) * margin);
  return { from, to, abovePx: from * rowPx, belowPx: (count - to) * rowPx };
}
