// The authority that speaks ACME, where the certificate comes from one.

import { isIP } from 'node:net';
import type { AcmeConfig } from '../tls/acme.ts';
import { ConfigError, type Reading } from './config-error.ts';

export function loadAcme(
  reading: Reading,
  publicUrl: URL | undefined,
  isGiven: boolean,
): { config: AcmeConfig; publicUrl: URL } | undefined {
  const { text, file, refuse } = reading;
  const directoryText = text('acme-directory-url');
  const [email, caFile] = [text('acme-email'), file('acme-ca-file')];
  if (directoryText === undefined) {
    if (email !== undefined || caFile !== undefined)
      throw new ConfigError('--acme-email and --acme-ca-file need --acme-directory-url: give it, or leave them out.');
    return undefined;
  }
  if (isGiven) throw new ConfigError('--acme-directory-url and --cert are given: give one of them.');
  if (publicUrl === undefined || !isPublicName(publicUrl.hostname)) {
    throw new ConfigError(
      '--acme-directory-url needs --public-url with a host name that the authority can look up, e.g. https://cloud.example.net.',
    );
  }
  if (email !== undefined && !/^[^\s@,<>]+@[^\s@,<>]+$/.test(email)) refuse('acme-email', 'an e-mail address');
  return {
    config: {
      directoryUrl: parseDirectory(directoryText) ?? refuse('acme-directory-url', 'an https address'),
      email,
      httpListen:
        parseListen(text('acme-http-listen') ?? '') ??
        refuse('acme-http-listen', 'an IP address with a port: 0.0.0.0:80 or [::]:80'),
      caFile,
    },
    publicUrl,
  };
}

/** Public authorities look names up in the DNS of the world: an address, or a name of one word, is not in it. */
const isPublicName = (host: string): boolean =>
  host.includes('.') && isIP(host) === 0 && !host.startsWith('[') && !host.endsWith('.');

function parseDirectory(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '' ? url : undefined;
}

function parseListen(text: string): { address: string; port: number } | undefined {
  const [, v4, v6, port = ''] = /^(?:(\d{1,3}(?:\.\d{1,3}){3})|\[([0-9a-f:.]+)\]):(\d{1,5})$/i.exec(text) ?? [];
  const address = v4 ?? v6;
  return address === undefined || isIP(address) === 0 || Number(port) > 65_535
    ? undefined
    : { address, port: Number(port) };
}
