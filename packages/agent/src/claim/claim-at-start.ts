// A claim that was asked for when the daemon was started: by `-W "claim …"`, or by NETDATA_CLAIM_TOKEN for a node without a claim.

import type { AgentConfig } from '../config/load.ts';
import type { Log } from '../log.ts';
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
    if (claimArguments === undefined) {
      if (config.claimEnvironment.token === undefined) return undefined;
      const state = await readClaim(claimDirectoryOf(config.directories.config));
      if (state.state !== 'unclaimed') return undefined;
    }
    say(`claim asked for by ${claimArguments === undefined ? 'NETDATA_CLAIM_TOKEN' : '-W claim'}, executing it`);
    const code = await runClaimCommand(claimArguments ?? [], {
      config,
      uid,
      hostname: config.hostname,
      // A daemon's standard input is nobody's.
      readStdin: async () => '',
      notify: async () => {
        await reload();
        return { told: true };
      },
      say,
      complain,
      patience,
    });
    say(`claim ended with code ${code}${code === 0 ? '' : ', the agent goes on without it'}`);
    return code;
  } catch (error) {
    complain(`claim ended by a fault of the agent: ${error instanceof Error ? error.message : String(error)}`);
    return 7;
  }
}
