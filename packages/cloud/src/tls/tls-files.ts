// Keys and certificates on disk: DIR/cloud/tls/{ca,server,acme-…}.pem, key and certificate in one file, so that one rename replaces both.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { StartError } from '../config/data-folder.ts';
import type { KeyAndCertificate } from './private-ca.ts';

/** `acme-` with a word for the directory that issued it. */
export type PairName = 'ca' | 'server' | `acme-${string}`;

const blocks = /(-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----\n?)([\s\S]*)/;

/** Undefined when there is none. A file that is there and cannot be used stops the start: a new authority would be trusted by no agent. */
export function readPair(folder: string, name: PairName): KeyAndCertificate | undefined {
  const file = join(folder, `${name}.pem`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new StartError(`Cannot read ${file}; give its user read rights, or restore it from a backup.`, { cause });
  }
  const [, key, cert] = blocks.exec(text) ?? [];
  try {
    if (key === undefined || cert === undefined) throw new Error('no key and certificate in it');
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      throw new Error('key and certificate do not fit');
    return { key, cert };
  } catch (cause) {
    // A server certificate is made, or issued, anew at no cost.
    if (name !== 'ca') return undefined;
    throw new StartError(
      `${file} is damaged; restore it from a backup, or remove it and let every agent trust the new one.`,
      { cause },
    );
  }
}

/** Written beside, synced, renamed: after a power cut there is the old pair or the new one. */
export function writePair(folder: string, name: PairName, pair: KeyAndCertificate): KeyAndCertificate {
  writeWhole(folder, `${name}.pem`, pair.key + pair.cert);
  return pair;
}

const accountFile = 'acme-account.pem';

/** What this Cloud is known by at ACME authorities. A damaged one is replaced: the authority just meets a new customer. */
export function readAccountKey(folder: string): string | undefined {
  try {
    const text = readFileSync(join(folder, accountFile), 'utf8');
    createPrivateKey(text);
    return text;
  } catch {
    return undefined;
  }
}

export function writeAccountKey(folder: string, key: string): string {
  writeWhole(folder, accountFile, key);
  return key;
}

function writeWhole(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  const fresh = `${file}.new`;
  const fd = openSync(fresh, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, file);
  const folderFd = openSync(folder, 'r');
  try {
    fsyncSync(folderFd);
  } finally {
    closeSync(folderFd);
  }
}
