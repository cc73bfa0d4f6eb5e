// The state of a claim on disk: `<config directory>/claim.d`. Reading order of this folder: claim-directory.ts (what is kept),
// key-pair.ts, claim.ts (the steps), claim-client.ts (the request; dial/ is how the Cloud is reached, shared with the link),
// claim-command.ts (the person's side), claim-lock.ts, claim-user.ts.
//
//   private.pem 0600, public.pem 0644   the key pair, made once
//   cloud.conf 0640                     where this claim was made, and which
//   claimed_id 0640                     the claim id without newline; written last, its presence is the claim
//   token, rooms                        defaults that a person may put there; token goes after a claim
//   cloud_fullchain.pem                 certificates that a person trusts in addition to the system's

import { lstat, mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { parseClaimId, type ClaimId } from '@claimstead/wire/ids';
import { removeLeftovers, replaceFile, syncFolder, type Owner } from '../config/atomic-file.ts';
import { parseCloudUrl, type CloudUrl } from '../config/cloud-url.ts';
import { giveAway } from '../config/give-away.ts';
import { formatSection, parseNetdataConf } from '../config/netdata-conf.ts';
import { readBounded } from '../config/read-bounded.ts';
import { isPublicHalf, makeKeyPair, readPrivateKey, type KeyPair } from './key-pair.ts';

export const claimDirectoryOf = (configDirectory: string): string => join(configDirectory, 'claim.d');

export type ClaimState =
  | { state: 'unclaimed' }
  | {
      state: 'claimed';
      claimId: ClaimId;
      /** Where the claim was made, which is where the link dials; undefined for a claim placed by hand: the configured URL counts. */
      url: undefined | CloudUrl;
      /** The proxy that the claim went through, masked; undefined when nobody wrote it down. */
      proxyWords: undefined | string;
      /** The name that the claim chose for this node with -hostname=; undefined: the agent's own counts. */
      hostname: undefined | string;
      privateKey: KeyObject;
    }
  | {
      state: 'broken';
      /** Known when the claim itself is readable and only its key or URL is not: then the agent is claimed and cannot connect. */
      claimId: undefined | ClaimId;
      /** Path, cause and remedy. */
      sentence: string;
    };

/** Something about the directory stops a claim. The message is one sentence: path, cause, remedy. Exit code 2. */
export class ClaimDirectoryError extends Error {}

/** Keys and certificates are a few KiB; nothing in claim.d has a reason to be larger. */
const maxFileBytes = 256 * 1024;

/** What stands on disk now. Never throws: what cannot be used is `broken`. */
export async function readClaim(directory: string): Promise<ClaimState> {
  const idFile = join(directory, 'claimed_id');
  const idText = await readText(idFile);
  if (idText === undefined) return { state: 'unclaimed' };
  if (typeof idText !== 'string') return { state: 'broken', claimId: undefined, sentence: idText.sentence };
  if (idText.trim() === '') return { state: 'unclaimed' };
  const claimId = parseClaimId(idText.trim());
  const broken = (sentence: string): ClaimState => ({ state: 'broken', claimId, sentence });
  if (claimId === undefined) return broken(`${idFile} does not hold a UUID; delete it and claim this node again.`);

  const origin = await readOrigin(directory, claimId);
  if ('sentence' in origin) return broken(origin.sentence);
  const pair = await readKeyPair(directory);
  if (pair === undefined) {
    return broken(`${join(directory, 'private.pem')} is missing, so this node cannot prove its claim; claim it again.`);
  }
  if ('sentence' in pair) return broken(pair.sentence);
  return { state: 'claimed', claimId, ...origin, privateKey: pair.privateKey };
}

/** Makes claim.d if need be, and gives it and what is in it to `owner`. Throws ClaimDirectoryError; a directory that it made is then gone again. */
export async function makeClaimDirectory(directory: string, owner: undefined | Owner): Promise<void> {
  let isNew = false;
  try {
    // Only claim.d itself is made: a missing configuration directory is a mistyped one.
    await mkdir(directory, { mode: 0o750 });
    isNew = true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(directory, error);
  }
  try {
    // In a configuration directory of the user that runs netdata a link of theirs would have root write wherever they like.
    const entry = await lstat(directory);
    if (owner !== undefined && entry.isSymbolicLink() && entry.uid !== 0) {
      throw new ClaimDirectoryError(
        `${directory} is a link that root did not make, so root does not follow it; put a directory there, or run the command as the user that runs netdata.`,
      );
    }
    if (!(await stat(directory)).isDirectory()) {
      throw new ClaimDirectoryError(`${directory} is a file; move it away, a directory is needed there.`);
    }
    if (owner !== undefined) await giveAway([directory, ...allFiles.map((name) => join(directory, name))], owner);
  } catch (error) {
    if (isNew) await rmdir(directory).catch(() => undefined);
    throw error instanceof ClaimDirectoryError ? error : cannotWrite(directory, error);
  }
}

/**
 * Proves that a claim can be written, also on a full disk, before the Cloud is asked for one; and removes what a killed claim left.
 * The caller holds the claim's lock.
 */
export async function probeClaimDirectory(directory: string, owner: undefined | Owner): Promise<void> {
  const probe = join(directory, '.probe');
  try {
    await removeLeftovers(directory);
    await replaceFile(probe, 'x'.repeat(16 * 1024), { mode: 0o600, owner });
    await rm(probe);
  } catch (error) {
    throw cannotWrite(directory, error);
  }
}

/** The key pair of this node, made when there is none. Never replaces a key: what cannot be used is for a person to decide. */
export async function obtainKeyPair(directory: string, owner: undefined | Owner): Promise<KeyPair> {
  const known = await readKeyPair(directory);
  if (known !== undefined && 'sentence' in known) throw new ClaimDirectoryError(known.sentence);
  const pair = known ?? (await makeKeyPair());
  try {
    // Private first: a public key alone is worthless, a private key alone is a whole pair.
    if (known === undefined) await replaceFile(join(directory, 'private.pem'), pair.privatePem, { mode: 0o600, owner });
    await replaceFile(join(directory, 'public.pem'), pair.publicPem, { mode: 0o644, owner });
  } catch (error) {
    throw cannotWrite(directory, error);
  }
  return pair;
}

/** The steps of `saveClaim`, in order. Between the first two an older claim is `broken`, not mixed with the new one; running the claim again heals it. */
export type SaveStep = 'url saved' | 'claim saved' | 'token deleted';

type ClaimOrigin = Pick<Extract<ClaimState, { state: 'claimed' }>, 'url' | 'proxyWords' | 'hostname'>;

export interface SavedClaim {
  claimId: ClaimId;
  /** Undefined for a claim that was taken over from somewhere that does not say; the configured URL counts then. */
  url: undefined | CloudUrl;
  /** The proxy that the claim went through, masked: the link goes through `[cloud] proxy` and can point at the difference when it fails. */
  proxyWords: undefined | string;
  /** The name that was chosen with -hostname=, which the link goes on telling; undefined: none was. */
  hostname: undefined | string;
}

/** Makes an accepted claim durable. `done` is told after each step. Throws ClaimDirectoryError. */
export async function saveClaim(
  directory: string,
  claim: SavedClaim,
  owner: undefined | Owner,
  done: (step: SaveStep) => void,
): Promise<void> {
  try {
    await writeClaim(directory, claim, owner, done);
    await rm(join(directory, 'token'), { force: true });
    await syncFolder(directory);
    done('token deleted');
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw cannotWrite(directory, error);
    throw error;
  }
}

/** The claim alone, whoever made it; a token for another one stays. Throws what the system says. */
export async function writeClaim(
  directory: string,
  claim: SavedClaim,
  owner: undefined | Owner,
  done: (step: SaveStep) => void,
): Promise<void> {
  // cloud.conf names its claim: after a crash between the two files the pair does not fit, and nothing dials the wrong Cloud.
  const conf = formatSection('global', {
    ...(claim.url === undefined ? {} : { 'cloud base url': claim.url }),
    'claimed id': claim.claimId,
    ...(claim.proxyWords === undefined ? {} : { 'claim proxy': claim.proxyWords }),
    ...(claim.hostname === undefined ? {} : { 'claim hostname': encodeName(claim.hostname) }),
  });
  await replaceFile(join(directory, 'cloud.conf'), conf, { mode: 0o640, owner });
  done('url saved');
  await replaceFile(join(directory, 'claimed_id'), claim.claimId, { mode: 0o640, owner });
  done('claim saved');
}

/** `token` or `rooms` as a person put it there: the first line, trimmed; undefined when absent or empty. Throws ClaimDirectoryError. */
export async function readDefault(directory: string, name: 'token' | 'rooms'): Promise<string | undefined> {
  const text = await readText(join(directory, name));
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new ClaimDirectoryError(text.sentence);
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length > 1) throw new ClaimDirectoryError(`${join(directory, name)} holds several lines; it must be one.`);
  return lines[0];
}

