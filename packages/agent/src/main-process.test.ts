// What root does for another user, as a process of its own: it cannot be taken back.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
let built: string;
let program: string;
let folder: string;
beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'process-'));
  program = join(built, 'process.mjs');
  const here = (name: string): string => JSON.stringify(new URL(name, import.meta.url).pathname);
  const source = `
    import { writeFileSync } from 'node:fs';
    import { loadConfig } from ${here('config/load.ts')};
    import { becomeUser, chooseAccount, prepareFolders, removePidFile, StartError, writePidFile } from ${here('main-process.ts')};
    const { env, user, option, pidFile } = JSON.parse(process.argv[2]);
    const overrides = user === undefined ? [] : [{ conf: 'netdata', section: 'global', key: 'run as user', value: user, option }];
    try {
      const config = loadConfig({ env, overrides, configFile: undefined, installationFile: undefined });
      const account = await chooseAccount(config);
      const findings = await prepareFolders(config, account);
      await writePidFile(pidFile, account);
      if (account !== undefined) becomeUser(account);
      writeFileSync(env.NETDATA_LOG_DIR + '/written', '');
      removePidFile(pidFile);
      console.log(JSON.stringify({ uid: process.getuid(), groups: process.getgroups(), findings }));
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      console.log(JSON.stringify({ fault: error.message }));
    }`;
  writeFileSync(join(built, 'process.ts'), source);
  const options = ['--bundle', '--platform=node', '--format=esm', `--outfile=${program}`];
  execFileSync('npx', ['esbuild', join(built, 'process.ts'), ...options], { stdio: 'ignore' });
});
afterAll(() => rmSync(built, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);
const start = (user: string | undefined, more: Record<string, string> = {}, as = 0): Record<string, unknown> => {
  const env = {
    NETDATA_USER_CONFIG_DIR: inFolder('etc'),
    NETDATA_LIB_DIR: inFolder('lib'),
    NETDATA_LOG_DIR: inFolder('log'),
    NETDATA_RUN_DIR: inFolder('run'),
    ...more,
  };
  const request = JSON.stringify({ env, user, option: '-u', pidFile: inFolder('pid') });
  // Read by whoever runs it: the folder of the build is root's.
  chmodSync(built, 0o755);
  const options = { encoding: 'utf8', timeout: 30_000, ...(isRoot ? { uid: as, gid: as } : {}) } as const;
  const { stdout, stderr } = spawnSync(process.execPath, [program, request], options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
};
const owner = (name: string): [number, string] => {
  const { uid, mode } = statSync(inFolder(name));
  return [uid, (mode & 0o777).toString(8)];
};

test.runIf(isRoot)('root makes everything for the user that it becomes, and writes as that user from then on', () => {
  mkdirSync(inFolder('run'), { mode: 0o755 });
  chmodSync(inFolder('run'), 0o777);
  mkdirSync(inFolder('log'));
  writeFileSync(inFolder('log/error.log'), 'root was here');
  expect(start('nobody')).toMatchObject({ uid: nobody, groups: [nobody], findings: [] });
  expect(owner('lib')).toEqual([nobody, '755']);
  expect(owner('run')).toEqual([nobody, '750']);
  expect(owner('log/error.log')[0]).toBe(nobody);
  expect(owner('log/written')[0]).toBe(nobody);
  expect(owner('etc')[0]).toBe(0);
  expect(owner('etc/claim.d')).toEqual([nobody, '750']);
  // Its folder is root's, so the file stays, and tells of no process.
  expect(statSync(inFolder('pid')).size).toBe(0);
});

test.each(['symlink', 'link'] as const)("the PID file is nobody else's file: a %s is not written to", (kind) => {
  writeFileSync(inFolder('precious'), 'precious');
  if (kind === 'link') linkSync(inFolder('precious'), inFolder('pid'));
  else symlinkSync(inFolder('precious'), inFolder('pid'));
  expect(start(undefined)).toEqual({ fault: expect.stringMatching(/Cannot write the PID file .*-P/) as unknown });
  expect(readFileSync(inFolder('precious'), 'utf8')).toBe('precious');
});

test.runIf(isRoot)('folders of others are not taken over', () => {
  expect(start('nobody', { NETDATA_LOG_DIR: '/var/log' })).toEqual({
    fault: expect.stringContaining('not /var/log') as unknown,
  });

  // However it is written.
  expect(start('nobody', { NETDATA_LOG_DIR: '/var/spool/../log' })['fault']).toContain('not /var/spool/../log');
  expect(statSync('/var/log').uid).toBe(0);
  mkdirSync(inFolder('sticky'));
  chmodSync(inFolder('sticky'), 0o1777);
  expect(start('nobody', { NETDATA_RUN_DIR: inFolder('sticky') })['fault']).toContain('a folder of its own');
  mkdirSync(inFolder('lib2'));
  chownSync(inFolder('lib2'), 1234, 1234);
  expect(start('nobody', { NETDATA_LIB_DIR: inFolder('lib2') })['fault']).toContain('belongs to the user number 1234');
});

test.runIf(isRoot)('who is not root stays who they are, and cannot become another', () => {
  for (const name of ['etc', 'lib', 'log', 'run']) {
    mkdirSync(inFolder(name));
    chownSync(inFolder(name), nobody, nobody);
  }
  chownSync(folder, nobody, nobody);
  expect(start('root', {}, nobody)).toEqual({ fault: expect.stringContaining('Only root can') as unknown });
  expect(start('nobody', {}, nobody)).toMatchObject({ uid: nobody });
  // A setting is for the start by root; here it is only whose claim.d it is.
  writeFileSync(inFolder('etc/netdata.conf'), '[global]\nrun as user = root\n');
  expect(start(undefined, {}, nobody)).toMatchObject({ uid: nobody });
});

test('a user that does not exist, and a folder that cannot be, stop the start', () => {
  expect(start('no-such-user')).toEqual({
    fault: 'There is no user no-such-user on this node; correct option -u of the command line.',
  });
  writeFileSync(inFolder('log'), '');
  expect(start(undefined, { NETDATA_LOG_DIR: inFolder('log/x') })['fault']).toMatch(
    /Cannot write .*log\/x \(ENOTDIR\)/,
  );
});
