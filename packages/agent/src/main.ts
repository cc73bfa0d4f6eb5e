// The agent's daemon: config → parts → run → stop. The only place that constructs. Reading order of the agent: main.ts, collect/ and
// metrics/ (what it measures), http/ (what it answers), claim/ (how it is claimed), link/ (how the Cloud reaches it).

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { getuid, stderr } from 'node:process';
import { adoptClaim } from './claim/adopt-claim.ts';
import { claimAtStart } from './claim/claim-at-start.ts';
import { usualPatience } from './claim/claim-client.ts';
import { claimDirectoryOf } from './claim/claim-directory.ts';
import { createMetrics } from './collectors/metrics-plane.ts';
import type { AgentConfig, ConfigSources } from './config/load.ts';
import { MachineGuidError, obtainMachineGuid } from './config/machine-guid.ts';
import { parseSettingName, readEffectiveSetting, writeSetting } from './config/setting.ts';
import { agentVersion } from './config/version.ts';
import { controlCommands } from './control/commands.ts';
import { ControlError, startControl } from './control/control-server.ts';
import { createClaimReload, type ReloadAnswer } from './control/reload-claim.ts';
import { machineFunctions } from './functions/machine-functions.ts';
import { startHealth } from './health/start-health.ts';
import { readHostInfo, type HostInfo } from './http/host-info.ts';
import { answer, createRoutes } from './http/routes.ts';
import { startServer } from './http/server.ts';
import { aclkStateJson, aclkStateText, type AclkFacts } from './link/aclk-state.ts';
import { createClaimFollower, type ClaimFollower } from './link/claim-follower.ts';
import { createIdentitySource, type ClaimReading } from './link/identity-source.ts';
import type { Link, LinkParts } from './link/link.ts';
import { noLink } from './link/no-link.ts';
import { alertsStream } from './link/streams/alerts-stream.ts';
import { collectorsStream } from './link/streams/collectors-stream.ts';
import { contextsStream } from './link/streams/contexts-stream.ts';
import { openFileLog, type FileLog, type Log } from './log.ts';
import { becomeUser, chooseAccount, prepareFolders, removePidFile, StartError, writePidFile } from './main-process.ts';

export interface DaemonOptions {
  config: AgentConfig;
  /** Where `config` came from, to read it again. */
  sources: ConfigSources;
  readConfig: (sources: ConfigSources) => AgentConfig;
  /** The options after `-W claim`; undefined: none was given. */
  claimArguments: readonly string[] | undefined;
  /** Where the built page of this node lies. */
  pageDirectory: string;
  /** Where /proc and /sys are found: `/`, or another place that a container mounts them at. */
  hostPrefix: string;
  /** Written while the daemon runs; undefined: none is wanted. */
  pidFile: string | undefined;
  /** What a person should know about the command line, for the log. */
  notices: readonly string[];
  /** Called once it answers. */
  onReady: () => void;
}

const requestDeadlineMs = 5000;

/** Runs until it is told to stop. Resolves with the exit code; what a person must put right is one sentence on stderr. */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { config, pidFile } = options;
  const fail = (sentence: string): number => {
    stderr.write(`netdata: ${sentence}\n`);
    return 1;
  };
  let log: FileLog;
  try {
    const account = await chooseAccount(config);
    const findings = await prepareFolders(config, account);
    if (pidFile !== undefined) await writePidFile(pidFile, account);
    if (account !== undefined) becomeUser(account);
    log = openLog(config);
    for (const sentence of options.notices) log.error('MAIN', sentence);
    for (const { level, sentence } of config.findings) log[level]('MAIN', sentence);
    for (const sentence of findings) log.error('claim', sentence);
  } catch (cause) {
    if (cause instanceof StartError) return fail(cause.message);
    throw cause;
  }
  try {
    return await serve(options, log, fail);
  } finally {
    if (pidFile !== undefined) removePidFile(pidFile);
  }
}

function openLog({ directories }: AgentConfig): FileLog {
  const file = join(directories.log, 'error.log');
  try {
    return openFileLog(file, () => new Date());
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new StartError(
      `Cannot write ${file} (${code}); run as a user who can, or set other [directories] in netdata.conf.`,
    );
  }
}

