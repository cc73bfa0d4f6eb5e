// What the agent is told: netdata.conf, the environment and the command line become one value. The only reader of `process.env`.

import { readFileSync } from 'node:fs';
import { hostname as systemHostname } from 'node:os';
import { join } from 'node:path';
import { defaultCloudUrl, parseCloudUrl, type CloudUrl } from './cloud-url.ts';
import { parseNetdataConf, withOverrides, type NetdataConf, type Override } from './netdata-conf.ts';
import { resolveProxy, type ProxyChoice } from './proxy.ts';
import { Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface AgentConfig {
  directories: {
    /** Holds netdata.conf and claim.d. */
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
  /** `[global] run as user`: whose claim.d is; undefined when nothing is said. */
  serviceUser: undefined | string;
  web: {
    /** What to listen on; undefined: every address. An IPv6 address has no brackets. */
    address: undefined | string;
    /** 0: any free one. */
    port: number;
  };
  cloud: {
    enabled: boolean;
    /** Where to claim by default; undefined when the setting cannot be used (`findings` says why). The URL of an existing claim wins. */
    baseUrl: undefined | CloudUrl;
    proxy: ProxyChoice;
    /** Reads another proxy setting with the environment that the agent was started in; `source` names it in sentences. */
    readProxy: (value: string, source: string) => ProxyChoice;
  };
  /** How long samples are kept, in seconds. */
  retentionSeconds: number;
  /** A claim that the environment asks for; used by the daemon at start, when there is no claim yet. */
  claimEnvironment: {
    token: undefined | Secret;
    rooms: undefined | string;
    url: undefined | string;
    proxy: undefined | string;
  };
  /** What a person should know about the settings: one sentence each, for the log and for stderr. */
  findings: readonly { level: 'info' | 'error'; sentence: string }[];
}

/** A setting that the agent cannot start with. The message is one sentence: file, section, key, cause and remedy. */
export class ConfigError extends Error {}

export interface ConfigSources {
  env: Environment;
  /** `-W set` of the command line; these win over everything. */
  overrides: readonly Override[];
  /** `-c FILE`; undefined: netdata.conf of the configuration directory, which may be absent. */
  configFile: undefined | string;
}

/** netdata.conf is a few KiB; a megabyte is no configuration file. */
const maxConfigFileBytes = 1024 * 1024;
const defaultRetentionSeconds = 3600;

/**
 * A copy of the process's environment to hand to `loadConfig`, after taking out of the process what would steer libraries behind our
 * back: with DEBUG the proxy agents print the proxy's password, and NODE_TLS_REJECT_UNAUTHORIZED would switch verification off.
 */
export function takeEnvironment(): Environment {
  const env = { ...process.env };
  for (const name of ['DEBUG', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_USE_ENV_PROXY']) delete process.env[name];
  return env;
}

/** The settings alone, for `-W get` and for `loadConfig`: file, with the command line on top. Throws ConfigError when the file cannot be read. */
export function readSettings(sources: ConfigSources): { settings: NetdataConf; file: string; configDirectory: string } {
  const asked = sources.overrides.findLast(({ section, key }) => section === 'directories' && key === 'config')?.value;
  const configDirectory = absolute(
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
  return { settings: withOverrides(parseNetdataConf(text), sources.overrides), file, configDirectory };
}

/** Throws ConfigError for a setting that the agent cannot start with; faults of Cloud settings are findings, because monitoring goes on without it. */
export function loadConfig(sources: ConfigSources): AgentConfig {
  const { settings, file, configDirectory } = readSettings(sources);
  const findings: { level: 'info' | 'error'; sentence: string }[] = settings.unknownLines.map(({ line }) => ({
    level: 'error',
    sentence: `Line ${line} of ${file} is neither a [section], nor key = value, nor a comment; it is ignored.`,
  }));
  const read = (section: string, key: string): string | undefined => given(settings.sections.get(section)?.get(key));
  const overridden = (key: string): string | undefined =>
    given(sources.overrides.findLast((override) => override.section === 'directories' && override.key === key)?.value);
  const directory = (key: 'lib' | 'log' | 'run', variable: string, usual: string): string =>
    absolute(
      overridden(key) ?? given(sources.env[variable]) ?? read('directories', key) ?? usual,
      `[directories] ${key}`,
    );

  const named = read('directories', 'config') ?? read('global', 'config directory');
  if (named !== undefined && named !== configDirectory) {
    findings.push({
      level: 'error',
      sentence:
        `${file} names ${named} as configuration directory, but the file itself is found through that directory, so ` +
        `${configDirectory} stays; set NETDATA_USER_CONFIG_DIR instead.`,
    });
  }
  const run = directory('run', 'NETDATA_RUN_DIR', '/run/netdata');
  const base = parseCloudUrl(read('cloud', 'cloud base url') ?? defaultCloudUrl);
  if ('sentence' in base)
    findings.push({ level: 'error', sentence: `${base.sentence} It stands in ${file}, [cloud] cloud base url.` });
  const readProxy = (value: string, source: string): ProxyChoice => resolveProxy(value, source, sources.env);
  const proxy = readProxy(read('cloud', 'proxy') ?? 'none', '[cloud] proxy');
  if (proxy.proxy.kind === 'malformed') findings.push({ level: 'error', sentence: proxy.proxy.sentence });
  const token = given(sources.env['NETDATA_CLAIM_TOKEN']);

  return {
    directories: {
      config: configDirectory,
      lib: directory('lib', 'NETDATA_LIB_DIR', '/var/lib/netdata'),
      log: directory('log', 'NETDATA_LOG_DIR', '/var/log/netdata'),
      run,
    },
    controlSocket: absolute(given(sources.env['NETDATA_PIPENAME']) ?? join(run, 'netdata.pipe'), 'NETDATA_PIPENAME'),
    hostname: read('global', 'hostname') ?? systemHostname(),
    serviceUser: read('global', 'run as user'),
    web: readWeb(file, read),
    cloud: {
      enabled: readEnabled(file, read, findings),
      baseUrl: 'url' in base ? base.url : undefined,
      proxy,
      readProxy,
    },
    retentionSeconds: readRetention(file, read),
    claimEnvironment: {
      token: token === undefined ? undefined : new Secret(token),
      rooms: given(sources.env['NETDATA_CLAIM_ROOMS']),
      url: given(sources.env['NETDATA_CLAIM_URL']),
      proxy: given(sources.env['NETDATA_CLAIM_PROXY']),
    },
    findings,
  };
}

type Read = (section: string, key: string) => string | undefined;

/** An empty value is the same as none. */
const given = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text.trim();

function absolute(path: string, name: string): string {
  if (!path.startsWith('/') || path.includes('\0'))
    throw new ConfigError(`${name} must be an absolute path, not "${path}".`);
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

const switchWords: Readonly<Record<string, boolean>> = {
  enable: true,
  enabled: true,
  yes: true,
  true: true,
  on: true,
  disable: false,
  disabled: false,
  no: false,
  false: false,
  off: false,
};

/** The documentation spells this setting in four ways; all of them do what it promises. On when nothing is said, off when nobody can tell. */
function readEnabled(file: string, read: Read, findings: { level: 'info' | 'error'; sentence: string }[]): boolean {
  for (const section of ['global', 'general']) {
    for (const key of ['netdata cloud', 'netadata cloud']) {
      const word = read(section, key);
      if (word === undefined) continue;
      const enabled = Object.hasOwn(switchWords, word.toLowerCase()) ? switchWords[word.toLowerCase()] : undefined;
      if (enabled === undefined) {
        const sentence = `[${section}] ${key} in ${file} is "${word}", so the cloud stays off; write enable or disable.`;
        findings.push({ level: 'error', sentence });
        return false;
      }
      if (section !== 'global' || key !== 'netdata cloud') {
        const sentence = `The cloud setting was read from [${section}] ${key}; its usual place is [global] netdata cloud.`;
        findings.push({ level: 'info', sentence });
      }
      return enabled;
    }
  }
  return true;
}

/** `[web] bind to`: `host`, `host:port`, `*`, `*:port`, `[::1]`, `[::1]:port`; without a port `[web] default port` counts. */
function readWeb(file: string, read: Read): AgentConfig['web'] {
  const usual = read('web', 'default port') ?? '19999';
  const portOf = (text: string, key: string): number => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (!(port <= 65_535))
      throw new ConfigError(`[web] ${key} in ${file} is "${text}"; a port is a number from 0 to 65535.`);
    return port;
  };
  const bindTo = read('web', 'bind to') ?? 'localhost';
  const form =
    /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\s[\]:]+)|([0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*))(?::(\d+))?$/.exec(bindTo);
  // A bare IPv6 address with a port after it cannot be told from a longer address.
  const host = form?.[1] ?? form?.[2] ?? (form?.[4] === undefined ? form?.[3] : undefined);
  if (host === undefined) {
    const sentence = `[web] bind to in ${file} is "${bindTo}"; write one address, such as localhost, 10.0.0.1:19999, [::1]:19999 or *.`;
    throw new ConfigError(sentence);
  }
  const port = form?.[4] === undefined ? portOf(usual, 'default port') : portOf(form[4], 'bind to');
  return { address: host === '*' ? undefined : host, port };
}

function readRetention(file: string, read: Read): number {
  const text = read('global', 'history');
  if (text === undefined) return defaultRetentionSeconds;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  // Ten minutes of sparklines are drawn at least; a day at one second is 86,400 × 4 B = 346 KB for each dimension.
  if (!(seconds >= 600 && seconds <= 86_400)) {
    throw new ConfigError(`[global] history in ${file} is "${text}"; write the seconds to keep, from 600 to 86400.`);
  }
  return seconds;
}
