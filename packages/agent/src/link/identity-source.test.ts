import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { createIdentitySource } from './identity-source.ts';

let folder: string;
let config: string;
let claimD: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-'));
  config = join(folder, 'etc');
  claimD = join(config, 'claim.d');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isGone = async (): Promise<boolean> => {
  const env = { NETDATA_USER_CONFIG_DIR: config };
  const settings = loadConfig({ env, overrides: [], configFile: undefined, installationFile: undefined });
  const { claimed, isGone: gone } = await createIdentitySource(() => settings)();
  expect(claimed).toBe(false);
  return gone;
};

test('a claim is gone when it was deleted, and not when it is out of reach', async () => {
  expect(await isGone()).toBe(false);
  mkdirSync(config);
  expect(await isGone()).toBe(true);
  mkdirSync(claimD);
  expect(await isGone()).toBe(true);
  symlinkSync(join(folder, 'not-mounted'), join(claimD, 'claimed_id'));
  expect(await isGone()).toBe(false);
  rmSync(claimD, { recursive: true });
  symlinkSync(join(folder, 'not-mounted'), claimD);
  expect(await isGone()).toBe(false);
  mkdirSync(join(folder, 'not-mounted'));
  expect(await isGone()).toBe(true);
  rmSync(claimD);
  writeFileSync(claimD, '');
  expect(await isGone()).toBe(false);
});
