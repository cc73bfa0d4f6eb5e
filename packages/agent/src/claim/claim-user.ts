// Who may claim: root, who then gives the files to the user that runs netdata, or that user. Everybody else is refused before any
// file or the network is touched.

import { stat } from 'node:fs/promises';
import { userWords, type Account, type FindAccount } from '../config/account.ts';
import type { Owner } from '../config/atomic-file.ts';

export interface ClaimUserQuestion {
  /** Who runs the command. */
  uid: number;
  claimDirectory: string;
  configDirectory: string;
  /** From -user= or `[global] run as user`, and which of the two; undefined: nobody said. */
  serviceUser: undefined | { name: string; place: string };
  findAccount: FindAccount;
}

/** `owner`: whose the files shall be; undefined: whoever runs the command. `sentence`: names the user who may. */
export type ClaimUser = { owner: undefined | Owner } | { sentence: string };

/** The user that packages of netdata make. */
const usualServiceUser = 'netdata';

export async function claimUser({
  uid,
  claimDirectory,
  configDirectory,
  serviceUser,
  findAccount,
}: ClaimUserQuestion): Promise<ClaimUser> {
  const named = serviceUser === undefined ? undefined : await findAccount(serviceUser.name);
  if (serviceUser !== undefined && named === undefined)
    return { sentence: `There is no user ${serviceUser.name} on this node; correct ${serviceUser.place}.` };
  const refusal = async (name: string): Promise<ClaimUser> => ({
    sentence: `This command must be run by the user ${name}, or with sudo; you are the user ${await userWords(findAccount, uid)}.`,
  });
  if (named !== undefined) {
    if (uid === 0) return { owner: ownerOfAccount(named) };
    return named.uid === uid ? { owner: undefined } : refusal(named.name);
  }
  const holder = await ownerOf(claimDirectory);
  const configOwner = await ownerOf(configDirectory);
  if (uid === 0) {
    // What belongs to somebody already stays theirs; a new directory goes to the user that packages make, or to the one whose configuration it is.
    if (holder !== undefined && holder.uid !== 0) return { owner: holder };
    const usual = await findAccount(usualServiceUser);
    const owner = [usual, configOwner].find((known) => known !== undefined && known.uid !== 0);
    return { owner: owner === undefined ? undefined : ownerOfAccount(owner) };
  }
  if (holder !== undefined)
    return holder.uid === uid ? { owner: undefined } : refusal(await userWords(findAccount, holder.uid));
  if (configOwner?.uid === uid) return { owner: undefined };
  const usual = await findAccount(usualServiceUser);
  if (usual !== undefined && usual.uid !== uid) return refusal(usualServiceUser);
  return { owner: undefined };
}

const ownerOfAccount = ({ uid, gid }: Owner | Account): Owner => ({ uid, gid });

async function ownerOf(path: string): Promise<Owner | undefined> {
  const known = await stat(path).catch(() => undefined);
  return known === undefined ? undefined : { uid: known.uid, gid: known.gid };
}
