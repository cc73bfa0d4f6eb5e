// Refused sign-ins in the audit. Whoever guesses decides how many there are, so only so many are written: nobody fills the disk with them.

import type { AccountId } from '@claimstead/wire/ids';
import type { AuditStore } from '../audit/audit.ts';
import type { Events } from '../events.ts';
import type { RateLimit } from '../limit/rate-limit.ts';

/** Rows an hour: enough to see a guess at somebody's password, and 24,000 rows (6 MiB) a day at worst. */
export const refusalsOfNetwork = { tries: 20, windowMs: 3600_000, maxKeys: 10_000 };
export const refusalsOfAll = { tries: 1000, windowMs: 3600_000, maxKeys: 1 };

export interface Refusal {
  /** Undefined where nobody is known under what was given; that is a row, too, so that the time it takes tells nothing. */
  accountId: AccountId | undefined;
  sourceNetwork: string;
  errorKind: string;
  /** What was tried, e.g. `password`. */
  by: string;
}

export type NoteRefusal = (refusal: Refusal) => Promise<void>;

export function createRefusals(parts: {
  audit: Pick<AuditStore, 'add'>;
  ofNetwork: RateLimit;
  ofAll: RateLimit;
  now: () => number;
  events: Events;
  /** The refusal stands, whether it could be written down or not. */
  onFailed: (error: unknown) => void;
}): NoteRefusal {
  return async ({ accountId, sourceNetwork, errorKind, by }) => {
    parts.events.signInRefused({ errorKind, sourceNetwork });
    if (!parts.ofNetwork.take(sourceNetwork) || !parts.ofAll.take('all')) return;
    const entry = { kind: 'sign-in-refused', atMs: parts.now(), sourceNetwork, details: { errorKind, by } } as const;
    await parts.audit.add(accountId === undefined ? entry : { ...entry, accountId }).catch(parts.onFailed);
  };
}
