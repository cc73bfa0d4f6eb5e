// The first part of a check: what options, files and netdata.conf come to. Everything is looked at, so that a person hears of all faults
// at once; nothing is written.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { hostname as systemHostname } from 'node:os';
import { dirname } from 'node:path';
import { parseClaimId } from '@claimstead/wire/ids';
import { ClaimRefusal, chooseProxy, chooseRooms, chooseToken, chooseUrl } from '../claim/claim-choices.ts';
import { claimDirectoryOf, readClaim, readKeyPair, type ClaimState } from '../claim/claim-directory.ts';
import { claimUser } from '../claim/claim-user.ts';
import { makeKeyPair, type KeyPair } from '../claim/key-pair.ts';
import { systemAccounts } from '../config/account.ts';
import type { CloudUrl } from '../config/cloud-url.ts';
import { machineGuidFile, readMachineGuid } from '../config/machine-guid.ts';
import type { Proxy } from '../config/proxy.ts';
import type { Secret } from '../config/secret.ts';
import { loadTrust, TrustFileError, type Trust } from '../dial/trust.ts';
import type { DoctorParts } from './doctor-parts.ts';
import type { Walk } from './finding.ts';

/** Undefined is what cannot be used; the walk says why. */
export interface CheckedSettings {
  url: CloudUrl | undefined;
  proxy: Proxy | undefined;
  /** The link will go another way than the claim: one sentence. */
  proxyWarning: string | undefined;
  trust: Trust | undefined;
  token: Secret | undefined;
  rooms: readonly string[];
  hostname: string;
  claimId: string | undefined;
  machineGuid: string | undefined;
  claim: ClaimState;
  /** The node's own, or one that is made for this check and thrown away: a claim would make one, too. */
  keyPair: KeyPair | undefined;
}

export async function checkSettings({ given, around }: DoctorParts, walk: Walk): Promise<CheckedSettings> {
  const { config } = around;
  const directory = claimDirectoryOf(config.directories.config);
  const choose = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ClaimRefusal)) throw error;
      walk.fail('settings', error.code ?? 'url-invalid', error.message);
      return undefined;
    }
  };

  const user = await claimUser({
    uid: around.uid,
    claimDirectory: directory,
    configDirectory: config.directories.config,
    serviceUser: given.user === undefined ? config.serviceUser : { name: given.user, place: 'option -user=' },
    findAccount: systemAccounts,
  });
  if ('sentence' in user) walk.fail('settings', 'wrong-user', user.sentence);
  const { obstacle, available } = config.cloud;
  if (obstacle !== undefined) walk.fail('settings', available ? 'cloud-disabled' : 'cloud-not-installed', obstacle);

  const chosen = await choose(() => chooseProxy(given.proxy, config));
  const claim = await readClaim(directory);
  const isClaimed = claim.state === 'claimed';
  // A node that is claimed already is asked about without one.
  const token = await chooseToken(given.token, directory, config, around.readStdin).catch((error: unknown) => {
    if (!(error instanceof ClaimRefusal)) throw error;
    const isAbsent = error.code === 'token-missing' && given.token === undefined;
    if (!(isAbsent && isClaimed)) walk.fail('settings', error.code ?? 'token-missing', error.message);
    return undefined;
  });
  // Without a token nothing else can be meant than the claim that there is.
  const url =
    isClaimed && token === undefined && given.url === undefined && claim.url !== undefined
      ? claim.url
      : await choose(() => chooseUrl(given.url, config));
  const rooms = (await choose(() => chooseRooms(given.rooms, directory, config))) ?? [];
  const { lib } = config.directories;
  const machineGuid = await readMachineGuid(lib).catch(() => undefined);
  if (machineGuid === undefined) {
    const words = `This node has no machine GUID that can be read (${machineGuidFile(lib)})`;
    walk.fail('settings', 'machine-guid-missing', words);
  }
  const typedId = given.id === undefined ? undefined : parseClaimId(given.id);
  if (given.id !== undefined && typedId === undefined)
    walk.fail('settings', 'node-id-refused', 'The id of -id= is not a UUID');
  if (!walk.hasFailed) walk.pass('settings', null);

  const keyPair = await checkDirectory(directory, claim, walk);
  const trust = await loadTrust(directory).catch((error: unknown) => {
    if (!(error instanceof TrustFileError)) throw error;
    walk.fail('claim-directory', 'trust-file-invalid', error.message);
    return undefined;
  });
  if (!walk.findings.some(({ hop }) => hop === 'claim-directory')) walk.pass('claim-directory', null);

  return {
    url,
    proxy: chosen?.proxy,
    proxyWarning: chosen?.warning,
    trust,
    token,
    rooms,
    hostname: given.hostname ?? around.hostname ?? systemHostname(),
    claimId: given.id === undefined ? machineGuid : typedId,
    machineGuid,
    claim,
    keyPair,
  };
}

/** Whether a claim could be written, as far as that can be told without writing; and the key that it would use. */
async function checkDirectory(directory: string, claim: ClaimState, walk: Walk): Promise<KeyPair | undefined> {
  const fail = (words: string): void => walk.fail('claim-directory', 'claim-directory-unusable', words);
  const known = await stat(directory).catch((error: NodeJS.ErrnoException) => error);
  if (known instanceof Error && known.code !== 'ENOENT')
    fail(`Cannot look at ${directory} (${known.code ?? 'unknown error'})`);
  else if (!(known instanceof Error) && !known.isDirectory())
    fail(`${directory} is a file, and a directory is needed there`);
  else {
    const place = known instanceof Error ? dirname(directory) : directory;
    const refusal = await access(place, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => error);
    if (refusal instanceof Error) fail(`Cannot write ${place} (${refusal.code ?? 'unknown error'})`);
  }
  if (claim.state === 'broken') {
    walk.fail('claim-directory', 'claim-broken', claim.sentence);
    return undefined;
  }
  const pair = await readKeyPair(directory);
  if (pair === undefined) return makeKeyPair();
  if (!('sentence' in pair)) return pair;
  walk.fail('claim-directory', 'claim-broken', pair.sentence);
  return undefined;
}
