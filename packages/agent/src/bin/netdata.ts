// netdata: the daemon. `-W claim` beside a running agent claims this node for that agent; otherwise the agent that starts claims itself.

import { argv, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { loadConfig, takeEnvironment, type AgentConfig, type ConfigSources } from '../config/load.ts';
import { agentVersion } from '../config/version.ts';
import { backgroundMark, netdataUsage, parseNetdataArguments } from './netdata-arguments.ts';
import { runProgram } from './run-program.ts';

// Overwrites the arguments that every user of this machine sees: a token may be among them.
process.title = 'netdata';

const pingDeadlineMs = 2_000;
/** The built page of this node and the words of the installer, seen from the bundle in packages/agent/dist. */
const pageDirectory = fileURLToPath(new URL('../../web/dist/agent', import.meta.url));
const installationFile = fileURLToPath(new URL('../installation.conf', import.meta.url));

await runProgram('netdata', 1, async () => {
  const typed = argv.slice(2);
  const isBackground = typed[0] === backgroundMark;
  const words = isBackground ? await (await import('./background.ts')).readBackgroundWords() : typed;
  const parsed = parseNetdataArguments(words);
  if ('fault' in parsed) {
    stderr.write(`netdata: ${parsed.fault}.\n${netdataUsage}`);
    return 1;
  }
  const { act, claimArguments, configFile, overrides, hostPrefix, pidFile, notices } = parsed;
  if (act === 'help' || act === 'version') {
    stdout.write(act === 'help' ? netdataUsage : `netdata v${agentVersion} (Claimstead)\n`);
    return 0;
  }
  const sources: ConfigSources = { env: takeEnvironment(), overrides, configFile, installationFile };
  if (parsed.get !== undefined) {
    const { readSetting } = await import('../config/setting.ts');
    stdout.write(`${(await readSetting(parsed.get, sources)) ?? parsed.get.usual}\n`);
    return 0;
  }
  const config = loadConfig(sources);
  if (!isBackground) for (const sentence of notices) stderr.write(`netdata: ${sentence}\n`);
  if (!isBackground && claimArguments !== undefined) {
    const code = await claimBesideRunning(config, claimArguments);
    if (code !== undefined) return code;
  }
  if (parsed.inBackground && !isBackground) {
    const { runInBackground } = await import('./background.ts');
    return runInBackground(fileURLToPath(import.meta.url), words, config);
  }
  const onReady = isBackground ? (await import('./background.ts')).tellStarter : () => undefined;
  const { runDaemon } = await import('../main.ts');
  return runDaemon({
    config,
    sources,
    readConfig: loadConfig,
    claimArguments,
    pageDirectory,
    hostPrefix,
    pidFile,
    notices,
    onReady,
  });
});

/** The exit code of the claim when an agent runs, whoever may talk to it; undefined: none runs, and the agent that starts shall claim. */
async function claimBesideRunning(config: AgentConfig, words: readonly string[]): Promise<number | undefined> {
  const { ask } = await import('../control/control-client.ts');
  if ((await ask(config.controlSocket, ['ping'], pingDeadlineMs)).outcome === 'not-running') return undefined;
  const [{ runClaimCommand }, { processSurroundings }] = await Promise.all([
    import('../claim/claim-command.ts'),
    import('./claim-surroundings.ts'),
  ]);
  return runClaimCommand(words, processSurroundings(config, config.hostname));
}
