// netdata-claim.sh as a function, in a configuration of its own, with a scripted Cloud and a daemon as far as it knows one.

import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { obtainMachineGuid } from '../../config/machine-guid.ts';
import { startControl, type Control, type ControlCommand } from '../../control/control-server.ts';
import type { Log } from '../../log.ts';
import { claimedWords, runClaimCommand, type ClaimSurroundings } from '../claim-command.ts';
import { daemonConfigDirectory, notifyDaemon } from '../notify-daemon.ts';
import { farAhead, longAgo, makeCa, type Certificate, type PrivateCa } from './certificates.ts';
import { ScriptedCloud } from './scripted-cloud.ts';

export const token = 'CANARY-TOKEN';
let caFolder: string;
let ca: PrivateCa;
export let certificate: Certificate;
export let folder: string;
export let directory: string;
export let cloud: ScriptedCloud;
export let url: string;
export let guid: string;
let control: Control | undefined;
/** Names and arguments of what the daemon was asked. */
export let asked: string[];
/** The claim that the daemon sees; null: none. */
export let seen: { claimedId: string | null };

/** Call it once at the top of a test file. */
export function useCommand(): void {
  beforeAll(() => {
    caFolder = mkdtempSync(join(tmpdir(), 'ca-'));
    ca = makeCa(caFolder);
    certificate = ca.issue('good', 'DNS:localhost', longAgo, farAhead);
  });
  afterAll(() => rmSync(caFolder, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'command-'));
    directory = join(folder, 'claim.d');
    mkdirSync(directory);
    writeFileSync(join(directory, 'cloud_fullchain.pem'), ca.ca);
    guid = await obtainMachineGuid(join(folder, 'lib'), randomUUID);
    cloud = new ScriptedCloud(certificate, [{ status: 204 }]);
    url = `https://localhost:${await cloud.listen()}`;
    asked = [];
    seen = { claimedId: guid };
    control = undefined;
  });
  afterEach(async () => {
    await cloud.close();
    await control?.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

export const log = (lines: string[]): Log => ({
  info: (thread, text) => void lines.push(`INFO ${thread} ${text}`),
  error: (thread, text) => void lines.push(`ERROR ${thread} ${text}`),
});
/** A daemon as far as netdata-claim.sh knows it. */
export const startDaemon = async (reloadCode = 0): Promise<void> => {
  const state = (): string =>
    JSON.stringify({ 'agent-claimed': seen.claimedId !== null, 'claimed-id': seen.claimedId });
  const answer =
    (name: string, code: number, text: () => string): ControlCommand =>
    async (args) => {
      asked.push([name, ...args].join(' '));
      return { code, text: text() };
    };
  await startCommands({
    'reload-claiming-state': answer('reload', reloadCode, () => (reloadCode === 0 ? '' : 'cloud is switched off')),
    'aclk-state': answer('state', 0, state),
  });
};
export const startCommands = async (commands: Record<string, ControlCommand>): Promise<void> => {
  const path = join(folder, 'run', 'netdata.pipe');
  control = await startControl({ path, commands, log: log([]), requestDeadlineMs: 5_000 });
};

export interface Run {
  code: number;
  out: string[];
  err: string[];
  notes?: string[];
}
export const surroundings = (conf: string, env: Record<string, string>, run: Run): ClaimSurroundings => {
  writeFileSync(join(folder, 'netdata.conf'), conf);
  const own = {
    NETDATA_USER_CONFIG_DIR: folder,
    NETDATA_LIB_DIR: join(folder, 'lib'),
    NETDATA_RUN_DIR: join(folder, 'run'),
  };
  const config = loadConfig({
    env: { ...own, ...env },
    overrides: [],
    configFile: undefined,
    installationFile: join(folder, 'installation.conf'),
  });
  return {
    config,
    uid: process.getuid?.() ?? 0,
    hostname: undefined,
    readStdin: async () => `${token}\n`,
    daemonConfigDirectory: () => daemonConfigDirectory(config.controlSocket),
    notify: (claimId) => notifyDaemon(config.controlSocket, claimId),
    waitForLive: undefined,
    say: (line) => void run.out.push(line),
    complain: (line) => void run.err.push(line),
    note: (line) => void (run.notes ??= []).push(line),
    patience: { deadlineMs: 20_000, pause: async () => undefined, random: () => 0 },
  };
};
/** Runs the command; asserts what holds for every outcome. */
export const run = async (words: string[], conf = '', env: Record<string, string> = {}): Promise<Run> => {
  const result: Run = { code: -1, out: [], err: [] };
  result.code = await runClaimCommand(words, surroundings(conf, env, result));
  expect(result.out.join()).not.toContain('CANARY');
  expect(result.err.join()).not.toContain('CANARY');
  // Whoever filters a container's log for these words sees every line.
  for (const line of result.err) expect(line).toMatch(/ACLK|claim|cloud/);
  expect(result.out.includes(claimedWords)).toBe(result.code === 0 && !words.includes('--help'));
  return result;
};
export const sent = (): Record<string, unknown> =>
  JSON.parse(cloud.requests.at(-1)?.body ?? '{}') as Record<string, unknown>;
