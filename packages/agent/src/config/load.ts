// What the agent is told: netdata.conf, the environment and the command line become one value. The only reader of `process.env`.

import { readFileSync } from 'node:fs';
import { hostname as systemHostname } from 'node:os';
import { join } from 'node:path';
import { readClaimDefaults, type ClaimDefaults } from './claim-defaults.ts';
import { readCloudSwitch, type CloudSwitch } from './cloud-switch.ts';
import { defaultCloudUrl, parseCloudUrl, type CloudUrl } from './cloud-url.ts';
import { readInstallation, wholeInstallation } from './installation.ts';
import { readListen, type WebListen } from './listen.ts';
import { parseNetdataConf, withOverrides, type NetdataConf, type Override } from './netdata-conf.ts';
import { resolveProxy, type ProxyChoice } from './proxy.ts';
import { absolutePath, ConfigError, given, settingReader, type Environment, type Finding } from './setting-reader.ts';

export interface AgentConfig {
  /** The netdata.conf that was read, or would be. */
  file: string;
  directories: {
    /** Holds netdata.conf, claim.conf and claim.d. */
    config: string;
    /** Holds registry/netdata.public.unique.id. */
    lib: string;
    log: string;
    run: string;
  };
  /** Path of the socket between netdatacli, netdata-claim.sh and the daemon. */
  controlSocket: string;
  /** The configured name, else the system's. */
  hostname: string;
  /** -u, or `[global] run as user`: who the daemon becomes and whose claim.d is; undefined when nothing is said. `place` names the setting. */
  serviceUser: undefined | { name: string; place: string };
  web: WebListen;
  cloud: CloudSwitch & {
    /** Where to claim by default; undefined when the setting cannot be used (`findings` says why). The URL of an existing claim wins. */
    baseUrl: undefined | CloudUrl;
    /** Somebody set `baseUrl`; it is not only the usual one. */
    isBaseUrlSet: boolean;
    proxy: ProxyChoice;
    /** Reads another proxy setting with the environment that the agent was started in; `source` names it in sentences. */
    readProxy: (value: string, source: string) => ProxyChoice;
  };
  /** How long samples are kept, in seconds. */
  retentionSeconds: number;
  /** What the environment and claim.conf say about a claim; with a token the daemon claims by itself while there is no claim. */
  claimDefaults: ClaimDefaults;
  findings: readonly Finding[];
}

export interface ConfigSources {
  env: Environment;
  /** Options of the command line; these win over everything. */
  overrides: readonly Override[];
  /** `-c FILE`; undefined: netdata.conf of the configuration directory, which may be absent. */
  configFile: undefined | string;
  /** What the installer says about itself; undefined: nothing is said, everything is there. */
  installationFile: undefined | string;
}

/** netdata.conf is a few KiB; a megabyte is no configuration file. */
const maxConfigFileBytes = 1024 * 1024;
const defaultRetentionSeconds = 3600;

/**
 * A copy of the process's environment to hand to `loadConfig`, after taking out of the process what would steer libraries behind our
 * back: with DEBUG libraries print what they send, and NODE_TLS_REJECT_UNAUTHORIZED would switch verification off.
 */
