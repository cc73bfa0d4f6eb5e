// Is the identity of a claim contested? A machine that was copied with its key takes the link from its twin, and the twin takes it back,
// for ever. Pure: what happened goes in, what is so comes out; contests.ts asks and remembers. [docs/decisions/0007]

/** A machine as people know it. */
export interface Host {
  /** As its agent tells it now; printable. */
  hostname: string;
  /** Where its connection comes from. */
  address: string;
}

/** What counts: attempts to connect with the key of a claim while another connection of it is up and answers. */
export interface Rivalry {
  /** Monotonic milliseconds, oldest first; never more than the rule needs. */
  attemptsAtMs: readonly number[];
  isContested: boolean;
}

export const noRivalry: Rivalry = { attemptsAtMs: [], isContested: false };

/** Attempts within the window that may be the restarts of one person's work; one more is no accident. */
export const toleratedAttempts = 3;
export const rivalryWindowMs = 10 * 60_000;

export function afterAttempt(rivalry: Rivalry, nowMs: number): Rivalry {
  const before = isOver(rivalry, nowMs) ? noRivalry : rivalry;
  const recent = [...before.attemptsAtMs, nowMs].filter((atMs) => nowMs - atMs < rivalryWindowMs);
  return {
    attemptsAtMs: recent.slice(-toleratedAttempts - 1),
    isContested: before.isContested || recent.length > toleratedAttempts,
  };
}

/** Nobody tried for a whole window. */
export function isOver({ attemptsAtMs }: Rivalry, nowMs: number): boolean {
  const last = attemptsAtMs.at(-1);
  return last === undefined || nowMs - last >= rivalryWindowMs;
}
