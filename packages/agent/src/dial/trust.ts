// Whom the agent believes to be the Cloud: one policy for the claim and for the link.

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkServerIdentity, createSecureContext, rootCertificates, type ConnectionOptions } from 'node:tls';
import { readBounded } from '../config/read-bounded.ts';

/** `claim.d/cloud_fullchain.pem` is there and cannot be used. The message is one sentence: path, cause, remedy. */
export class TrustFileError extends Error {}

/** Options of `tls.connect`: spread them in, and add nothing that weakens them. */
type TlsOptions = Required<Pick<ConnectionOptions, 'secureContext' | 'rejectUnauthorized' | 'checkServerIdentity'>>;

export interface Trust {
  /** `host` as in the URL, an IPv6 address without brackets. */
  tlsOptions(host: string): TlsOptions;
}

/** Room for a few hundred certificates. */
const maxFileBytes = 1024 * 1024;

/** Where distributions keep the roots that an administrator decides on. */
const systemRoots = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Alpine, Arch
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/ssl/cert.pem', // others
] as const;

/** What the answer of `loadTrust` is made of, each of which may be absent. */
export const trustFiles = (claimDirectory: string): string[] => [...systemRoots, chainFile(claimDirectory)];

const chainFile = (claimDirectory: string): string => join(claimDirectory, 'cloud_fullchain.pem');

/**
 * Trusts the system's roots (Node's own list where the system has none), and in addition what `claim.d/cloud_fullchain.pem` holds:
 * it extends, so that a node moves from a private Cloud to a public one without a change. Any certificate in that file is an anchor,
 * a root or not, because people put there what their server sends. Read it again for every attempt; a person may just have placed it.
 * Throws TrustFileError when the file is there and cannot be used.
 */
export async function loadTrust(claimDirectory: string): Promise<Trust> {
  const [system, extra] = await Promise.all([readSystemRoots(), readExtra(chainFile(claimDirectory))]);
  const secureContext = createSecureContext({
    ca: extra === undefined ? [...system] : [...system, extra],
    minVersion: 'TLSv1.2',
    allowPartialTrustChain: extra !== undefined,
  });
  return {
    tlsOptions: (host) => ({
      secureContext,
      rejectUnauthorized: true,
      // The name is bound here: behind a proxy, for a Cloud that is addressed by number, the default would check the proxy's name.
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    }),
  };
}

async function readSystemRoots(): Promise<readonly string[]> {
  for (const path of systemRoots) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return [text];
  }
  return rootCertificates;
}

async function readExtra(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readBounded(file, maxFileBytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EFBIG')
      throw new TrustFileError(`${file} is larger than ${maxFileBytes} bytes; keep what is needed.`);
    throw new TrustFileError(
      `Cannot read ${file} (${code ?? 'unknown error'}); make it readable for the user that runs netdata.`,
    );
  }
  const certificates = certificatesIn(text);
  // TLS itself ignores what it cannot read, and then the person would look for the fault at the Cloud.
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw new TrustFileError(
      `${file} is not a list of certificates in PEM; put the Cloud's CA certificate there, or delete it.`,
    );
  }
  return certificates.join('\n');
}

/** Every certificate of a text in PEM, unread; what stands between them is left out. */
export const certificatesIn = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
