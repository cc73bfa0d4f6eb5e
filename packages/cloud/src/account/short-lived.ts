// Secrets that lead from one request to the next, for minutes: kept in memory, as hashes, each good once. A restart forgets them, and whoever
// was in between begins again.

import { createHash } from 'node:crypto';

export interface ShortLived<Value> {
  /** A new secret of 192 bits that stands for the value. */
  issue(value: Value): { secret: string; expiresInMs: number };
  /** What it stands for, undefined for an unknown, used or old one; it stays good. */
  look(secret: string): Value | undefined;
  /** The same, and it is gone. */
  take(secret: string): Value | undefined;
}

export function createShortLived<Value>(parts: {
  lifetimeMs: number;
  /** Past that the oldest is forgotten. */
  mostOpen: number;
  /** Monotonic. */
  now: () => number;
  random: (bytes: number) => Uint8Array;
}): ShortLived<Value> {
  const { lifetimeMs, mostOpen, now, random } = parts;
  const open = new Map<string, { value: Value; expiresAtMs: number }>();
  const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
  const look = (hash: string): Value | undefined => {
    const entry = open.get(hash);
    return entry === undefined || entry.expiresAtMs <= now() ? undefined : entry.value;
  };
  return {
    issue(value) {
      // The oldest come first, and all live equally long.
      for (const [hash, entry] of open) {
        if (entry.expiresAtMs > now() && open.size < mostOpen) break;
        open.delete(hash);
      }
      const secret = Buffer.from(random(24)).toString('base64url');
      open.set(hashOf(secret), { value, expiresAtMs: now() + lifetimeMs });
      return { secret, expiresInMs: lifetimeMs };
    },
    look: (secret) => look(hashOf(secret)),
    take(secret) {
      const hash = hashOf(secret);
      const value = look(hash);
      open.delete(hash);
      return value;
    },
  };
}
