// Many mutated sessions, one after the other.

import { chanceFrom, mutatedSession } from './mutate.ts';
import { createFuzzWorld } from './fuzz-world.ts';
import { linksIn, recordedSessions } from './recorded-sessions.ts';

export interface FuzzOutcome {
  sessions: number;
  /** Whose CONNECT was accepted. */
  opened: number;
  /** Messages and connections that were refused. */
  refused: number;
  /** Faults of the Cloud's own, with the number of the session that met them: the seed and it make the session again. */
  faults: { session: number; fault: string }[];
  /** What an honest link noticed; undefined = nothing. */
  harm: string | undefined;
  /** The slowest session, ms. */
  slowestMs: number;
  /** Bytes of the heap after a collection, when a tenth and when all was done; 0 without `--expose-gc`. */
  heapBytes: { early: number; late: number };
}

const lookEvery = 500;

export async function runFuzz(options: {
  sessions: number;
  seed: number;
  onProgress: (done: number) => void;
}): Promise<FuzzOutcome> {
  const world = await createFuzzWorld();
  const links = (await recordedSessions()).flatMap(linksIn);
  const others = links.map(({ frames }) => frames);
  const outcome: FuzzOutcome = {
    sessions: 0,
    opened: 0,
    refused: 0,
    faults: [],
    harm: undefined,
    slowestMs: 0,
    heapBytes: { early: 0, late: 0 },
  };
  for (let session = 0; session < options.sessions; session++) {
    // Each has numbers of its own, so that one can be repeated alone.
    const chance = chanceFrom(options.seed + session);
    const { ids, frames } = chance.of(links);
    const startedMs = performance.now();
    await world.session(ids, mutatedSession(frames, others, chance));
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - startedMs);
    for (const fault of world.faults.splice(0))
      outcome.faults.push({ session, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) });
    if (session % lookEvery === 0 || session === options.sessions - 1) {
      outcome.harm ??= await world.harm();
      options.onProgress(session);
    }
    if (session === Math.floor(options.sessions / 10)) outcome.heapBytes.early = heapBytes();
  }
  outcome.heapBytes.late = heapBytes();
  return { ...outcome, sessions: options.sessions, opened: world.seen.opened - 1, refused: world.seen.refused };
}

export function heapBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) return 0;
  gc();
  return process.memoryUsage().heapUsed;
}
