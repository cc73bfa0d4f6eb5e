// A certificate from an authority that speaks ACME [RFC 8555]: when it serves, when the next one is due, when to ask again after a
// refusal. No I/O here; acme-certificate.ts keeps it, acme-issuer.ts asks for it.

import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyAndCertificate } from './private-ca.ts';

const hourMs = 3600 * 1000;

export interface AcmeConfig {
  directoryUrl: URL;
  /** Whom the authority may write to. */
  email: string | undefined;
  /** Where the authority's question arrives [RFC 8555 §8.3]: port 80 of the host, or what forwards it. */
  httpListen: { address: string; port: number };
  /** Absolute; the authority of the directory itself, where the system does not trust it. */
  caFile: string | undefined;
}

/** Whoever can be asked for a certificate. */
export interface AcmeIssuer {
  /** Throws with a message that may be shown. `answer` puts the answer to a question up, or takes it away. */
  issue(order: {
    host: string;
    accountKey: string;
    answer: (token: string, keyAuthorization: string | undefined) => void;
  }): Promise<KeyAndCertificate>;
}

/** Of each directory its own: who moves from a staging directory to the real one gets a certificate of the real one. */
export const acmePairName = (directoryUrl: URL): `acme-${string}` =>
  `acme-${createHash('sha256').update(directoryUrl.href).digest('hex').slice(0, 12)}`;

/** Key and certificate belong together, name the host, and are valid now; our clock may be slow by an hour. */
export function acmeCertificateServes(pair: KeyAndCertificate, host: string, nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pair.cert);
    const isOfNow = Date.parse(certificate.validFrom) <= nowMs + hourMs && nowMs < Date.parse(certificate.validTo);
    return (
      isOfNow && certificate.checkHost(host) !== undefined && certificate.checkPrivateKey(createPrivateKey(pair.key))
    );
  } catch {
    return false;
  }
}

/**
 * After two thirds of its life: 60 of 90 days, 4 of 6, whatever an authority issues. The last third is for everything that may go
 * wrong meanwhile.
 */
export function acmeRenewalAtMs(pair: KeyAndCertificate): number {
  const { from, to } = lifeOf(pair);
  return from + ((to - from) * 2) / 3;
}

export const acmeEndsAtMs = (pair: KeyAndCertificate): number => lifeOf(pair).to;

function lifeOf(pair: KeyAndCertificate): { from: number; to: number } {
  const certificate = new X509Certificate(pair.cert);
  return { from: Date.parse(certificate.validFrom), to: Date.parse(certificate.validTo) };
}

/**
 * After so many refusals in a row: 1 h, 2 h, 4 h, 8 h, then twice a day. Authorities count failures by the hour, and the last third
 * of even a six-day certificate sees seven tries.
 */
export const acmeRetryAfterMs = (failures: number): number => Math.min(12, 2 ** (failures - 1)) * hourMs;

/** One line of an authority's words, or the system's own word: never whole bodies. */
export function acmeReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const isOfNetwork = /^(E[A-Z_]+|[A-Z_]*(CERT|VERIFY|SIGNED)[A-Z_]*)$/.test(code) && !code.startsWith('ERR_BAD');
  const words = isOfNetwork || !(cause instanceof Error) ? code : cause.message;
  const line = words
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
  return line === '' ? 'no reason given' : line.replace(/[.;]$/, '');
}
