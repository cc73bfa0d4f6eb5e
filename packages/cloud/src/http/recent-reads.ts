// Who asks and what they ask about is read from the database for every request; a page with live charts asks several times a second.
// So the answers of these few look-ups are kept for a second, and forgotten at once when anything that they tell has changed.

import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';

/** A change that no message told of (another instance, a hand in the database) shows after this. */
const keptMs = 1000;
/** Most take 500 B; what somebody sees through rooms takes 100 B a node. Full, it starts anew. */
const maxEntries = 2000;

/** Wraps look-ups by id. What is not found is kept as well: otherwise the time of a second look would tell what exists. [trust T39] */
export function createRecentReads(parts: {
  clock: Clock;
  bus: Bus;
}): <Args extends readonly string[], Found>(
  read: (...args: Args) => Promise<Found>,
) => (...args: Args) => Promise<Found> {
  const { clock, bus } = parts;
  const caches: Map<string, unknown>[] = [];
  /** Counts changes: what was being read while one came is not kept. */
  let changes = 0;
  const forget = (): void => {
    changes += 1;
    for (const cache of caches) cache.clear();
  };
  const topics = [
    'session-ended',
    'account-changed',
    'access-changed',
    'node-claimed',
    'node-removed',
    'node-changed',
  ] as const;
  for (const topic of topics) bus.subscribe(topic, forget);

  return <Args extends readonly string[], Found>(read: (...args: Args) => Promise<Found>) => {
    const cache = new Map<string, { found: Found; until: number }>();
    caches.push(cache);
    return async (...args: Args): Promise<Found> => {
      const key = args.join(' ');
      const known = cache.get(key);
      if (known !== undefined && known.until > clock.elapsedMs()) return known.found;
      const before = changes;
      const found = await read(...args);
      if (cache.size >= maxEntries) cache.clear();
      if (before === changes) cache.set(key, { found, until: clock.elapsedMs() + keptMs });
      return found;
    };
  };
}
