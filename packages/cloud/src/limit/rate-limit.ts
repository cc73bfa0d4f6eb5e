// How often a source may do something: so many times in a window, counted when it is tried and not when it has failed, so that a
// hundred tries at once are counted before the first of them has been looked at.

export interface RateLimit {
  /** Takes one try. False = none is left; nothing is taken then. */
  take(key: string): boolean;
  /** Whether one is left; takes nothing. For things that count only once they have failed. */
  hasLeft(key: string): boolean;
  /** Gives one back, e.g. because the try was no failure. */
  giveBack(key: string): void;
}

export interface RateLimitOptions {
  tries: number;
  /** From a key's first try on; after that it starts anew. */
  windowMs: number;
  /** Keys remembered; past that the one that began first is forgotten. 10,000 keys × ~120 B ≈ 1.2 MiB. */
  maxKeys: number;
  now: () => number;
}

export function createRateLimit({ tries, windowMs, maxKeys, now }: RateLimitOptions): RateLimit {
  // A Map keeps insertion order: the first entry is the oldest window.
  const windows = new Map<string, { startedAtMs: number; taken: number }>();
  const current = (key: string): { startedAtMs: number; taken: number } | undefined => {
    const window = windows.get(key);
    if (window === undefined) return undefined;
    const ageMs = now() - window.startedAtMs;
    if (ageMs >= 0 && ageMs < windowMs) return window;
    windows.delete(key);
    return undefined;
  };
  return {
    take(key) {
      const window = current(key);
      if (window !== undefined) {
        if (window.taken >= tries) return false;
        window.taken++;
        return true;
      }
      if (windows.size >= maxKeys) {
        const oldest = windows.keys().next();
        if (oldest.done !== true) windows.delete(oldest.value);
      }
      windows.set(key, { startedAtMs: now(), taken: 1 });
      return tries > 0;
    },
    hasLeft: (key) => (current(key)?.taken ?? 0) < tries,
    giveBack(key) {
      const window = current(key);
      if (window === undefined) return;
      window.taken--;
      if (window.taken <= 0) windows.delete(key);
    },
  };
}
