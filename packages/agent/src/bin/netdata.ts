// netdata: the daemon. `-W claim` beside a running agent claims this node for that agent; otherwise the agent that starts claims itself.

import { argv, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { loadConfig, readSettings, takeEnvironment } from '../config/load.ts';
import { agentVersion } from '../config/version.ts';
import { netdataUsage, parseNetdataArguments } from './netdata-arguments.ts';
import { runProgram } from './run-program.ts';

// Overwrites the arguments that every user of this machine sees: a token may be among them.
process.title = 'netdata';

const pingDeadlineMs = 2_000;
/** The built page of this node, seen from the bundle in packages/agent/dist. */
const pageDirectory = fileURLToPath(new URL('../../web/dist/agent', import.meta.url));

await runProgram('netdata', 1, async () => {
  const parsed = parseNetdataArguments(argv.slice(2));
  if ('fault' in parsed) {
    stderr.write(`netdata: ${parsed.fault}.\n${netdataUsage}`);
    return 1;
  }
  const { act, claimArguments, configFile, overrides } = parsed;
  if (act === 'help' || act === 'version') {
    stdout.write(act === 'help' ? netdataUsage : `netdata v${agentVersion} (Claimstead)\n`);
    return 0;
  }
  const sources = { env: takeEnvironment(), overrides, configFile };
  if (parsed.get !== undefined) {
    const { section, key, value } = parsed.get;
    stdout.write(`${readSettings(sources).settings.sections.get(section)?.get(key) ?? value}\n`);
    return 0;
  }
  const config = loadConfig(sources);
  if (claimArguments !== undefined) {
    const { ask } = await import('../control/control-client.ts');
    if ((await ask(config.controlSocket, ['ping'], pingDeadlineMs)).outcome === 'answered') {
      const [{ runClaimCommand }, { processSurroundings }] = await Promise.all([
        import('../claim/claim-command.ts'),
        import('./claim-surroundings.ts'),
      ]);
      return runClaimCommand(claimArguments, processSurroundings(config, config.hostname));
    }
  }
  const { runDaemon } = await import('../main.ts');
  return runDaemon({ config, claimArguments, pageDirectory });
});