async function serve(options: DaemonOptions, log: FileLog, fail: (sentence: string) => number): Promise<number> {
  const { config, sources } = options;
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });

  // The control socket comes first: it tells whether an agent runs already, before anything is touched that is that agent's.
  const stillStarting = (): Error => new Error('The agent is still starting; try again.');
  let reloadAndTell: (wait: boolean) => Promise<ReloadAnswer> = () => Promise.reject(stillStarting());
  let aclkFacts = (): AclkFacts | undefined => undefined;
  let control: Awaited<ReturnType<typeof startControl>>;
  try {
    control = await startControl({
      path: config.controlSocket,
      log,
      requestDeadlineMs,
      commands: controlCommands({
        version: agentVersion,
        reloadClaim: (wait) => reloadAndTell(wait),
        aclkState: () => {
          const facts = aclkFacts();
          if (facts === undefined) throw stillStarting();
          return { json: aclkStateJson(facts), text: aclkStateText(facts) };
        },
        readSetting: (name) => readEffectiveSetting(parseSettingName(name, false), sources, config),
        writeSetting: (assignment) => writeSetting(parseSettingName(assignment, true), config),
        reopenLogs: () => log.reopen(),
        shutdown: stop,
      }),
    });
  } catch (cause) {
    if (cause instanceof ControlError) return fail(cause.message);
    throw cause;
  }

  const onSignal = (): void => stop();
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('SIGHUP', () => {
    try {
      log.reopen();
    } catch (cause) {
      log.error('MAIN', cause instanceof Error ? cause.message : String(cause));
    }
  });

  const metrics = createMetrics({
    root: options.hostPrefix,
    now: Date.now,
    log,
    retentionSeconds: config.retentionSeconds,
  });
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  let stopHealth = (): void => undefined;
  const nothingRead: ClaimReading = { claimed: false, identity: undefined, sentence: undefined, isGone: false };
  const claimReading = (): ClaimReading => follower?.reading() ?? nothingRead;
  let follower: ClaimFollower | undefined;
  try {
    const machineGuid = await obtainMachineGuid(config.directories.lib, randomUUID);
    const hostInfo = readHostInfo('/');
    const { health, stop: stopLooking } = await startHealth({
      configDirectory: config.directories.config,
      store: metrics.store,
      cores: hostInfo.cores,
      clock: { now: Date.now, after: (ms, act) => later(act, ms) },
      newId: randomUUID,
      log,
    });
    stopHealth = stopLooking;
    const facts: LinkParts['facts'] = {
      machineGuid,
      hostname: config.hostname,
      version: `v${agentVersion}`,
      ...toNodeFacts(hostInfo),
    };
    const routes = createRoutes({
      store: metrics.store,
      health,
      nowMs: Date.now,
      activity: metrics.activity,
      hostInfo,
      version: `v${agentVersion}`,
      machineGuid,
      hostname: config.hostname,
      log,
      functions: machineFunctions(options.hostPrefix, metrics.store),
      cloudFacts: () => ({
        'cloud-enabled': ownClaim.config().cloud.enabled,
        'cloud-available': ownClaim.config().cloud.available,
        'agent-claimed': claimReading().claimed,
        'aclk-available': ownLink.status().online,
      }),
      extra: [
        {
          path: '/api/v1/aclk',
          permission: 'anonymous-data',
          mayBeRelayed: true,
          answer: () => ({
            status: 200,
            contentType: 'application/json; charset=utf-8',
            body: JSON.stringify(aclkStateJson(factsOfLink())),
          }),
        },
      ],
    });
    const streamParts = {
      store: metrics.store,
      nowMs: Date.now,
      later,
      log: (text: string) => log.error('ACLK', text),
    };
    const ownLink = await makeLink(config, log, {
      facts,
      answer: async (request) => answer(routes, request),
      streams: [
        contextsStream(streamParts),
        collectorsStream(streamParts),
        alertsStream({ ...streamParts, health, timezone: hostInfo.timezone, newId: randomUUID }),
      ],
      random: Math.random,
      nowMs: Date.now,
      log,
    });
    const ownClaim = createClaimReload({
      config,
      readConfig: () => options.readConfig(sources),
      createFollower: (current) => {
        const read = createIdentitySource(current);
        return (follower = createClaimFollower({ read, link: ownLink, log, later }));
      },
      link: ownLink,
      log,
      nowMs: Date.now,
      pause: usualPatience.pause,
    });
    const factsOfLink = (): AclkFacts => ({
      status: ownLink.status(),
      claimed: claimReading().claimed,
      machineGuid,
      hostname: config.hostname,
      nowMs: Date.now(),
    });
    aclkFacts = factsOfLink;

    const claimHere = (claimArguments: readonly string[] | undefined): Promise<number | undefined> =>
      claimAtStart({
        // The user was changed already: what this process makes is the service user's.
        config: { ...ownClaim.config(), serviceUser: undefined },
        uid: getuid?.() ?? -1,
        claimArguments,
        log,
        reload: async () => void (await ownClaim.read()),
        patience: usualPatience,
      });

    let isReady = false;
    try {
      const { address = '*', port } = config.web;
      server = await startServer({
        address,
        port,
        routes,
        staticDirectory: options.pageDirectory,
        log,
        hostname: config.hostname,
        isReady: () => isReady,
      });
    } catch (cause) {
      const sentence = cause instanceof Error ? cause.message : String(cause);
      log.error('MAIN', sentence);
      return fail(sentence);
    }
    metrics.start();
    await adoptAtStart(config, log);
    await ownClaim.read();
    reloadAndTell = async (wait) => {
      const told = await ownClaim.read();
      // The claim script only wants the claim to be known; it has been waiting for the Cloud already.
      if (!wait || told.refused) return told;
      const code = await claimHere(undefined);
      if (code !== undefined && code !== 0)
        return { refused: false, sentence: `${told.sentence} Its claim ended with code ${code}; error.log says why.` };
      if (claimReading().identity === undefined) return told;
      return { refused: false, sentence: await ownClaim.tellLink() };
    };
    isReady = true;
    log.info('MAIN', `netdata v${agentVersion} (Claimstead) listens on ${server.address}:${server.port}`);
    options.onReady();
    void claimHere(options.claimArguments);
    await stopped;
    log.info('MAIN', 'netdata stops');
    return 0;
  } catch (cause) {
    if (!(cause instanceof MachineGuidError)) throw cause;
    log.error('MAIN', cause.message);
    return fail(cause.message);
  } finally {
    stopHealth();
    // The farewell needs the link; the link needs no port.
    await follower?.stop();
    await Promise.all([server?.close(), metrics.stop(), control.close()]);
  }
}