export function takeEnvironment(): Environment {
  const env = { ...process.env };
  for (const name of ['DEBUG', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_USE_ENV_PROXY']) delete process.env[name];
  return env;
}

/** What a setting of cloud.conf is called in netdata.conf, so that `-W set2 cloud …` does what it says. */
const cloudConfNames: Readonly<Record<string, readonly [string, string]>> = {
  enabled: ['global', 'netdata cloud'],
  'cloud base url': ['cloud', 'cloud base url'],
  url: ['cloud', 'cloud base url'],
  proxy: ['cloud', 'proxy'],
};

function asNetdataOverride(override: Override): Override | undefined {
  if (override.conf === 'netdata') return override;
  const name = override.section === 'global' ? cloudConfNames[override.key] : undefined;
  return name === undefined ? undefined : { ...override, conf: 'netdata', section: name[0], key: name[1] };
}

/** The settings alone, for `-W get`, for netdatacli and for `loadConfig`: file, with the command line on top. Throws ConfigError when the file cannot be read. */
export function readSettings(sources: Omit<ConfigSources, 'installationFile'>): {
  settings: NetdataConf;
  file: string;
  configDirectory: string;
  overrides: readonly Override[];
} {
  const overrides = sources.overrides.flatMap((override) => asNetdataOverride(override) ?? []);
  const asked = overrides.findLast(({ section, key }) => section === 'directories' && key === 'config')?.value;
  const configDirectory = absolutePath(
    asked ?? given(sources.env['NETDATA_USER_CONFIG_DIR']) ?? '/etc/netdata',
    'the configuration directory',
  );
  const file = sources.configFile ?? join(configDirectory, 'netdata.conf');
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Without a file everything has its default; a file that was named, or is there and cannot be read, is a mistake.
    if (sources.configFile !== undefined || (code !== 'ENOENT' && code !== 'ENOTDIR')) {
      throw new ConfigError(
        `Cannot read the configuration file ${file} (${code ?? 'unknown error'}); check its path and permissions.`,
      );
    }
  }
  if (text.length > maxConfigFileBytes)
    throw new ConfigError(`The configuration file ${file} is larger than 1 MiB, so it is none.`);
  return { settings: withOverrides(parseNetdataConf(text), overrides), file, configDirectory, overrides };
}

/** Throws ConfigError for a setting that the agent cannot start with; faults of Cloud settings are findings, because monitoring goes on without it. */
export function loadConfig(sources: ConfigSources): AgentConfig {
  const { env } = sources;
  const { settings, file, configDirectory, overrides } = readSettings(sources);
  const findings: Finding[] = settings.unknownLines.map(({ line }) => ({
    level: 'error',
    sentence: `Line ${line} of ${file} is neither a [section], nor key = value, nor a comment; it is ignored.`,
  }));
  const reader = settingReader(settings, file, overrides);
  const { read, place } = reader;
  const overridden = (key: string): string | undefined =>
    given(overrides.findLast((override) => override.section === 'directories' && override.key === key)?.value);
  const directory = (key: 'lib' | 'log' | 'run', variable: string, usual: string): string => {
    const typed = overridden(key);
    const fromEnvironment = typed === undefined ? given(env[variable]) : undefined;
    const name = fromEnvironment === undefined ? place('directories', key) : `the environment variable ${variable}`;
    return absolutePath(typed ?? fromEnvironment ?? read('directories', key) ?? usual, name);
  };

  const named = read('directories', 'config') ?? read('global', 'config directory');
  if (named !== undefined && named.replace(/(.)\/+$/, '$1') !== configDirectory) {
    findings.push({
      level: 'error',
      sentence:
        `${file} names ${named} as configuration directory, but the file itself is found through that directory, so ` +
        `${configDirectory} stays; set NETDATA_USER_CONFIG_DIR instead.`,
    });
  }
  const run = directory('run', 'NETDATA_RUN_DIR', '/run/netdata');
  const installation =
    sources.installationFile === undefined ? wholeInstallation : readInstallation(sources.installationFile);
  const setUrl = read('cloud', 'cloud base url');
  const base = parseCloudUrl(setUrl ?? installation.baseUrl ?? defaultCloudUrl);
  if ('sentence' in base)
    findings.push({ level: 'error', sentence: `${base.sentence} It is ${place('cloud', 'cloud base url')}.` });
  const readProxy = (value: string, source: string): ProxyChoice => resolveProxy(value, source, env);
  const proxy = readProxy(read('cloud', 'proxy') ?? 'none', '[cloud] proxy');
  if (proxy.proxy.kind === 'malformed') findings.push({ level: 'error', sentence: proxy.proxy.sentence });
  const serviceUser = read('global', 'run as user');

  return {
    file,
    directories: {
      config: configDirectory,
      lib: directory('lib', 'NETDATA_LIB_DIR', '/var/lib/netdata'),
      log: directory('log', 'NETDATA_LOG_DIR', '/var/log/netdata'),
      run,
    },
    controlSocket: absolutePath(given(env['NETDATA_PIPENAME']) ?? join(run, 'netdata.pipe'), 'NETDATA_PIPENAME'),
    hostname: read('global', 'hostname') ?? systemHostname(),
    serviceUser: serviceUser === undefined ? undefined : { name: serviceUser, place: place('global', 'run as user') },
    web: readListen(reader),
    cloud: {
      ...readCloudSwitch(reader, installation, env['NETDATA_DISABLE_CLOUD'], findings),
      baseUrl: 'url' in base ? base.url : undefined,
      isBaseUrlSet: setUrl !== undefined,
      proxy,
      readProxy,
    },
    retentionSeconds: readRetention(read('global', 'history'), place('global', 'history')),
    claimDefaults: readClaimDefaults(env, configDirectory, findings),
    findings,
  };
}

function readRetention(text: string | undefined, place: string): number {
  if (text === undefined) return defaultRetentionSeconds;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  // Ten minutes of sparklines are drawn at least; a day at one second is 86,400 × 4 B = 346 KB for each dimension.
  if (!(seconds >= 600 && seconds <= 86_400))
    throw new ConfigError(`${place} is "${text}"; write the seconds to keep, from 600 to 86400.`);
  return seconds;
}
