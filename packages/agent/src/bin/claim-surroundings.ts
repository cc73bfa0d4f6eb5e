// What a claim gets from the process that runs it: streams, user, clock and chance.

import { getuid, stderr, stdin, stdout } from 'node:process';
import { usualPatience } from '../claim/claim-client.ts';
import type { ClaimSurroundings } from '../claim/claim-command.ts';
import { daemonConfigDirectory, notifyDaemon } from '../claim/notify-daemon.ts';
import type { AgentConfig } from '../config/load.ts';
import { systemClock } from '../dial/hop-timer.ts';

/** A token has some sixty characters. */
const maxStdinBytes = 4096;

/** `hostname`: see ClaimSurroundings. */
export function processSurroundings(config: AgentConfig, hostname: string | undefined): ClaimSurroundings {
  const startedMs = systemClock.monotonicMs();
  const { controlSocket } = config;
  const say = (line: string): void => void stdout.write(`${line}\n`);
  const complain = (line: string): void => void stderr.write(`${line}\n`);
  return {
    config,
    uid: getuid?.() ?? -1,
    hostname,
    readStdin: () => readStdin(),
    daemonConfigDirectory: () => daemonConfigDirectory(controlSocket),
    notify: (claimId) => notifyDaemon(controlSocket, claimId),
    waitForLive: async (request) => {
      const { waitForLive } = await import('../doctor/wait-for-live.ts');
      const { pause } = usualPatience;
      return waitForLive({ ...request, controlSocket, startedMs, clock: systemClock, pause, say, complain });
    },
    say,
    complain,
    note: complain,
    patience: usualPatience,
  };
}

/** Everything on standard input, cut off where no command or token is longer. */
export async function readStdin(maxBytes = maxStdinBytes): Promise<string> {
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > maxBytes) break;
  }
  return text;
}
