// A claim against a scripted Cloud, with certificates and a claim.d of its own.

import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseClaimId, parseMachineGuid, type ClaimId, type MachineGuid } from '@claimstead/wire/ids';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { direct, resolveProxy, type Proxy } from '../../config/proxy.ts';
import { Secret } from '../../config/secret.ts';
import { claimNode, type ClaimResult, type ClaimWish } from '../claim.ts';
import type { ClaimPatience } from '../claim-client.ts';
import { farAhead, longAgo, makeCa, type Certificate, type PrivateCa } from './certificates.ts';
import { ScriptedCloud, type ScriptedAnswer } from './scripted-cloud.ts';

export const token = 'CANARY-TOKEN';
export const claimId = parseClaimId(randomUUID()) as ClaimId;
export const machineGuid = parseMachineGuid(randomUUID()) as MachineGuid;

export let caFolder: string;
export let ca: PrivateCa;
export let good: Certificate;
export let folder: string;
export let directory: string;
/** Everything that a test started, closed after it. */
export let toClose: { close(): Promise<void> }[];

export function useClaim(): void {
  beforeAll(() => {
    caFolder = mkdtempSync(join(tmpdir(), 'ca-'));
    ca = makeCa(caFolder);
    good = ca.issue('good', 'DNS:localhost,IP:127.0.0.1', longAgo, farAhead);
  });
  afterAll(() => rmSync(caFolder, { recursive: true, force: true }));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claim-'));
    directory = join(folder, 'claim.d');
    mkdirSync(directory);
    writeFileSync(join(directory, 'cloud_fullchain.pem'), ca.ca);
    toClose = [];
  });
  afterEach(async () => {
    await Promise.all(toClose.map((thing) => thing.close()));
    rmSync(folder, { recursive: true, force: true });
  });
}

export const patience: ClaimPatience = { deadlineMs: 20_000, pause: async () => undefined, random: () => 0.5 };
export const startCloud = async (
  script: ScriptedAnswer[],
  certificate = good,
): Promise<{ cloud: ScriptedCloud; url: string; port: number }> => {
  const cloud = new ScriptedCloud(certificate, script);
  toClose.push(cloud);
  const port = await cloud.listen();
  return { cloud, url: `https://localhost:${port}`, port };
};
export const wish = (url: string, more: Partial<ClaimWish> = {}): ClaimWish => ({
  directory,
  owner: undefined,
  url,
  proxy: direct,
  token: new Secret(token),
  rooms: ['room1', 'room2'],
  claimId,
  machineGuid,
  hostname: 'host "quoted" \\ é',
  isHostnameChosen: false,
  ...more,
});
export const claim = (
  url: string,
  more: Partial<ClaimWish> = {},
  with_: Partial<ClaimPatience> = {},
): Promise<ClaimResult> => claimNode(wish(url, more), { ...patience, ...with_ }, () => undefined);
export const proxyOf = (value: string): Proxy => {
  const { proxy } = resolveProxy(value, 'test', {});
  if (proxy.kind === 'malformed') throw new Error(proxy.sentence);
  return proxy;
};
