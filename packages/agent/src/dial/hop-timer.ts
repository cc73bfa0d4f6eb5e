// How long each station of the way took.

import { doctorHops, type DoctorHop } from '@claimstead/wire/doctor/codes';

/** What a claim does beside going the way: its keys, its request with the answer, its files, and telling the running agent. */
export type ClaimHop = 'key-pair' | 'put' | 'save' | 'reload';

/** A station that was passed, and how long it took in ms. */
export interface PassedHop {
  hop: DoctorHop | ClaimHop;
  ms: number;
}

export interface Clock {
  /** Milliseconds since some moment, never going back. */
  monotonicMs: () => number;
  /** Milliseconds since 1970, as this node believes. */
  wallMs: () => number;
}

export const systemClock: Clock = { monotonicMs: () => performance.now(), wallMs: Date.now };

export const isDoctorHop = (hop: PassedHop['hop']): hop is DoctorHop => doctorHops.some((known) => known === hop);

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
