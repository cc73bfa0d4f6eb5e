// One-use sign-in codes: whoever may enter the data folder asks the private socket for one, and a browser or a script signs in
// with it. They live in memory, as hashes, for a minute.

import type { AccountId } from '@claimstead/wire/ids';
import { createHash } from 'node:crypto';

export const oneUseCodeLifetimeMs = 60_000;
/** More than a person or a script asks for in a minute. */
const maxOpen = 100;

export interface OneUseCodes {
  issue(accountId: AccountId): string;
  /** Whose code it was; undefined for an unknown, used or old one. Either way it is gone. */
  redeem(code: string): AccountId | undefined;
}

export function createOneUseCodes({
  now,
  random,
}: {
  now: () => number;
  random: (bytes: number) => Uint8Array;
}): OneUseCodes {
  const open = new Map<string, { accountId: AccountId; expiresAtMs: number }>();
  const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex');
  return {
    issue(accountId) {
      for (const [hash, entry] of open) if (entry.expiresAtMs <= now()) open.delete(hash);
      const oldest = open.keys().next();
      if (open.size >= maxOpen && oldest.done !== true) open.delete(oldest.value);
      const code = Buffer.from(random(24)).toString('base64url');
      open.set(hashOf(code), { accountId, expiresAtMs: now() + oneUseCodeLifetimeMs });
      return code;
    },
    redeem(code) {
      const hash = hashOf(code);
      const entry = open.get(hash);
      open.delete(hash);
      return entry === undefined || entry.expiresAtMs <= now() ? undefined : entry.accountId;
    },
  };
}
