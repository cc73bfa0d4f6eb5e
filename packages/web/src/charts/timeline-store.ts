// Holds the timeline of one page. A drag changes it sixty times a second, so charts listen here and move without React.

import { windowOf, type Timeline, type TimeWindow } from './timeline.ts';

export interface TimelineStore {
  get(): Timeline;
  /** Time of the newest row that any chart reported, in seconds since 1970. */
  edgeSeconds(): number;
  window(): TimeWindow;
  change(next: (timeline: Timeline, edgeSeconds: number) => Timeline): void;
  /** A chart tells the time of its newest row. */
  reportEdge(seconds: number): void;
  /** Called after each change of the timeline or of the edge; returns the end of the subscription. */
  subscribe(listener: () => void): () => void;
}

/** `startSeconds` stands in for the edge until the first row has come. */
export function createTimelineStore(spanSeconds: number, startSeconds: number): TimelineStore {
  const listeners = new Set<() => void>();
  let timeline: Timeline = { spanSeconds, endSeconds: null };
  let edge = startSeconds;
  let edgeIsGuess = true;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    get: () => timeline,
    edgeSeconds: () => edge,
    window: () => windowOf(timeline, edge),
    change(next) {
      timeline = next(timeline, edge);
      tell();
    },
    reportEdge(seconds) {
      // The browser's clock may be ahead of the node's, so the first real row replaces the guess even when it is older.
      if (!edgeIsGuess && seconds <= edge) return;
      edgeIsGuess = false;
      edge = seconds;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
