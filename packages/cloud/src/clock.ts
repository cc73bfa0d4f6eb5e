// Time as the Cloud's rules see it; tests hand in one that they move themselves.

export interface Clock {
  /** Wall clock, milliseconds since 1970: what is stored and shown. */
  nowMs(): number;
  /** Monotonic milliseconds: what durations and expiries are measured with, so that a step of the wall clock ends nothing early. */
  elapsedMs(): number;
  /** Calls back once; the returned function cancels. Never keeps the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Now, and then every `everyMs` until the returned function is called. */
export function repeat(
  clock: Clock,
  everyMs: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): () => void {
  let cancel = (): void => {};
  const round = (): void => {
    work().catch(onError);
    cancel = clock.after(everyMs, round);
  };
  round();
  return () => cancel();
}

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function createManualClock(startMs: number): ManualClock {
  let elapsed = 0;
  const waiting = new Set<{ at: number; callback: () => void }>();
  return {
    nowMs: () => startMs + elapsed,
    elapsedMs: () => elapsed,
    after(delayMs, callback) {
      const entry = { at: elapsed + delayMs, callback };
      waiting.add(entry);
      return () => {
        waiting.delete(entry);
      };
    },
    advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        const next = [...waiting].filter((entry) => entry.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        waiting.delete(next);
        elapsed = Math.max(elapsed, next.at);
        next.callback();
      }
      elapsed = end;
    },
  };
}
