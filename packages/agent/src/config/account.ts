// The users of this machine: who runs the agent, and what their number and group are.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Owner } from './atomic-file.ts';

export interface Account extends Owner {
  name: string;
}

/** Finds a user by name or by number; undefined when there is none. Never throws. */
export type FindAccount = (user: string | number) => Promise<Account | undefined>;

/** A directory server that does not answer must not hold up a claim. */
const lookupTimeoutMs = 5_000;
/** Where distributions keep getent; whatever PATH somebody brought along does not count. */
const lookupPath = '/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin';

/** /etc/passwd first; a user who is not in it may come from a directory server, which `getent` asks. */
export const systemAccounts: FindAccount = async (user) => {
  const local = findInPasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''), user);
  if (local !== undefined || !isUserName(String(user))) return local;
  return new Promise((resolve) => {
    const options = { timeout: lookupTimeoutMs, env: { PATH: lookupPath }, maxBuffer: 64 * 1024 };
    execFile('getent', ['passwd', String(user)], options, (error, stdout) =>
      resolve(error === null ? findInPasswd(stdout, user) : undefined),
    );
  });
};

/** Names of directory servers hold dots, blanks, @ and backslashes; a dash in front would be an option, a colon ends the field. */
export const isUserName = (name: string): boolean => /^[^-\s:][^\p{Cc}:]{0,255}$/u.test(name);

/** The line of a user in the text of /etc/passwd. [passwd(5)] */
export function findInPasswd(text: string, user: string | number): Account | undefined {
  for (const line of text.split('\n')) {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    if (name === '' || !/^\d{1,10}$/.test(uid) || !/^\d{1,10}$/.test(gid)) continue;
    if (typeof user === 'number' ? Number(uid) === user : name === user)
      return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** For sentences: the name, else the number. */
export const userWords = async (find: FindAccount, uid: number): Promise<string> =>
  (await find(uid))?.name ?? `number ${uid}`;
