// Flags and environment → a checked configuration. The only place that looks at environment variables, which are handed in.

import type { LogLevel } from '@claimstead/wire/errors';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { logLevels } from '../log.ts';
import { ConfigError, type Reading } from './config-error.ts';
import { loadAcme } from './load-acme.ts';
import { loadMail, type MailConfig } from './load-mail.ts';
import { loadOidc, type OidcConfig } from './load-oidc.ts';
import { nothingAllowed, parseAllowance, type WebhookAllowance } from '../webhook/private-addresses.ts';
import type { AcmeConfig } from '../tls/acme.ts';
import { parseTrustedProxies } from '../limit/client-address.ts';
import type { Network } from '../limit/networks.ts';
import { environmentName, options, type OptionName } from './options.ts';

export interface CloudConfig {
  /** Absolute. */
  dataFolder: string;
  port: number;
  listenAddress: string;
  /** Undefined = https://localhost:PORT, known once the port is. */
  publicUrl: URL | undefined;
  /** Absolute paths; undefined = the Cloud makes its own. */
  certificate: { certFile: string; keyFile: string } | undefined;
  /** From an authority that speaks ACME, for the host of the public address. */
  acme: { config: AcmeConfig; publicUrl: URL } | undefined;
  passwordFile: string | undefined;
  webFolder: string | undefined;
  logLevel: LogLevel;
  mail: MailConfig | undefined;
  oidc: OidcConfig | undefined;
  /** A loopback address; undefined = no such port. */
  metricsListen: { address: string; port: number } | undefined;
  metricsTokenFile: string | undefined;
  webhookAllow: WebhookAllowance;
  /** Reverse proxies in front, whose word on where a request comes from is taken. */
  trustedProxies: readonly Network[];
}

type Values = Readonly<Partial<Record<OptionName, string | undefined>>>;

/** `flags` by option name, as text. Throws ConfigError. */
export function loadConfig(flags: Values, environment: Readonly<Record<string, string | undefined>>): CloudConfig {
  const text = (name: OptionName): string | undefined => given(name, flags, environment)?.value;
  /** How a complaint names the value's origin. */
  const origin = (name: OptionName): string => given(name, flags, environment)?.origin ?? `--${name}`;
  const refuse = (name: OptionName, needed: string): never => {
    throw new ConfigError(`${origin(name)} must be ${needed}.`);
  };
  const file = (name: OptionName): string | undefined => {
    const path = text(name);
    return path === undefined ? undefined : resolve(path);
  };

  const reading: Reading = { text, file, refuse, origin };

  const certFile = file('cert');
  const keyFile = file('key');
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new ConfigError(
      '--cert and --key belong together: give both, or neither and the Cloud makes a certificate itself.',
    );
  }
  const portText = text('port') ?? '';
  const port =
    /^\d{1,5}$/.test(portText) && Number(portText) <= 65_535
      ? Number(portText)
      : refuse('port', 'a port number, 0 to 65535');
  const listenText = text('listen') ?? '';
  const listenAddress = listenText === 'localhost' ? '127.0.0.1' : listenText;
  if (isIP(listenAddress) === 0) refuse('listen', 'an IP address of this machine, e.g. 127.0.0.1 or ::');
  const level = text('log-level');
  const logLevel = logLevels.find((known) => known === level) ?? refuse('log-level', 'debug, info, warn or error');
  const allowText = text('webhook-allow');
  const proxiesText = text('trusted-proxies');
  const metricsText = text('metrics-listen');
  const publicUrlText = text('public-url');
  const publicUrl =
    publicUrlText === undefined ? undefined : (parsePublicUrl(publicUrlText) ?? refuse('public-url', publicUrlShape));
  return {
    dataFolder: resolve(text('data') ?? ''),
    port,
    listenAddress,
    publicUrl,
    certificate: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile },
    acme: loadAcme(reading, publicUrl, certFile !== undefined),
    passwordFile: file('password-file'),
    webFolder: file('web'),
    logLevel,
    mail: loadMail(reading),
    oidc: loadOidc(reading),
    metricsListen:
      metricsText === undefined
        ? undefined
        : (parseLoopback(metricsText) ?? refuse('metrics-listen', 'a loopback address with a port: 127.0.0.1:9464')),
    metricsTokenFile: file('metrics-token-file'),
    webhookAllow:
      allowText === undefined
        ? nothingAllowed
        : (parseAllowance(allowText) ?? refuse('webhook-allow', 'a list of addresses, networks and the word http')),
    trustedProxies:
      proxiesText === undefined
        ? []
        : (parseTrustedProxies(proxiesText) ?? refuse('trusted-proxies', 'a list of addresses and networks')),
  };
}

/** Plain HTTP without a password: nothing but this machine may reach it. */
function parseLoopback(text: string): { address: string; port: number } | undefined {
  const [, v4, v6, port = ''] = /^(?:(127(?:\.\d{1,3}){3})|\[(::1)\]):(\d{1,5})$/.exec(text) ?? [];
  const address = v4 ?? v6;
  if (address === undefined || isIP(address) === 0 || Number(port) > 65_535) return undefined;
  return { address, port: Number(port) };
}

/** The folder alone, for commands that only need to find the running Cloud. Throws ConfigError. */
export function loadDataFolder(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return loadConfig({ data: flag }, { [environmentName('data')]: environment[environmentName('data')] }).dataFolder;
}

const publicUrlShape = 'an https address without user, path, query or fragment, e.g. https://cloud.example.net:8443';

function parsePublicUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isBare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  // The host goes into commands that people paste into a shell.
  return url.protocol === 'https:' && isBare && /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)$/.test(url.hostname) ? url : undefined;
}

function given(
  name: OptionName,
  flags: Values,
  environment: Readonly<Record<string, string | undefined>>,
): { value: string; origin: string } | undefined {
  const flag = flags[name];
  const variable = environmentName(name);
  const set = environment[variable];
  const fallback = options.find((entry) => entry.name === name)?.default;
  const found =
    flag !== undefined
      ? { value: flag, origin: `--${name}` }
      : set !== undefined
        ? { value: set, origin: variable }
        : fallback !== undefined
          ? { value: fallback, origin: `--${name}` }
          : undefined;
  if (found?.value.trim() === '') throw new ConfigError(`${found.origin} is empty: give it a value or leave it out.`);
  if (found?.value.includes('\0') === true) throw new ConfigError(`${found.origin} holds a NUL character.`);
  return found;
}
