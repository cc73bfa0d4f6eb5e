// Who may claim: root, who then gives the files to the user that runs netdata, or that user. Everybody else is refused before any
// file or the network is touched.

import { readFile, stat } from 'node:fs/promises';
import type { Owner } from '../config/atomic-file.ts';

export interface ClaimUserQuestion {
  /** Who runs the command. */
  uid: number;
  claimDirectory: string;
  configDirectory: string;
  /** From -user= or `[global] run as user`; undefined: nobody said. */
  serviceUser: undefined | string;
  /** Text of /etc/passwd. */
  passwd: string;
}

/** `owner`: whose the files shall be; undefined: whoever runs the command. `sentence`: names the user who may. */
export type ClaimUser = { owner: undefined | Owner } | { sentence: string };

/** The user that packages of netdata make. */
const usualServiceUser = 'netdata';

export async function readPasswd(): Promise<string> {
  return readFile('/etc/passwd', 'utf8').catch(() => '');
}

export async function claimUser({
  uid,
  claimDirectory,
  configDirectory,
  serviceUser,
  passwd,
}: ClaimUserQuestion): Promise<ClaimUser> {
  const users = parsePasswd(passwd);
  const named = serviceUser === undefined ? undefined : users.get(serviceUser);
  if (serviceUser !== undefined && named === undefined) {
    return { sentence: `There is no user ${serviceUser} on this node; correct -user= or [global] run as user.` };
  }
  const holder = await ownerOf(claimDirectory);
  const configOwner = await ownerOf(configDirectory);
  if (uid === 0) {
    // What belongs to somebody already stays theirs; a new directory goes to the user that packages make, or to the one whose configuration it is.
    const owner =
      named ??
      [holder, users.get(usualServiceUser), configOwner].find((known) => known !== undefined && known.uid !== 0);
    return { owner: owner === undefined ? undefined : { uid: owner.uid, gid: owner.gid } };
  }
  const nameOf = (wanted: number): string =>
    [...users].find(([, user]) => user.uid === wanted)?.[0] ?? `number ${wanted}`;
  const refusal = (name: string): ClaimUser => ({
    sentence: `This command must be run by the user ${name}, or with sudo; you are the user ${nameOf(uid)}.`,
  });
  if (named !== undefined) return named.uid === uid ? { owner: undefined } : refusal(serviceUser ?? '');
  if (holder !== undefined) return holder.uid === uid ? { owner: undefined } : refusal(nameOf(holder.uid));
  const usual = users.get(usualServiceUser);
  if (configOwner?.uid !== uid && usual !== undefined && usual.uid !== uid) return refusal(usualServiceUser);
  return { owner: undefined };
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  const known = await stat(path).catch(() => undefined);
  return known === undefined ? undefined : { uid: known.uid, gid: known.gid };
}

function parsePasswd(text: string): Map<string, Owner> {
  const users = new Map<string, Owner>();
  for (const line of text.split('\n')) {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(uid) && /^\d+$/.test(gid)) users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