function later(act: () => void, ms: number): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** The link, or what stands in for it where the Cloud part is not installed or a piece of it is gone. */
async function makeLink({ cloud }: AgentConfig, log: Log, parts: LinkParts): Promise<Link> {
  if (!cloud.available) {
    const reason = cloud.obstacle ?? 'The cloud part is not installed.';
    log.error('ACLK', `ACLK: there is no link to a Cloud: ${reason}`);
    return noLink(reason);
  }
  const { createLink } = await import('./link/link.ts');
  return createLink(parts);
}

/** A claim that a stock agent left becomes this agent's, once. */
async function adoptAtStart({ directories, cloud }: AgentConfig, log: Log): Promise<void> {
  if (cloud.obstacle !== undefined) return;
  const adopted = await adoptClaim(claimDirectoryOf(directories.config), directories.lib, undefined);
  if (adopted.outcome === 'adopted') log.info('claim', `claim: ${adopted.sentence}`);
  if (adopted.outcome === 'failed') log.error('claim', `claim: ${adopted.sentence}`);
}

function toNodeFacts(host: HostInfo): Omit<LinkParts['facts'], 'machineGuid' | 'hostname' | 'version'> {
  const known = (value: number): string => (value > 0 ? String(value) : '');
  return {
    os: host.kernelName.toLowerCase(),
    osName: host.os.name,
    osVersion: host.os.version,
    kernelName: host.kernelName,
    kernelVersion: host.kernelVersion,
    architecture: host.architecture,
    cpus: host.cores,
    cpuFrequency: known(host.cpuFrequencyHz),
    memory: known(host.ramBytes),
    diskSpace: known(host.diskBytes),
    timezone: host.timezone,
    virtualization: host.virtualization,
    container: host.container,
    labels: {
      _os_name: host.os.name,
      _kernel_version: host.kernelVersion,
      _architecture: host.architecture,
      _virtualization: host.virtualization,
      _container: host.container,
    },
  };
}
