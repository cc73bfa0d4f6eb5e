// Contexts as the Cloud is told of them, and the number that says whether it knows them. [docs/link-protocol.md, Contexts]

import type { ContextUpdated } from '@claimstead/wire/gen/link/v1/context';
import type { ContextSummary } from '../../metrics/contexts.ts';

/** By id. A context that is deleted is not in here. */
export type ToldContexts = ReadonlyMap<string, ContextUpdated>;

/** An hour: the oldest second that is told is at most that much older than the oldest sample. */
const roundingSeconds = 3600;

/**
 * The oldest second of the moment of the context's version, rounded down. The true one moves on every second once the retention is full, and
 * as it counts in the hash, the Cloud would be wrong a second after each message, and be sent everything anew at every reconnect. Without
 * the rounding it would move as much as the version does, and the hash would not show that there was a change.
 */
function firstEntryOf({ startedSecond, version }: ContextSummary, retentionSeconds: number): number {
  const oldest = Math.floor((version - retentionSeconds) / roundingSeconds) * roundingSeconds;
  return Math.max(startedSecond, oldest);
}

export function toldContexts(contexts: readonly ContextSummary[], retentionSeconds: number): ToldContexts {
  const told = contexts.map((context): [string, ContextUpdated] => [
    context.id,
    {
      id: context.id,
      version: BigInt(context.version),
      firstEntry: BigInt(firstEntryOf(context, retentionSeconds)),
      lastEntry: context.collected ? 0n : BigInt(context.lastSecond),
      deleted: false,
      title: context.title,
      priority: BigInt(context.priority),
      chartType: context.chartType,
      units: context.units,
      family: context.family,
    },
  ]);
  return new Map(told);
}

/** The sum of version + last entry − first entry of all, modulo 2^64; last entries are 0 while collected. */
export function versionHash(contexts: ToldContexts): bigint {
  let sum = 0n;
  for (const { version, firstEntry, lastEntry } of contexts.values()) sum += version + lastEntry - firstEntry;
  return BigInt.asUintN(64, sum);
}

/** What somebody who knows `before` must be told: new and changed contexts, and those that are gone, marked so. */
export function changesBetween(before: ToldContexts, after: ToldContexts): ContextUpdated[] {
  const changed = [...after.values()].filter((context) => {
    const known = before.get(context.id);
    return known?.version !== context.version || known.lastEntry !== context.lastEntry;
  });
  const gone = [...before.values()].filter(({ id }) => !after.has(id));
  return [...changed, ...gone.map((context) => ({ ...context, deleted: true }))];
}