/** Undefined when there is no private.pem. */
export async function readKeyPair(directory: string): Promise<KeyPair | { sentence: string } | undefined> {
  const privateFile = join(directory, 'private.pem');
  const publicFile = join(directory, 'public.pem');
  const privatePem = await readText(privateFile);
  if (privatePem === undefined) return undefined;
  if (typeof privatePem !== 'string') return privatePem;
  const remedy = `restore it from a backup, or delete ${privateFile} and ${publicFile} and claim this node again`;
  const pair = readPrivateKey(privatePem);
  if ('fault' in pair) return { sentence: `${privateFile} ${pair.fault}; ${remedy}.` };
  const publicPem = await readText(publicFile);
  if (publicPem === undefined) return pair;
  if (typeof publicPem !== 'string') return publicPem;
  if (isPublicHalf(publicPem, pair)) return pair;
  return {
    sentence: `${privateFile} and ${publicFile} do not belong together, so the key does not match the claim; ${remedy}.`,
  };
}

/** `#` would start a comment in cloud.conf. */
const encodeName = (name: string): string => name.replace(/[%#]/g, encodeURIComponent);
function decodeName(text: string | undefined): string | undefined {
  const name = text?.replace(/%23/g, '#').replace(/%25/g, '%');
  return name === '' ? undefined : name;
}

/** What cloud.conf says: where the claim was made, and through what. */
async function readOrigin(directory: string, claimId: ClaimId): Promise<ClaimOrigin | { sentence: string }> {
  const file = join(directory, 'cloud.conf');
  const text = await readText(file);
  if (text === undefined) return { url: undefined, proxyWords: undefined, hostname: undefined };
  if (typeof text !== 'string') return text;
  const global = parseNetdataConf(text).sections.get('global');
  const madeFor = global?.get('claimed id');
  if (madeFor !== undefined && madeFor !== claimId) {
    return {
      sentence: `${file} belongs to another claim than claimed_id, because a claim was interrupted; run netdata-claim.sh again.`,
    };
  }
  const proxyWords = global?.get('claim proxy');
  const hostname = decodeName(global?.get('claim hostname'));
  const base = global?.get('cloud base url');
  if (base === undefined) return { url: undefined, proxyWords, hostname };
  const parsed = parseCloudUrl(base);
  if ('url' in parsed) return { url: parsed.url, proxyWords, hostname };
  return { sentence: `${parsed.sentence} It stands in ${file}; claim this node again.` };
}

/** Undefined when the file is absent. */
async function readText(file: string): Promise<string | { sentence: string } | undefined> {
  try {
    return await readBounded(file, maxFileBytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EFBIG')
      return { sentence: `${file} is larger than ${maxFileBytes} bytes, so it is not what it should be.` };
    return {
      sentence: `Cannot read ${file} (${code ?? 'unknown error'}); it must belong to the user that runs netdata.`,
    };
  }
}

/** What is in claim.d, by whoever put it there, belongs to the user that runs netdata. */
const allFiles = [
  'private.pem',
  'public.pem',
  'cloud.conf',
  'claimed_id',
  'token',
  'rooms',
  'cloud_fullchain.pem',
] as const;

/** What a refusal of the system to write in claim.d means. */
export function cannotWrite(directory: string, error: unknown): ClaimDirectoryError {
  const { code = 'unknown error', syscall = '' } = error as NodeJS.ErrnoException;
  const remedy = /chown/.test(syscall)
    ? 'root cannot give files away there, as on some network and mounted file systems; run the command as the user that runs netdata'
    : (writeRemedies[code] ??
      'run the command with sudo, or as the user that runs netdata after giving it that directory');
  return new ClaimDirectoryError(`Cannot write ${directory} (${code}): ${remedy}.`);
}

const writeRemedies: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on the disk',
  EDQUOT: 'make room on the disk',
  ENOENT: 'the configuration directory does not exist; check NETDATA_USER_CONFIG_DIR or start the agent once',
  ENOTDIR: 'the configuration directory is no directory; check NETDATA_USER_CONFIG_DIR',
  EISDIR: 'a directory has the name of a file that belongs there; move it away',
  EROFS: 'the file system is read-only; mount a writable volume there',
};
