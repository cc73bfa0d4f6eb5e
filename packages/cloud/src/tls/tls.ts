// TLS of the Cloud's port. Reading order: tls.ts (what is served, and its renewal), private-ca.ts (makes certificates),
// tls-files.ts (keeps them), given-certificate.ts (--cert and --key), acme.ts (an authority that speaks ACME) and the edges of it:
// acme-certificate.ts, acme-issuer.ts, challenge-listener.ts.

import type { ServerOptions } from 'node:https';
import { hostname } from 'node:os';
import { acmeCertificateServes, acmePairName, type AcmeConfig } from './acme.ts';
import { openAcmeCertificate, type RenewalFailure } from './acme-certificate.ts';
import { createAcmeIssuer } from './acme-issuer.ts';
import { readGivenCertificate } from './given-certificate.ts';
import {
  issueServerCertificate,
  makeCa,
  namesHeld,
  serverCertificateIsGood,
  type KeyAndCertificate,
} from './private-ca.ts';
import { readPair, writePair } from './tls-files.ts';

export interface Tls {
  /** Key and certificate chain, PEM. */
  current(): KeyAndCertificate;
  /** The private authority's certificate; null when the certificate was given and people trust it, or not, by other means. */
  caPem: string | null;
  /** Every name that the certificate the Cloud makes is good for. */
  names: readonly string[];
  /** Reads or makes anew what is due; true when `current` has changed. */
  renew(): Promise<boolean>;
  /** Lets go of the port for an authority's questions, where there is one. */
  close(): Promise<void>;
}

/**
 * TLS 1.2 with forward secrecy and authenticated encryption, and TLS 1.3. No CBC, no static RSA, nothing older: agents in the
 * field and browsers of the last ten years need none of it.
 */
export const tlsProtocol = {
  minVersion: 'TLSv1.2',
  honorCipherOrder: true,
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  ALPNProtocols: ['http/1.1'],
} as const satisfies ServerOptions;

export interface TlsParts {
  folder: string;
  publicHost: string;
  listenAddress: string;
  /** Undefined: the Cloud makes its own. */
  given: { certFile: string; keyFile: string } | undefined;
  /** From an authority instead; the public address then has a host name. */
  acme: { config: AcmeConfig; publicUrl: URL } | undefined;
  now: () => number;
}

export interface OpenTlsParts extends TlsParts {
  /** Monotonic. */
  elapsedMs: () => number;
  onRenewalFailed: (failure: RenewalFailure) => void;
  /** A late fault of the port for an authority's questions. */
  onPortFailed: (error: Error) => void;
}

const nothingToClose = async (): Promise<void> => {};

/** Opens what is there and makes what is missing. Throws StartError when --cert or --key cannot be used, or an authority issues nothing. */
export async function openTls(parts: OpenTlsParts): Promise<Tls> {
  const names = namesOf(parts);
  if (parts.acme !== undefined) {
    const { config, publicUrl } = parts.acme;
    const issuer = createAcmeIssuer(config);
    const certificate = await openAcmeCertificate({ ...parts, publicUrl, acme: config, issuer });
    return { ...certificate, caPem: null, names };
  }
  if (parts.given !== undefined) {
    const { given } = parts;
    let current = readGivenCertificate(given);
    return {
      current: () => current,
      caPem: null,
      names,
      async renew() {
        const next = readGivenCertificate(given);
        const isNew = next.cert !== current.cert || next.key !== current.key;
        current = next;
        return isNew;
      },
      close: nothingToClose,
    };
  }
  const ca = readPair(parts.folder, 'ca') ?? writePair(parts.folder, 'ca', await makeCa(parts.now()));
  let server = readPair(parts.folder, 'server');
  const renew = async (): Promise<boolean> => {
    if (server !== undefined && serverCertificateIsGood(server, ca, names, parts.now())) return false;
    server = writePair(parts.folder, 'server', await issueServerCertificate(ca, names, parts.now()));
    return true;
  };
  await renew();
  return {
    // `renew` has set it.
    current: () => server ?? ca,
    caPem: ca.cert,
    names,
    renew,
    close: nothingToClose,
  };
}

/**
 * What to serve in the Cloud's place, from what is there: nothing is made in the folder, where a backup or a restore may be at work. A certificate
 * that is due, or lacks one of the names, is replaced in memory by one for the names of both. Undefined when the folder has no
 * authority, or no valid certificate of one, yet. Throws StartError when a file cannot be used.
 */
export async function readTls(parts: TlsParts): Promise<KeyAndCertificate | undefined> {
  if (parts.given !== undefined) return readGivenCertificate(parts.given);
  if (parts.acme !== undefined) {
    const pair = readPair(parts.folder, acmePairName(parts.acme.config.directoryUrl));
    return pair !== undefined && acmeCertificateServes(pair, parts.publicHost, parts.now()) ? pair : undefined;
  }
  const ca = readPair(parts.folder, 'ca');
  if (ca === undefined) return undefined;
  const server = readPair(parts.folder, 'server');
  const names = [...new Set([...(server === undefined ? [] : namesHeld(server)), ...namesOf(parts)])];
  return server !== undefined && serverCertificateIsGood(server, ca, names, parts.now())
    ? server
    : issueServerCertificate(ca, names, parts.now());
}

/** Unique, in a fixed order. Addresses that mean "every address" are no names. */
function namesOf({ publicHost, listenAddress }: TlsParts): string[] {
  const bare = publicHost.replace(/^\[|\]$/g, '');
  const own = hostname().toLowerCase();
  const all = ['localhost', '127.0.0.1', '::1', own, bare, listenAddress];
  return [...new Set(all)].filter((name) => name !== '0.0.0.0' && name !== '::' && /^[a-z0-9._:-]+$/.test(name));
}
