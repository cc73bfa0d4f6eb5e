// When a chart asks for its past. Pure; chart-feed.ts does what is said here.

import type { HistoryQuery } from './agent-answers.ts';
import { isLive, windowOf, type Timeline } from './timeline.ts';

/** What a chart has got from its last history answer. */
export interface Held {
  /** The range that was asked for (the agent may have had rows only for a part of it). */
  fromSeconds: number;
  toSeconds: number;
  /** Seconds between two rows of the answer. */
  stepSeconds: number;
  /** True while a watch adds the newest rows, so that `toSeconds` moves on by itself. */
  followsEdge: boolean;
}

export interface PlanInput {
  timeline: Timeline;
  edgeSeconds: number;
  held: Held | null;
  /** Rows that fit on the chart's width. */
  points: number;
  updateEverySeconds: number;
}

/** What is drawn at the edge as single seconds, beside averages, before the averages are asked for again: a twentieth. */
const rawShare = 1 / 20;

/** The question to ask now, without its chart; null when what is held is enough. */
export function historyNeeded(input: PlanInput): Omit<HistoryQuery, 'chart'> | null {
  const { timeline, edgeSeconds, held, points, updateEverySeconds } = input;
  const { fromSeconds, toSeconds } = windowOf(timeline, edgeSeconds);
  const { spanSeconds } = timeline;
  const step = Math.max(updateEverySeconds, Math.ceil(spanSeconds / points));
  const tooCoarse = held !== null && held.stepSeconds > Math.max(step * 2, updateEverySeconds);
  const tooFine = held !== null && held.stepSeconds * 8 < step;
  // Two rows of tolerance: agents align ranges to their grid.
  const startsLate = held !== null && held.fromSeconds > fromSeconds + 2 * Math.max(step, held.stepSeconds);

  if (isLive(timeline)) {
    const rawSeconds = held && held.stepSeconds > updateEverySeconds ? edgeSeconds - held.toSeconds : 0;
    const rawTooLong = rawSeconds > Math.max(60, spanSeconds * rawShare);
    if (held?.followsEdge && !tooCoarse && !tooFine && !startsLate && !rawTooLong) return null;
    return { spanSeconds, beforeSeconds: null, points: Math.ceil(spanSeconds / step) };
  }
  const heldTo = held?.followsEdge ? Math.max(edgeSeconds, held.toSeconds) : (held?.toSeconds ?? 0);
  const endsEarly = heldTo + 2 * step < Math.min(toSeconds, edgeSeconds);
  if (held && !tooCoarse && !tooFine && !startsLate && !endsEarly) return null;
  // Half a window on both sides, so that a drag shows values at once.
  const beforeSeconds = Math.ceil(Math.min(edgeSeconds, toSeconds + spanSeconds / 2));
  const askedSpan = Math.ceil(beforeSeconds - (fromSeconds - spanSeconds / 2));
  return { spanSeconds: askedSpan, beforeSeconds, points: Math.ceil(askedSpan / step) };
}
