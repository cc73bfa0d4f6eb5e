// A claim that the daemon makes itself: asked for by `-W "claim …"`, or by a token in the environment or claim.conf while there is no claim.

import type { AgentConfig } from '../config/load.ts';
import type { Log } from '../log.ts';
import { splitClaimWords } from './claim-arguments.ts';
import type { ClaimPatience } from './claim-client.ts';
import { runClaimCommand } from './claim-command.ts';
import { claimDirectoryOf, readClaim } from './claim-directory.ts';

export interface ClaimAtStart {
  config: AgentConfig;
  /** Number of the user whom the daemon runs as. */
  uid: number;
  /** The options after `-W claim`; undefined: none was given. */
  claimArguments: readonly string[] | undefined;
  log: Log;
  /** Reads claim.d again and lets the link follow. */
  reload: () => Promise<void>;
  patience: ClaimPatience;
}

/**
 * Run it beside the daemon's work, never before it: a claim takes as long as the Cloud takes, and its failure stops nothing. Answers the
 * exit code that netdata-claim.sh would have had; undefined when no claim was asked for. Never throws.
 */
export async function claimAtStart({
  config,
  uid,
  claimArguments,
  log,
  reload,
  patience,
}: ClaimAtStart): Promise<number | undefined> {
  const say = (line: string): void => log.info('claim', line);
  const complain = (line: string): void => log.error('claim', line);
  try {
    const words = claimArguments ?? (await wordsOfConfiguration(config, complain));
    if (words === undefined) return undefined;
    const askedBy = claimArguments === undefined ? config.claimDefaults.tokenFrom : '-W claim';
    say(`claim asked for by ${askedBy}, executing it`);
    let reason = '';
    const code = await runClaimCommand(words, {
      config,
      uid,
      hostname: config.hostname,
      // A daemon's standard input is nobody's.
      readStdin: async () => '',
      // This is the daemon.
      daemonConfigDirectory: async () => undefined,
      notify: async () => {
        await reload();
        return { told: true };
      },
      waitForLive: undefined,
      say,
      note: say,
      complain: (line) => {
        reason = line;
        complain(line);
      },
      patience,
    });
    if (code === 0) say('claim ended with code 0, this node is claimed');
    else complain(`claim ended with code ${code}, the agent goes on without it; ${reason}`);
    return code;
  } catch (error) {
    complain(`claim ended by a fault of the agent: ${error instanceof Error ? error.message : String(error)}`);
    return 7;
  }
}

/** The options of a claim that the environment or claim.conf asks for; undefined: none does, or this node has its claim. */
async function wordsOfConfiguration(
  { claimDefaults, directories }: AgentConfig,
  complain: (line: string) => void,
): Promise<readonly string[] | undefined> {
  if (claimDefaults.token === undefined) return undefined;
  const { state } = await readClaim(claimDirectoryOf(directories.config));
  if (state !== 'unclaimed') return undefined;
  const words = splitClaimWords(claimDefaults.extraOptions);
  if (!('fault' in words)) return words;
  complain(`claim: ${words.fault.replace('-W claim', 'NETDATA_EXTRA_CLAIM_OPTS')}`);
  return undefined;
}
