// Which seconds the charts of a page show; all of them show the same. Pure rules; timeline-store.ts holds the value.

/** `endSeconds: null` = live: the window ends at the newest row that any chart of the page has. */
export interface Timeline {
  spanSeconds: number;
  endSeconds: number | null;
}

export interface TimeWindow {
  fromSeconds: number;
  toSeconds: number;
}

/** Shorter than this, a line has too few points to say anything; longer than a day, agents hold nothing at this grain. */
export const shortestSpanSeconds = 15;
export const longestSpanSeconds = 24 * 3600;

export const spanPresets: readonly { label: string; spanSeconds: number }[] = [
  { label: '1 m', spanSeconds: 60 },
  { label: '5 m', spanSeconds: 300 },
  { label: '15 m', spanSeconds: 900 },
  { label: '30 m', spanSeconds: 1800 },
  { label: '1 h', spanSeconds: 3600 },
];

const clampSpan = (spanSeconds: number): number =>
  Math.min(longestSpanSeconds, Math.max(shortestSpanSeconds, spanSeconds));

/** `edgeSeconds`: time of the newest row that the page has seen. */
export function windowOf(timeline: Timeline, edgeSeconds: number): TimeWindow {
  const toSeconds = timeline.endSeconds ?? edgeSeconds;
  return { fromSeconds: toSeconds - timeline.spanSeconds, toSeconds };
}

export const isLive = (timeline: Timeline): boolean => timeline.endSeconds === null;

/** Stands still at what is shown now. */
export const paused = (timeline: Timeline, edgeSeconds: number): Timeline => ({
  ...timeline,
  endSeconds: timeline.endSeconds ?? edgeSeconds,
});

export const live = (timeline: Timeline): Timeline => ({ ...timeline, endSeconds: null });

/** Moves the window by `bySeconds`, negative = into the past. The future is not shown: the window stops at the edge. */
export function panned(timeline: Timeline, bySeconds: number, edgeSeconds: number): Timeline {
  const endSeconds = Math.min(edgeSeconds, (timeline.endSeconds ?? edgeSeconds) + bySeconds);
  return { ...timeline, endSeconds };
}

/**
 * Makes the window `factor` times as long. `anchor` (0 = left edge, 1 = right edge) keeps its place; a live window that is
 * zoomed stays live, because its end is what people look at.
 */
export function zoomed(timeline: Timeline, factor: number, anchor: number, edgeSeconds: number): Timeline {
  const spanSeconds = clampSpan(timeline.spanSeconds * factor);
  if (timeline.endSeconds === null) return { ...timeline, spanSeconds };
  const anchorSeconds = timeline.endSeconds - timeline.spanSeconds * (1 - anchor);
  return { spanSeconds, endSeconds: Math.min(edgeSeconds, anchorSeconds + spanSeconds * (1 - anchor)) };
}

/** Shows exactly the given range (of at least the shortest span, around its middle). */
export function selected(range: TimeWindow, edgeSeconds: number): Timeline {
  const spanSeconds = clampSpan(range.toSeconds - range.fromSeconds);
  const middle = (range.toSeconds + range.fromSeconds) / 2;
  return { spanSeconds, endSeconds: Math.min(edgeSeconds, middle + spanSeconds / 2) };
}

/** A preset length; the end stays. */
export const withSpan = (timeline: Timeline, spanSeconds: number): Timeline => ({
  ...timeline,
  spanSeconds: clampSpan(spanSeconds),
});
