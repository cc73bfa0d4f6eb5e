// After a restore: agents that ask under a claim that this database does not know. Most were claimed after the backup was made, and have to be
// claimed once more. In memory and bounded, because anybody may ask under any id.

import type { ClaimId } from '@claimstead/wire/ids';

export interface Orphan {
  claimId: ClaimId;
  /** An IPv4 address or an IPv6 /64. */
  sourceNetwork: string;
  firstAtMs: number;
  lastAtMs: number;
  attempts: number;
}

export interface Orphans {
  /** An agent asked under a claim that is not known. */
  asked(claimId: ClaimId, sourceNetwork: string): void;
  /** Longest known first. */
  all(): Orphan[];
}

/** A fleet's worth; past that, and past so many of one network, nobody is added. */
const mostOrphans = 10_000;
const mostOfOneNetwork = 1000;

/** `onFirst` hears of each once. */
export function createOrphans({ nowMs, onFirst }: { nowMs: () => number; onFirst: (orphan: Orphan) => void }): Orphans {
  const orphans = new Map<ClaimId, Orphan>();
  const ofNetwork = new Map<string, number>();
  return {
    asked(claimId, sourceNetwork) {
      const known = orphans.get(claimId);
      if (known !== undefined) {
        known.lastAtMs = nowMs();
        known.attempts++;
        return;
      }
      const others = ofNetwork.get(sourceNetwork) ?? 0;
      if (orphans.size >= mostOrphans || others >= mostOfOneNetwork) return;
      const orphan = { claimId, sourceNetwork, firstAtMs: nowMs(), lastAtMs: nowMs(), attempts: 1 };
      orphans.set(claimId, orphan);
      ofNetwork.set(sourceNetwork, others + 1);
      onFirst(orphan);
    },
    all: () => [...orphans.values()].map((orphan) => ({ ...orphan })),
  };
}
