// How long each station of the way took.

import type { DoctorHop } from '@claimstead/wire/doctor/codes';

/** A station that was passed, and how long it took in ms. `put` is the claim's own request and its answer. */
export interface PassedHop {
  hop: DoctorHop | 'put';
  ms: number;
}

export interface Clock {
  /** Milliseconds since some moment, never going back. */
  monotonicMs: () => number;
  /** Milliseconds since 1970, as this node believes. */
  wallMs: () => number;
}

export const systemClock: Clock = { monotonicMs: () => performance.now(), wallMs: Date.now };

/** Does `work` and tells `onHop` how long it took, if it came to an end. */
export async function timed<T>(
  hop: PassedHop['hop'],
  { clock, onHop }: { clock: Clock; onHop: (passed: PassedHop) => void },
  work: () => Promise<T>,
): Promise<T> {
  const startedMs = clock.monotonicMs();
  const result = await work();
  onHop({ hop, ms: clock.monotonicMs() - startedMs });
  return result;
}
