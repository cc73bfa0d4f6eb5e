// Pauses between attempts to connect. Pure.

const firstMs = 500;
const lastMs = 20_000;

/**
 * Truncated exponential with jitter over half of the pause: after a restart of the Cloud, a room full of open pages comes back
 * spread out, yet nobody waits long. `attempt` counts from 0, `random` is 0 ≤ n < 1.
 */
export function backOffMs(attempt: number, random: number): number {
  const fullMs = Math.min(lastMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}
