// `claimstead serve`: configuration in, `ready URL` out, orderly end on a signal.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../clock.ts';
import { reasonOf, StartError } from '../config/data-folder.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig, type CloudConfig } from '../config/load.ts';
import { createLog, type Log } from '../log.ts';
import { startCloud } from '../main.ts';
import { startStandIn } from '../stand-in/stand-in.ts';

/** Where the build puts the pages, as seen from the bundle and from the sources. */
const webFolders = ['./web', '../../web/dist/cloud', '../../../web/dist/cloud'];

type Flags = Parameters<typeof loadConfig>[0];
type Environment = Readonly<Record<string, string | undefined>>;

/** Answers the exit code: 0 after an orderly end, 1 when it could not start, 2 when a value could not be read. */
export function runServe(flags: Flags, environment: Environment): Promise<number> {
  return runUntilSignal(flags, environment, (config, log) =>
    startCloud({
      config,
      webFolder: config.webFolder ?? builtWebFolder(),
      clock: systemClock,
      log,
      printPassword(email, password) {
        process.stdout.write(`Administrator: ${email}\nOne-time password: ${password}\n`);
      },
    }),
  );
}

/** `claimstead stand-in`: the same, for what holds the port while the Cloud is being worked on. */
export const runStandIn = (flags: Flags, environment: Environment): Promise<number> =>
  runUntilSignal(flags, environment, (config) => startStandIn(config, () => systemClock.nowMs()));

async function runUntilSignal(
  flags: Flags,
  environment: Environment,
  start: (config: CloudConfig, log: Log) => Promise<{ url: URL; close(): Promise<void> }>,
): Promise<number> {
  let log: Log | undefined;
  try {
    const config = loadConfig(flags, environment);
    log = createLog(config.logLevel);
    const crashLog = log;
    process.on('uncaughtException', (error) => {
      crashLog.error('the Cloud ends after a fault of its own', { error });
      process.exit(1);
    });
    // Nothing of the Cloud may be readable by others, whatever the shell's umask was.
    process.umask(0o077);
    const stopped = waitForSignal();
    const running = await start(config, log);
    process.stdout.write(`ready ${running.url.origin}\n`);
    await stopped;
    await running.close();
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, 2);
    if (error instanceof StartError) {
      log?.debug('cannot start', { error });
      return complain(error.message, 1);
    }
    log?.error('cannot start', { error });
    return complain(`The Cloud cannot start (${reasonOf(error)}); the log line above tells more.`, 1);
  }
}

function builtWebFolder(): string {
  const candidates = webFolders.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return candidates.find((path) => existsSync(path)) ?? candidates[0] ?? '.';
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends at once. */
function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
    }
  });
}

function complain(sentence: string, exitCode: number): number {
  process.stderr.write(`claimstead: ${sentence}\n`);
  return exitCode;
}
