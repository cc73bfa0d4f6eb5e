// `netdata-claim.sh -wait`: after a claim, follows the running agent until its node is live, and tells how long each hop took.

import type { Clock, PassedHop } from '../dial/hop-timer.ts';

export interface WaitParts {
  /** Socket of the running agent. */
  controlSocket: string;
  claimId: string;
  /** What the claim itself measured: dns, tcp or proxy, tls, put. */
  claimHops: readonly PassedHop[];
  /** When the claim began, by `clock.monotonicMs`. */
  startedMs: number;
  clock: Clock;
  /** How long to wait from now, ms. */
  timeoutMs: number;
  pause: (ms: number) => Promise<void>;
  /** One JSON object through `say` instead of a line for people. */
  json: boolean;
  /** A line for stdout; one for stderr. */
  say: (line: string) => void;
  complain: (line: string) => void;
}

/** Exit code: 0 live; 19 claimed, but not live in time: the last error, its code and the next retry are told by then. */
export async function waitForLive(parts: WaitParts): Promise<number> {
  parts.complain('claim: -wait is not built yet');
  return 19;
}
