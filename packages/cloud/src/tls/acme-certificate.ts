// The certificate of an ACME authority, kept in the folder: obtained before the Cloud serves for the first time, renewed while it does.

import { generateKeyPairSync } from 'node:crypto';
import { StartError } from '../config/data-folder.ts';
import {
  acmeCertificateServes,
  acmeEndsAtMs,
  acmePairName,
  acmeReason,
  acmeRenewalAtMs,
  acmeRetryAfterMs,
  type AcmeConfig,
  type AcmeIssuer,
} from './acme.ts';
import { openChallengeListener } from './challenge-listener.ts';
import type { KeyAndCertificate } from './private-ca.ts';
import { readAccountKey, readPair, writeAccountKey, writePair } from './tls-files.ts';

export interface RenewalFailure {
  reason: string;
  /** When the certificate that is served ends. */
  endsAtMs: number;
  retryAtMs: number;
}

export interface AcmeCertificate {
  current(): KeyAndCertificate;
  /** Once its time has come, and not before the next try is due. Never throws: what is served goes on. */
  renew(): Promise<boolean>;
  close(): Promise<void>;
}

export interface AcmeCertificateParts {
  folder: string;
  publicUrl: URL;
  acme: AcmeConfig;
  issuer: AcmeIssuer;
  now: () => number;
  /** Monotonic. */
  elapsedMs: () => number;
  onRenewalFailed: (failure: RenewalFailure) => void;
  onPortFailed: (error: Error) => void;
}

/** A timer of an hour may end some milliseconds before a clock has seen the hour. */
const slackMs = 60_000;

/** Throws StartError where there is no certificate yet and none is to be had. */
export async function openAcmeCertificate(parts: AcmeCertificateParts): Promise<AcmeCertificate> {
  const { folder, publicUrl, acme, issuer, now, elapsedMs } = parts;
  const host = publicUrl.hostname;
  const name = acmePairName(acme.directoryUrl);
  const listener = await openChallengeListener(acme.httpListen, publicUrl, parts.onPortFailed);
  const obtain = async (): Promise<KeyAndCertificate> => {
    const accountKey = readAccountKey(folder) ?? writeAccountKey(folder, newAccountKey());
    const issued = await issuer.issue({ host, accountKey, answer: listener.answer });
    if (!acmeCertificateServes(issued, host, now()))
      throw new Error(`what the authority issued is not valid now, or not for ${host}`);
    return writePair(folder, name, issued);
  };

  let current: KeyAndCertificate;
  try {
    const kept = readPair(folder, name);
    current = kept !== undefined && acmeCertificateServes(kept, host, now()) ? kept : await obtain();
  } catch (cause) {
    await listener.close();
    if (cause instanceof StartError) throw cause;
    const { port } = listener;
    throw new StartError(
      `No certificate for ${host} from ${acme.directoryUrl.href} (${acmeReason(cause)}); see that the directory is right and that http://${host}/ reaches port ${port} of this machine, or give a certificate with --cert and --key.`,
      { cause },
    );
  }

  let failures = 0;
  /**
   * Monotonic, and counted from the start of the try that failed: whoever looks every hour would just miss what is counted from its end,
   * and a wall clock that is set back puts nothing off.
   */
  let nextTryMs = -Infinity;
  let isRunning = false;
  return {
    current: () => current,
    async renew() {
      const startedMs = elapsedMs();
      if (isRunning || startedMs < nextTryMs || now() < acmeRenewalAtMs(current)) return false;
      isRunning = true;
      try {
        current = await obtain();
        failures = 0;
        return true;
      } catch (cause) {
        failures += 1;
        const retryAfterMs = acmeRetryAfterMs(failures);
        nextTryMs = startedMs + retryAfterMs - slackMs;
        const retryAtMs = now() + startedMs + retryAfterMs - elapsedMs();
        parts.onRenewalFailed({ reason: acmeReason(cause), endsAtMs: acmeEndsAtMs(current), retryAtMs });
        return false;
      } finally {
        isRunning = false;
      }
    },
    close: () => listener.close(),
  };
}

const newAccountKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
