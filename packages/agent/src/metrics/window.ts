// Which rows a question gets: pure arithmetic on seconds.

/** The time range as asked. Seconds since 1970 where positive, relative where zero or negative. */
export interface RequestedRange {
  /** Exclusive start. Negative: relative to `before`; 0: the oldest sample. */
  after: number;
  /** Inclusive end. Zero and negative: relative to the newest tick. */
  before: number;
  /** Most rows wanted; 0 = every sample. */
  points: number;
  /** Rows cover a multiple of this many seconds; 0 = no such wish. */
  groupTimeSeconds: number;
  /** Rows end at absolute multiples of their length, so that every question for a past time sees the same rows. */
  aligned: boolean;
}

/** What is there to answer from. */
export interface KeptRange {
  /** Second of the newest tick. */
  nowSecond: number;
  retentionSeconds: number;
  /** Second of the oldest sample; 0 = there is none. */
  firstSecond: number;
  updateEverySeconds: number;
}

/** Rows of equal length; row `i` covers the seconds (startSecond + i × stepSeconds, startSecond + (i + 1) × stepSeconds]. */
export interface Window {
  startSecond: number;
  stepSeconds: number;
  /** Samples per row. */
  groupSlots: number;
  rows: number;
}

/** The range as absolute seconds, clamped to what is kept; undefined when `after` lies after `before`. */
function absoluteRange(asked: RequestedRange, kept: KeptRange): { after: number; before: number } | undefined {
  const every = kept.updateEverySeconds;
  const before = asked.before > 0 ? asked.before : kept.nowSecond + asked.before;
  const oldest = kept.firstSecond === 0 ? before : kept.firstSecond - every;
  let after = asked.after > 0 ? asked.after : before + asked.after;
  if (asked.after === 0) after = Math.min(oldest, before);
  if (after > before) return undefined;
  // A range without length asks for the one sample of that second.
  if (after === before) after = before - every;
  return { after: Math.max(after, kept.nowSecond - kept.retentionSeconds), before: Math.min(before, kept.nowSecond) };
}

/**
 * The rows for a question; undefined when `after` lies after `before`. There are at most `points` rows; none where
 * nothing is kept for the range. Only complete rows are answered: one that would end after the newest tick, or that
 * begins before what is kept, is left out, because its values would change from one question to the next.
 */
export function resolveWindow(asked: RequestedRange, kept: KeptRange): Window | undefined {
  const every = kept.updateEverySeconds;
  const range = absoluteRange(asked, kept);
  if (range === undefined) return undefined;
  const { after, before } = range;
  const available = Math.max(0, Math.ceil((before - after) / every));
  let groupSlots = asked.points > 0 && asked.points < available ? Math.ceil(available / asked.points) : 1;
  const unitSlots = Math.max(1, Math.ceil(asked.groupTimeSeconds / every));
  groupSlots = Math.ceil(groupSlots / unitSlots) * unitSlots;
  const stepSeconds = groupSlots * every;
  if (available === 0 || kept.firstSecond === 0) return { startSecond: before, stepSeconds, groupSlots, rows: 0 };

  const grid = asked.aligned ? stepSeconds : every;
  const end = Math.floor(before / grid) * grid;
  const start = asked.aligned
    ? Math.min(Math.floor(after / grid) * grid, end - stepSeconds)
    : end - Math.ceil(available / groupSlots) * stepSeconds;
  const oldestStart = kept.nowSecond - kept.retentionSeconds;
  const lostRows = Math.ceil((oldestStart - start) / stepSeconds);
  const emptyRows = Math.ceil((kept.firstSecond - start) / stepSeconds) - 1;
  const skipped = Math.max(0, lostRows, emptyRows);
  const startSecond = start + skipped * stepSeconds;
  return { startSecond, stepSeconds, groupSlots, rows: Math.max(0, (end - startSecond) / stepSeconds) };
}
