import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig, readSettings, takeEnvironment, type AgentConfig } from './load.ts';
import { ConfigError } from './setting-reader.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const load = (
  conf: string,
  env: Record<string, string> = {},
  overrides: [string, string, string][] = [],
): AgentConfig => {
  writeFileSync(join(folder, 'netdata.conf'), conf);
  return loadConfig({
    env: { NETDATA_USER_CONFIG_DIR: folder, ...env },
    overrides: overrides.map(([section, key, value]) => ({ conf: 'netdata', section, key, value, option: '-W set' })),
    configFile: undefined,
    installationFile: undefined,
  });
};

test('without a file and an environment everything has its default', () => {
  const config = loadConfig({ env: {}, overrides: [], configFile: undefined, installationFile: undefined });
  expect(config.directories).toEqual({
    config: '/etc/netdata',
    lib: '/var/lib/netdata',
    log: '/var/log/netdata',
    run: '/run/netdata',
  });
  expect(config.controlSocket).toBe('/run/netdata/netdata.pipe');
  expect(config.web).toEqual({ address: 'localhost', port: 19_999 });
  expect(config.cloud).toMatchObject({
    enabled: true,
    baseUrl: 'https://netdata.cloud',
    proxy: { proxy: { kind: 'direct' } },
  });
  expect(config.hostname).not.toBe('');
  expect(config.retentionSeconds).toBe(3600);
  expect(config.findings).toEqual([]);
});

test('the command line wins over the environment, the environment over the file, the file over the default', () => {
  const conf = '[directories]\nlib = /file/lib\nlog = /file/log\nrun = /file/run\n';
  const env = { NETDATA_LIB_DIR: '/env/lib', NETDATA_LOG_DIR: '/env/log/' };
  const { directories } = load(conf, env, [['directories', 'lib', '/argv/lib']]);
  expect(directories).toEqual({ config: folder, lib: '/argv/lib', log: '/env/log', run: '/file/run' });
});

test('-c names another file, and the claim still lies in the configuration directory', () => {
  const file = join(folder, 'other.conf');
  writeFileSync(file, '[global]\nhostname = other');
  const config = loadConfig({
    env: { NETDATA_USER_CONFIG_DIR: '/etc/elsewhere' },
    overrides: [],
    configFile: file,
    installationFile: undefined,
  });
  expect([config.hostname, config.directories.config]).toEqual(['other', '/etc/elsewhere']);
});

test('a file cannot move the directory that it is found in, and says so', () => {
  const config = load('[directories]\nconfig = /elsewhere');
  expect(config.directories.config).toBe(folder);
  expect(config.findings[0]?.sentence).toContain('NETDATA_USER_CONFIG_DIR');
});

test.each([
  ['localhost', 'localhost', 19_999],
  ['localhost:8080', 'localhost', 8080],
  ['*', undefined, 19_999],
  ['*:80', undefined, 80],
  ['10.0.0.1:0', '10.0.0.1', 0],
  ['[::1]', '::1', 19_999],
  ['[::1]:81', '::1', 81],
  ['::1', '::1', 19_999],
  ['::', '::', 19_999],
])('[web] bind to = %s', (value, address, port) => {
  expect(load(`[web]\nbind to = ${value}`).web).toEqual({ address, port });
});

test.each([
  ['[web]\nbind to = localhost 10.0.0.1', '[web] bind to'],
  ['[web]\nbind to = localhost:x', '[web] bind to'],
  ['[web]\nbind to = localhost:65536', '[web] bind to'],
  ['[web]\nbind to = [::1', '[web] bind to'],
  ['[web]\ndefault port = http', '[web] default port'],
  ['[global]\nhistory = long', '[global] history'],
  ['[global]\nhistory = 5', '[global] history'],
  ['[directories]\nlib = relative/path', '[directories] lib'],
])('%j stops the start and is named', (conf, name) => {
  expect(() => load(conf)).toThrow(ConfigError);
  expect(() => load(conf)).toThrow(name);
});

test.each([
  ['[global]\nnetdata cloud = enable', true, 0],
  ['[global]\nnetdata cloud = disable', false, 0],
  ['[global]\nnetdata cloud = Yes', true, 0],
  ['[global]\nnetdata cloud = off', false, 0],
  ['[general]\nnetadata cloud = enable', true, 1],
  ['[general]\nnetdata cloud = no', false, 1],
  ['[global]\nnetdata cloud = maybe', false, 1],
  ['[global]\nnetdata cloud = constructor', false, 1],
])('%j', (conf, enabled, findings) => {
  const config = load(conf);
  expect([config.cloud.enabled, config.findings.length]).toEqual([enabled, findings]);
});

test('faults of the Cloud settings do not stop monitoring', () => {
  const config = load('[cloud]\ncloud base url = http://cloud.example.com\nproxy = proxy:3128');
  expect(config.cloud.baseUrl).toBeUndefined();
  expect(config.cloud.proxy.proxy.kind).toBe('malformed');
  expect(config.findings.map(({ level }) => level)).toEqual(['error', 'error']);
});

test('the claim of the environment never prints its token', () => {
  const config = load('', { NETDATA_CLAIM_TOKEN: 'CANARY', NETDATA_CLAIM_URL: 'https://c' });
  expect(config.claimDefaults.token?.reveal()).toBe('CANARY');
  expect(JSON.stringify(config)).not.toContain('CANARY');
});

test('a file that was named and cannot be read is a mistake', () => {
  expect(() =>
    loadConfig({ env: {}, overrides: [], configFile: join(folder, 'absent'), installationFile: undefined }),
  ).toThrow(/absent \(ENOENT\)/);
  mkdirSync(join(folder, 'netdata.conf'));
  expect(() =>
    readSettings({ env: { NETDATA_USER_CONFIG_DIR: folder }, overrides: [], configFile: undefined }),
  ).toThrow(/EISDIR/);
});

test('variables that would steer libraries are taken out of the process', () => {
  process.env['NODE_USE_ENV_PROXY'] = '1';
  const env = takeEnvironment();
  expect(env['NODE_USE_ENV_PROXY']).toBe('1');
  expect(process.env['NODE_USE_ENV_PROXY']).toBeUndefined();
});
