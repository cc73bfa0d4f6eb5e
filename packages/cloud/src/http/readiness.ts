// Whether the Cloud can do its work: it is not stopping, and what it is told to keep reaches the disk.

import { CloudError } from '@claimstead/wire/errors';
import type { Clock } from '../clock.ts';
import type { Storage } from '../storage/storage.ts';

export interface Readiness {
  /** Throws `stopping` or `storage-unavailable`. */
  check(): Promise<void>;
  beginStopping(): void;
}

/** Anybody may ask, and each look writes to the disk: so one look answers everybody for so long. */
const lookEveryMs = 2000;

export function createReadiness({ storage, clock }: { storage: Storage; clock: Clock }): Readiness {
  let stopping = false;
  let last: { atMs: number; outcome: Promise<void> } | undefined;
  return {
    async check() {
      if (stopping) throw new CloudError('stopping');
      if (last === undefined || clock.elapsedMs() - last.atMs >= lookEveryMs)
        last = { atMs: clock.elapsedMs(), outcome: storage.proveWritable() };
      await last.outcome;
    },
    beginStopping: () => void (stopping = true),
  };
}
