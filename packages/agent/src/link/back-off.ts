// How long to wait before the next attempt: truncated exponential with jitter, so that a fleet that lost its Cloud together does not
// come back together.

export interface BackOffLimits {
  minDelayMs: number;
  maxDelayMs: number;
}

/** Used until the Cloud's environment gives others. */
export const defaultLimits: BackOffLimits = { minDelayMs: 1000, maxDelayMs: 300_000 };

/**
 * Milliseconds before attempt number `attempt`, counted from 0 = the first after a connection was lost: that one comes within a second,
 * later ones double, and half of every delay is chance. `random` is in [0, 1).
 */
export function backOffMs(attempt: number, limits: BackOffLimits, random: number): number {
  if (attempt === 0) return Math.round(random * 1000);
  const full = Math.min(Math.max(1000 * 2 ** Math.min(attempt - 1, 20), limits.minDelayMs), limits.maxDelayMs);
  return Math.round(full / 2 + (random * full) / 2);
}
