// netdata-claim.sh: claims this node. Exit codes and options: see its --help.

import { argv } from 'node:process';
import { claimUsage, parseClaimArguments } from '../claim/claim-arguments.ts';
import { loadConfig, takeEnvironment } from '../config/load.ts';
import { runProgram } from './run-program.ts';

// Overwrites the arguments that every user of this machine sees: a token may be among them.
process.title = 'netdata-claim.sh';

/** "Unknown answer" is what a fault of our own comes to for whoever reads exit codes. */
const faultCode = 7;

await runProgram('netdata-claim.sh', faultCode, async () => {
  const words = argv.slice(2);
  if ('help' in parseClaimArguments(words)) {
    process.stdout.write(claimUsage);
    return 0;
  }
  const config = loadConfig({ env: takeEnvironment(), overrides: [], configFile: undefined });
  for (const { level, sentence } of config.findings)
    if (level === 'error') process.stderr.write(`claim: ${sentence}\n`);
  const [{ runClaimCommand }, { processSurroundings }] = await Promise.all([
    import('../claim/claim-command.ts'),
    import('./claim-surroundings.ts'),
  ]);
  return runClaimCommand(words, processSurroundings(config, undefined));
});
