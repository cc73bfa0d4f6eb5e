// netdata-claim.sh: claims this node. Exit codes and options: see its --help.

import { argv, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { claimUsage, parseClaimArguments } from '../claim/claim-arguments.ts';
import { loadConfig, takeEnvironment } from '../config/load.ts';
import { runProgram } from './run-program.ts';

// Overwrites the arguments that every user of this machine sees: a token may be among them.
process.title = 'netdata-claim.sh';

/** "Unknown answer" is what a fault of our own comes to for whoever reads exit codes. */
const faultCode = 7;
/** Seen from the bundle in packages/agent/dist. */
const installationFile = fileURLToPath(new URL('../installation.conf', import.meta.url));

await runProgram('netdata-claim.sh', faultCode, async () => {
  const words = argv.slice(2);
  const given = parseClaimArguments(words);
  if ('help' in given) {
    stdout.write(claimUsage);
    return 0;
  }
  const config = loadConfig({ env: takeEnvironment(), overrides: [], configFile: undefined, installationFile });
  for (const { level, sentence } of config.findings) if (level === 'error') stderr.write(`claim: ${sentence}\n`);
  const { processSurroundings } = await import('./claim-surroundings.ts');
  const around = processSurroundings(config, undefined);
  if (!('fault' in given) && given.check) {
    const [{ runDoctor }, { systemClock }] = await Promise.all([
      import('../doctor/doctor.ts'),
      import('../dial/hop-timer.ts'),
    ]);
    return runDoctor({ given, around, json: given.json, clock: systemClock });
  }
  const { runClaimCommand } = await import('../claim/claim-command.ts');
  return runClaimCommand(words, around);
});
