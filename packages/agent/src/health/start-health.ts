// Alerts in the running agent: read once, looked at each second on a timer of their own.

import { startTicking, type TickClock } from '../collect/scheduler.ts';
import type { Log } from '../log.ts';
import { Health, type HealthParts } from './health.ts';
import { readDefinitions } from './read-definitions.ts';

export interface StartHealthParts extends Pick<HealthParts, 'store' | 'cores' | 'newId'> {
  configDirectory: string;
  clock: TickClock;
  log: Log;
}

/** Never rejects: what cannot be used of the configuration is told to the log. */
export async function startHealth(parts: StartHealthParts): Promise<{ health: Health; stop: () => void }> {
  const { configDirectory, clock, log, store, cores, newId } = parts;
  const { definitions, findings } = await readDefinitions(configDirectory);
  for (const sentence of findings) log.error('HEALTH', sentence);
  const health = new Health({
    store,
    definitions,
    cores,
    newId,
    startMs: clock.now(),
    onBoundHit: (most) =>
      log.error('HEALTH', `the definitions of alerts fit more than ${most} charts; those found from now on have none`),
  });
  const stop = startTicking(clock, (second) => {
    try {
      health.run(second);
    } catch (error) {
      log.error('HEALTH', `alerts could not be looked at: ${error instanceof Error ? error.stack : String(error)}`);
    }
  });
  return { health, stop };
}
