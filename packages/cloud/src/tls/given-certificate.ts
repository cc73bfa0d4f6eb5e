// --cert and --key, checked before anything listens.

import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { reasonOf, StartError } from '../config/data-folder.ts';
import type { KeyAndCertificate } from './private-ca.ts';

/** Throws StartError with one sentence. */
export function readGivenCertificate(files: { certFile: string; keyFile: string }): KeyAndCertificate {
  const cert = readText('--cert', files.certFile);
  const key = readText('--key', files.keyFile);
  const certificate = parse(
    `--cert ${files.certFile} is no certificate in PEM; give the chain with the server's own certificate first.`,
    () => {
      return new X509Certificate(cert);
    },
  );
  const privateKey: KeyObject = parse(`--key ${files.keyFile} is no private key in PEM without a passphrase.`, () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new StartError(
      `--key ${files.keyFile} is not the key of the first certificate in --cert ${files.certFile}; give the pair that belongs together.`,
    );
  }
  return { key, cert };
}

function readText(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StartError(`Cannot read ${option} ${file} (${reasonOf(cause)}); check the path and its rights.`, {
      cause,
    });
  }
}

function parse<T>(sentence: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new StartError(sentence, { cause });
  }
}
