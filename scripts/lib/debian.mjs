// Programs that come with Debian: installed with apt-get when we are root, named in one sentence when we are not.

import { rmSync, writeFileSync } from 'node:fs';
import { find, runQuietly } from './run.mjs';
import { Stop, withProgress } from './tell.mjs';

/** Program name → the Debian 12 package that brings it. */
export const debianPackageOf = {
  'g++': 'g++',
  make: 'make',
  python3: 'python3',
  git: 'git',
  chromium: 'chromium',
  strace: 'strace',
  openssl: 'openssl',
  certutil: 'libnss3-tools',
  sudo: 'sudo',
  curl: 'curl',
  less: 'less',
  ip: 'iproute2',
  iptables: 'iptables',
  faketime: 'faketime',
  microsocks: 'microsocks',
  tinyproxy: 'tinyproxy-bin',
  danted: 'dante-server',
  smtpd: 'opensmtpd',
  pebble: 'pebble',
  dash: 'dash',
  busybox: 'busybox',
  shellcheck: 'shellcheck',
};

/**
 * Sees to it that every program is in PATH. `why` completes "… is needed to …".
 * Without root, or where apt-get fails, stops with a sentence that names the packages.
 */
export async function ensurePrograms(programs, why) {
  const missing = programs.filter((program) => find(program) === undefined);
  if (missing.length === 0) return;
  const packages = missing.map((program) => debianPackageOf[program]);
  const advice = `install ${packages.join(' ')} (Debian: apt-get install ${packages.join(' ')})`;
  const isRoot = typeof process.getuid === 'function' && process.getuid() === 0;
  if (!isRoot || find('apt-get') === undefined) {
    throw new Stop(
      `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} needed to ${why}: ${advice}, then run the command again.`,
    );
  }
  await withProgress(`installing ${packages.join(' ')} with apt-get`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => runQuietly('apt-get', ['-q', '-y', ...args], { cwd: '/', env });
    const update = await apt('update');
    const install = await withoutServices(() => apt('install', '--no-install-recommends', ...packages));
    if (install.code === 0) return;
    const cause = [...update.lastLines, ...install.lastLines].filter((line) => /^(E|Err|W):?/.test(line)).slice(-1)[0];
    throw new Stop(
      `apt-get could not install what is needed to ${why} (${cause || `exit code ${install.code}`}): ${advice} yourself, then run the command again.`,
    );
  });
}

/**
 * Some packages bring a service and start it; Debian asks this file whether it may. One that is there already stays as it is.
 * (dante-server is not started later either: as it comes, its settings name no interface.)
 */
async function withoutServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  let isOurs = false;
  try {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    isOurs = true;
  } catch {
    // Somebody else decides.
  }
  try {
    return await install();
  } finally {
    if (isOurs) rmSync(policy, { force: true });
  }
}
