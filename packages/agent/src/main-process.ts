// What the daemon does to its own process before it runs: folders, PID file, and from root to the user who runs it.

import { chmodSync, constants, existsSync, realpathSync, rmSync, statSync, truncateSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid, pid } from 'node:process';
import { ClaimDirectoryError, claimDirectoryOf, makeClaimDirectory } from './claim/claim-directory.ts';
import { systemAccounts, type Account } from './config/account.ts';
import { giveAway } from './config/give-away.ts';
import type { AgentConfig } from './config/load.ts';
import { makeFolders } from './config/make-folders.ts';
import { machineGuidFile } from './config/machine-guid.ts';
import { removeDeadSocket } from './control/control-server.ts';

/** The daemon cannot start. The message is one sentence: path or user, cause and remedy. */
export class StartError extends Error {}

/** Folders that many programs share; an agent that is told to use one of them must not take it over. */
const sharedFolders = new Set(
  (
    '/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp ' +
    '/usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/etc /usr/sbin /usr/share ' +
    '/var /var/cache /var/lib /var/log /var/run /var/spool /var/tmp'
  ).split(' '),
);

/** However its path is written. */
const isShared = (directory: string): boolean => sharedFolders.has(realpathSync(directory));

/** Who the daemon shall become; undefined: it stays who it is. Throws StartError. */
export async function chooseAccount({ serviceUser }: AgentConfig): Promise<Account | undefined> {
  if (serviceUser === undefined) return undefined;
  const account = await systemAccounts(serviceUser.name);
  if (account === undefined)
    throw new StartError(`There is no user ${serviceUser.name} on this node; correct ${serviceUser.place}.`);
  const uid = getuid?.();
  if (uid === account.uid) return undefined;
  if (uid === 0) return account;
  if (serviceUser.place.startsWith('option'))
    throw new StartError(
      `Only root can start netdata as the user ${serviceUser.name}; leave ${serviceUser.place} out, or use sudo.`,
    );
  return undefined;
}

/** Makes what the daemon writes into, for `account` when root does it. What it cannot do about claim.d is answered in sentences: monitoring needs none. */
export async function prepareFolders(
  { directories, controlSocket }: AgentConfig,
  account: Account | undefined,
): Promise<string[]> {
  const { config, lib, log, run } = directories;
  const findings: string[] = [];
  try {
    for (const [directory, mode] of [
      [lib, 0o755],
      [log, 0o750],
      [run, 0o750],
    ] as const) {
      makeFolders(directory, mode);
      if (account !== undefined) await takeFolder(directory, account);
    }
    closeToOthers(run);
    if (account !== undefined) {
      await giveAway([join(lib, 'registry'), machineGuidFile(lib), join(log, 'error.log')], account);
      // One that root's own agent left; the user that it becomes could not tell it from a living one.
      await removeDeadSocket(controlSocket);
    }
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const { code, path } = cause as NodeJS.ErrnoException;
    throw new StartError(
      `Cannot write ${path ?? log} (${code ?? 'unknown error'}); run as a user who can, or set other [directories] in netdata.conf.`,
    );
  }
  try {
    // Where claim.d goes. An agent that may not make it still monitors.
    makeFolders(config, 0o755);
    // Root makes it now, because the user who will claim cannot make it under a configuration directory of root's.
    if (account !== undefined) await makeClaimDirectory(claimDirectoryOf(config), account);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    findings.push(
      cause instanceof ClaimDirectoryError
        ? `claim: ${cause.message}`
        : `claim: cannot make ${config} (${code}); make it before this node is claimed`,
    );
  }
  return findings;
}

async function takeFolder(directory: string, account: Account): Promise<void> {
  const { uid, mode } = statSync(directory);
  if (uid === account.uid) return;
  if (isShared(directory) || (mode & 0o1000) !== 0)
    throw new StartError(
      `The agent needs a folder of its own, not ${directory}; set another one under [directories] in netdata.conf.`,
    );
  if (uid !== 0)
    throw new StartError(
      `${directory} belongs to the user number ${uid}, not to ${account.name}; give it to that user, or set another one under [directories].`,
    );
  await giveAway([directory], account);
}

/** Who may reach the control socket may claim and stop the agent, so a folder that is ours lets nobody else in. */
function closeToOthers(run: string): void {
  const { uid, mode } = statSync(run);
  const isSticky = (mode & 0o1000) !== 0;
  const isOurs = uid === getuid?.() || getuid?.() === 0;
  if (isOurs && !isSticky && !isShared(run) && (mode & 0o027) !== 0) chmodSync(run, mode & 0o750);
}

/**
 * Written before the user changes, because the usual place is root's. In a folder of that user it might be a link that they put there: none
 * is followed, and no file with a second name is written. Throws StartError.
 */
export async function writePidFile(file: string, account: Account | undefined): Promise<void> {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const handle = await open(file, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o644);
    try {
      const known = await handle.stat();
      if (!known.isFile() || known.nlink !== 1) throw Object.assign(new Error(), { code: 'not a file of its own' });
      await handle.truncate();
      await handle.writeFile(`${pid}\n`);
      if (account !== undefined) await handle.chown(account.uid, account.gid);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new StartError(
      `Cannot write the PID file ${file} (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}); give another with -P.`,
    );
  }
}

/** Emptied where the folder is not ours to remove it from: a number of a process that is gone must not stay. */
export function removePidFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    try {
      if (existsSync(file)) truncateSync(file);
    } catch {
      // Nobody is left to tell; the next start writes it anew.
    }
  }
}

/** Missing in the types of Node. */
type InitGroups = (user: string, group: number) => void;

/** Groups first, user last: afterwards there is no way back. Throws StartError. */
export function becomeUser(account: Account): void {
  try {
    (process as typeof process & { initgroups?: InitGroups }).initgroups?.(account.name, account.gid);
    process.setgid?.(account.gid);
    process.setuid?.(account.uid);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new StartError(
      `Cannot become the user ${account.name} (${code}); a container needs CAP_SETUID and CAP_SETGID for that.`,
    );
  }
}
