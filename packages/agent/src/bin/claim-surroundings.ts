// What a claim gets from the process that runs it: streams, user, clock and chance.

import { getuid, stderr, stdin, stdout } from 'node:process';
import { usualPatience } from '../claim/claim-client.ts';
import type { ClaimSurroundings } from '../claim/claim-command.ts';
import { notifyDaemon } from '../claim/notify-daemon.ts';
import type { AgentConfig } from '../config/load.ts';

/** A token has some sixty characters. */
const maxStdinBytes = 4096;

/** `hostname`: see ClaimSurroundings. */
export function processSurroundings(config: AgentConfig, hostname: string | undefined): ClaimSurroundings {
  return {
    config,
    uid: getuid?.() ?? -1,
    hostname,
    readStdin,
    notify: (claimId) => notifyDaemon(config.controlSocket, claimId),
    say: (line) => void stdout.write(`${line}\n`),
    complain: (line) => void stderr.write(`${line}\n`),
    patience: usualPatience,
  };
}

/** Everything on standard input, cut off where no command or token is longer. */
export async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > maxStdinBytes) break;
  }
  return text;
}
