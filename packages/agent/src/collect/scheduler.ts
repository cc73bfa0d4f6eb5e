// When to tick: at every full second of the wall clock, never twice for the same second, never in a burst.

/** The times that the scheduler lives by; real in the agent, driven by hand in tests. */
export interface TickClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after `delayMs`; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * Calls `tick` with each full second, as soon as it has begun. Each wait is computed from the clock, so that delays do
 * not add up. Seconds that nobody was awake for (a busy machine, a suspend) are left out: the next tick is for the
 * second that is now. A clock that is set back ticks on from its new time. The result stops it.
 */
export function startTicking(clock: TickClock, tick: (second: number) => void): () => void {
  let cancel: () => void = () => undefined;
  let due = 0;
  const arm = (nowMs: number): void => {
    due = Math.floor(nowMs / 1000) + 1;
    cancel = clock.after(due * 1000 - nowMs, fire);
  };
  const fire = (): void => {
    const nowMs = clock.now();
    // Timers may be a millisecond early; a clock set back is no reason to wait for longer than a second.
    if (nowMs < due * 1000) {
      arm(nowMs);
      return;
    }
    tick(Math.floor(nowMs / 1000));
    arm(clock.now());
  };
  arm(clock.now());
  return () => cancel();
}
