// The private certificate authority that the Cloud makes on its first start, and the server certificates it issues to itself.
// P-256 throughout: a handshake costs the server less than half of what RSA-2048 does, and a fleet that returns makes thousands.

import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** PEM both. */
export interface KeyAndCertificate {
  key: string;
  cert: string;
}

const dayMs = 24 * 3600 * 1000;
export const caLifetimeMs = 3652 * dayMs;
/** Browsers refuse more than 398 days, also below a private authority on some systems. */
export const serverLifetimeMs = 397 * dayMs;
export const renewBeforeMs = 30 * dayMs;
/** Clocks of nodes may be slow. */
const backdateMs = 3600 * 1000;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function makeCa(nowMs: number): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  // The serial is in the name: authorities of several Clouds in one trust store can be told apart.
  const serialNumber = newSerial();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber,
    name: `CN=Claimstead private CA ${serialNumber.slice(0, 8)}`,
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(nowMs + caLifetimeMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

export async function issueServerCertificate(
  ca: KeyAndCertificate,
  names: readonly string[],
  nowMs: number,
): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const authority = new X509Certificate(ca.cert);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: 'CN=Claimstead Cloud',
    issuer: authority.subject,
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(Math.min(nowMs - backdateMs + serverLifetimeMs, authority.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

/** Of this authority, for these names, and not about to end. */
export function serverCertificateIsGood(
  server: KeyAndCertificate,
  ca: KeyAndCertificate,
  names: readonly string[],
  nowMs: number,
): boolean {
  try {
    const certificate = new X509Certificate(server.cert);
    if (certificate.issuer !== new X509Certificate(ca.cert).subject) return false;
    if (certificate.notAfter.getTime() - nowMs < renewBeforeMs || certificate.notBefore.getTime() > nowMs) return false;
    const held = new Set(namesIn(certificate));
    return names.every((name) => held.has(name)) && held.size === new Set(names).size;
  } catch {
    return false;
  }
}

/** The names that a server certificate is good for; none for what is no certificate. */
export function namesHeld(server: KeyAndCertificate): string[] {
  try {
    return namesIn(new X509Certificate(server.cert));
  } catch {
    return [];
  }
}

const namesIn = (certificate: X509Certificate): string[] =>
  certificate.getExtension(SubjectAlternativeNameExtension)?.names.items.map((name) => name.value) ?? [];

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** 20 bytes at most, positive [RFC 5280 §4.1.2.2]. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
