// The agent's daemon: config → parts → run → stop. The only place that constructs. Reading order of the agent: main.ts, collect/ and
// metrics/ (what it measures), http/ (what it answers), claim/ (how it is claimed), link/ (how the Cloud reaches it).

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { getuid, stderr } from 'node:process';
import { claimAtStart } from './claim/claim-at-start.ts';
import { usualPatience } from './claim/claim-client.ts';
import { createMetrics } from './collectors/metrics-plane.ts';
import type { AgentConfig } from './config/load.ts';
import { makeFolders } from './config/make-folders.ts';
import { MachineGuidError, obtainMachineGuid } from './config/machine-guid.ts';
import { agentVersion } from './config/version.ts';
import { controlCommands } from './control/commands.ts';
import { ControlError, startControl } from './control/control-server.ts';
import { readHostInfo, type HostInfo } from './http/host-info.ts';
import { answer, createRoutes } from './http/routes.ts';
import { startServer } from './http/server.ts';
import { aclkStateJson, aclkStateText, type AclkFacts } from './link/aclk-state.ts';
import { createIdentitySource, type ClaimReading } from './link/identity-source.ts';
import { createLink, type LinkParts } from './link/link.ts';
import { openFileLog, type FileLog } from './log.ts';

export interface DaemonOptions {
  config: AgentConfig;
  /** The options after `-W claim`; undefined: none was given. */
  claimArguments: readonly string[] | undefined;
  /** Where the built page of this node lies. */
  pageDirectory: string;
}

const requestDeadlineMs = 5000;

/** Runs until it is told to stop. Resolves with the exit code; what a person must put right is one sentence on stderr. */
export async function runDaemon({ config, claimArguments, pageDirectory }: DaemonOptions): Promise<number> {
  const fail = (sentence: string): number => {
    stderr.write(`netdata: ${sentence}\n`);
    return 1;
  };
  const { lib, log: logDirectory, run } = config.directories;
  let log: FileLog;
  try {
    for (const [directory, mode] of [
      [lib, 0o755],
      [logDirectory, 0o750],
      [run, 0o750],
    ] as const)
      makeFolders(directory, mode);
    log = openFileLog(join(logDirectory, 'error.log'), () => new Date());
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    return fail(
      `Cannot write ${path ?? logDirectory} (${code ?? 'unknown error'}); run as a user who can, or set other [directories] in netdata.conf.`,
    );
  }
  for (const { level, sentence } of config.findings) log[level]('MAIN', sentence);
  try {
    // Where claim.d goes. An agent that may not make it still monitors.
    makeFolders(config.directories.config, 0o755);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    log.error(
      'claim',
      `claim: cannot make ${config.directories.config} (${code ?? 'unknown error'}); make it before this node is claimed`,
    );
  }

  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });

  // The control socket comes first: it tells whether an agent runs already, before anything is touched that is that agent's.
  let reloadClaim = async (): Promise<{ refused: boolean; sentence: string }> => ({
    refused: true,
    sentence: 'The agent is still starting; try again.',
  });
  let aclkFacts = (): AclkFacts | undefined => undefined;
  let control: Awaited<ReturnType<typeof startControl>>;
  try {
    control = await startControl({
      path: config.controlSocket,
      log,
      requestDeadlineMs,
      commands: controlCommands({
        version: agentVersion,
        reloadClaim: () => reloadClaim(),
        aclkState: () => {
          const facts = aclkFacts();
          if (facts === undefined) throw new Error('The agent is still starting; try again.');
          return { json: aclkStateJson(facts), text: aclkStateText(facts) };
        },
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
  process.on('SIGHUP', () => log.reopen());

  const metrics = createMetrics({ root: '/', now: Date.now, log, retentionSeconds: config.retentionSeconds });
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  let link: ReturnType<typeof createLink> | undefined;
  try {
    const machineGuid = await obtainMachineGuid(lib, randomUUID);
    const hostInfo = readHostInfo('/');
    let reading: ClaimReading = { claimed: false, identity: undefined, sentence: undefined };
    const routes = createRoutes({
      store: metrics.store,
      activity: metrics.activity,
      hostInfo,
      version: `v${agentVersion}`,
      machineGuid,
      hostname: config.hostname,
      log,
      cloudFacts: () => ({
        'cloud-enabled': config.cloud.enabled,
        'cloud-available': true,
        'agent-claimed': reading.claimed,
        'aclk-available': link?.status().online ?? false,
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
    const facts: LinkParts['facts'] = {
      machineGuid,
      hostname: config.hostname,
      version: `v${agentVersion}`,
      ...toNodeFacts(hostInfo),
    };
    const ownLink = createLink({
      facts,
      answer: async (request) => answer(routes, request),
      random: Math.random,
      nowMs: Date.now,
      log,
    });
    link = ownLink;
    const factsOfLink = (): AclkFacts => ({
      status: ownLink.status(),
      claimed: reading.claimed,
      machineGuid,
      hostname: config.hostname,
      nowMs: Date.now(),
    });
    aclkFacts = factsOfLink;

    const readIdentity = createIdentitySource(config);
    reloadClaim = async () => {
      reading = await readIdentity();
      ownLink.reload(reading.identity);
      if (reading.sentence !== undefined) {
        log.error('claim', `claim: ${reading.sentence}`);
        return { refused: !config.cloud.enabled, sentence: reading.sentence };
      }
      const words = reading.claimed
        ? 'This agent is claimed; the link to the Cloud follows.'
        : 'This agent is not claimed.';
      log.info('claim', `claim state read from claim.d: ${words}`);
      return { refused: false, sentence: words };
    };

    let isReady = false;
    try {
      const { address = '*', port } = config.web;
      server = await startServer({
        address,
        port,
        routes,
        staticDirectory: pageDirectory,
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
    await reloadClaim();
    isReady = true;
    log.info('MAIN', `netdata v${agentVersion} (Claimstead) listens on ${server.address}:${server.port}`);
    void claimAtStart({
      config,
      uid: getuid?.() ?? -1,
      claimArguments,
      log,
      reload: async () => void (await reloadClaim()),
      patience: usualPatience,
    });
    await stopped;
    log.info('MAIN', 'netdata stops');
    return 0;
  } catch (cause) {
    if (!(cause instanceof MachineGuidError)) throw cause;
    log.error('MAIN', cause.message);
    return fail(cause.message);
  } finally {
    // The farewell needs the link; the link needs no port.
    await link?.stop();
    await Promise.all([server?.close(), metrics.stop(), control.close()]);
  }
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
