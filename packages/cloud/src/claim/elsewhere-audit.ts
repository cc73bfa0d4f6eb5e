// Somebody presents a token from a network that it takes no claims from: it has leaked, or the networks are wrong. The audit tells; the
// answer does not, so the row is written after it: a claim that waits for the disk would be told apart from one of an unknown token.

import type { RefusedToken } from '@claimstead/wire/errors';
import type { AuditEntry } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { RateLimit } from '../limit/rate-limit.ts';

export interface ElsewhereAudit {
  note(refusal: RefusedToken & { sourceNetwork: string }): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** Rows of one token: enough to see where it is used, too few to fill the disk with. */
export const elsewhereAuditLimit = { tries: 20, windowMs: 3600 * 1000, maxKeys: 10_000 };

/** Answers that are on their way are out by then. */
const afterMs = 200;

export function createElsewhereAudit(parts: {
  clock: Clock;
  add: (entry: AuditEntry) => Promise<void>;
  /** By token. */
  limit: RateLimit;
  onError: (error: unknown) => void;
}): ElsewhereAudit {
  let waiting: AuditEntry[] = [];
  let cancel: (() => void) | undefined;
  const write = async (): Promise<void> => {
    cancel = undefined;
    const entries = waiting;
    waiting = [];
    for (const entry of entries) await parts.add(entry);
  };
  return {
    note({ tokenId, spaceId, sourceNetwork }) {
      if (!parts.limit.take(tokenId)) return;
      waiting.push({ kind: 'claim-from-elsewhere', atMs: parts.clock.nowMs(), tokenId, spaceId, sourceNetwork });
      cancel ??= parts.clock.after(afterMs, () => void write().catch(parts.onError));
    },
    async close() {
      cancel?.();
      await write().catch(parts.onError);
    },
  };
}
