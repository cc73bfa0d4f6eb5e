// Keeps the link to what claim.d says: at start, at every reload, and at the end, when a deleted claim is told to the Cloud.

import type { Log } from '../log.ts';
import type { ClaimReading } from './identity-source.ts';
import type { Link } from './link.ts';

/** A claim that is there and cannot be used is looked at again after this time: a person may be putting it right. */
const brokenRetryMs = 60_000;

export interface ClaimFollower {
  /** Reads claim.d and lets the link follow. Never throws. */
  reload(): Promise<ClaimReading>;
  /** What was read last. */
  reading(): ClaimReading;
  /** Says goodbye, for good when the claim was deleted meanwhile. */
  stop(): Promise<void>;
}

export function createClaimFollower(parts: {
  read: () => Promise<ClaimReading>;
  link: Pick<Link, 'reload' | 'stop'>;
  log: Log;
  /** Calls `act` after a while, and answers how to call it off. */
  later: (act: () => void, ms: number) => () => void;
}): ClaimFollower {
  const { link, log } = parts;
  let last: ClaimReading = { claimed: false, identity: undefined, sentence: undefined, isGone: false };
  let callOff = (): void => undefined;
  let isStopped = false;
  let turn = 0;

  const read = (): Promise<ClaimReading> =>
    parts.read().catch((cause: unknown): ClaimReading => {
      const words = cause instanceof Error ? cause.message : String(cause);
      return { claimed: false, identity: undefined, sentence: `claim.d cannot be read: ${words}`, isGone: false };
    });

  const follow = async (isAsked: boolean): Promise<ClaimReading> => {
    const before = last;
    const mine = ++turn;
    // From here on no look by itself begins; one that has begun sees older files than a reload.
    callOff();
    callOff = () => undefined;
    const now = await read();
    if (isStopped || mine !== turn) return now;
    last = now;
    // Looked at again by itself, what is still broken is neither news nor a reason to disturb anything.
    if (isAsked || now.sentence !== before.sentence || now.identity !== undefined) {
      link.reload(now.identity, { isGone: now.isGone });
      if (now.sentence !== undefined)
        log.error('claim', `claim: ${now.sentence} It is looked at again every ${brokenRetryMs / 1000} s.`);
    }
    if (now.sentence !== undefined) callOff = parts.later(() => void follow(false), brokenRetryMs);
    return now;
  };

  return {
    reload: () => follow(true),
    reading: () => last,
    async stop() {
      isStopped = true;
      callOff();
      await link.stop({ isGone: last.identity !== undefined && (await read()).isGone });
    },
  };
}
