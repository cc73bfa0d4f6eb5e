import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig, type AgentConfig } from './load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (files: Record<string, string>, env: Record<string, string> = {}): AgentConfig => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return loadConfig({
    env: { NETDATA_USER_CONFIG_DIR: folder, ...env },
    overrides: [],
    configFile: undefined,
    installationFile: join(folder, 'installation.conf'),
  });
};

test.each<[string, Record<string, string>, Record<string, string>, boolean, boolean, RegExp | undefined]>([
  ['nothing is said', {}, {}, true, true, undefined],
  ['switched off', { 'netdata.conf': '[global]\nnetdata cloud = no' }, {}, false, true, /netdata cloud = enable/],
  ['nobody can tell', { 'netdata.conf': '[global]\nnetdata cloud = "on"' }, {}, false, true, /without quotes/],
  ['by the environment', {}, { NETDATA_DISABLE_CLOUD: '1' }, false, true, /NETDATA_DISABLE_CLOUD/],
  ['not by the environment', {}, { NETDATA_DISABLE_CLOUD: '0' }, true, true, undefined],
  ['not wanted', { 'installation.conf': '[cloud]\ndisabled = yes' }, {}, false, false, /--disable-cloud/],
  ['not had', { 'installation.conf': '[cloud]\nmissing = libmosquitto' }, {}, true, false, /\(libmosquitto\)/],
  [
    'neither wanted nor had',
    { 'installation.conf': '[cloud]\ndisabled = yes\nmissing = x', 'netdata.conf': '[global]\nnetdata cloud = yes' },
    {},
    false,
    false,
    /--disable-cloud/,
  ],
])('%s', (_, files, env, enabled, available, obstacle) => {
  const { cloud } = load(files, env);
  expect([cloud.enabled, cloud.available]).toEqual([enabled, available]);
  if (obstacle === undefined) expect(cloud.obstacle).toBeUndefined();
  else expect(cloud.obstacle).toMatch(obstacle);
});

test('the installation has its own Cloud, which settings replace', () => {
  const files = { 'installation.conf': '[cloud]\ncloud base url = https://ours.example.com/' };
  expect(load(files).cloud).toMatchObject({ baseUrl: 'https://ours.example.com', isBaseUrlSet: false });
  const both = { ...files, 'netdata.conf': '[cloud]\ncloud base url = https://mine' };
  expect(load(both).cloud).toMatchObject({ baseUrl: 'https://mine', isBaseUrlSet: true });
});

test('words of the installer that cannot be read stop nothing, and are told', () => {
  mkdirSync(join(folder, 'installation.conf'));
  const config = load({});
  expect(config.cloud).toMatchObject({ enabled: true, available: true, obstacle: undefined });
  expect(config.findings[0]?.sentence).toMatch(/cloud part.*EISDIR/);
});

test('claim.conf is what a claim takes where the environment says nothing', () => {
  const files = {
    'claim.conf':
      '[global]\n  token = CANARY # of ada\n  url = https://file\n  rooms = r1,r2\n  proxy = none\n  insecure = yes\n',
  };
  const { claimDefaults, findings } = load(files, {
    NETDATA_CLAIM_URL: 'https://env',
    NETDATA_EXTRA_CLAIM_OPTS: '-id=x',
  });
  expect(claimDefaults).toMatchObject({
    tokenFrom: 'claim.conf',
    url: 'https://env',
    rooms: 'r1,r2',
    proxy: 'none',
    extraOptions: '-id=x',
  });
  expect(claimDefaults.token?.reveal()).toBe('CANARY');
  expect(findings).toEqual([{ level: 'error', sentence: expect.stringContaining('cloud_fullchain.pem') as unknown }]);
  expect(load(files, { NETDATA_CLAIM_TOKEN: 'x' }).claimDefaults.tokenFrom).toBe('NETDATA_CLAIM_TOKEN');
});

test('a claim.conf that is none says so without repeating what may be a token', () => {
  const { claimDefaults, findings } = load({ 'claim.conf': 'token = CANARY\n[global]\ninsecure = no\n' });
  expect(claimDefaults.token).toBeUndefined();
  expect(findings.map(({ sentence }) => sentence).join()).toMatch(/^Line 1 of .*claim\.conf/);
  expect(JSON.stringify(findings)).not.toContain('CANARY');
});
