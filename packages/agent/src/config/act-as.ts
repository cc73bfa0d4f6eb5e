// Root at work in folders of the user that runs netdata: with that user's rights, so that a link which they put there leads root nowhere
// where they could not go themselves.

import { getegid, geteuid, getgroups, setegid, seteuid, setgroups } from 'node:process';
import type { Owner } from './atomic-file.ts';

/**
 * Does `work` as `owner`; as whoever runs it when that is undefined, or when this is not root. The whole process changes for that time, so
 * only for what is short, and one after the other. What `work` opened stays open with its rights.
 */
export async function actAs<T>(owner: undefined | Owner, work: () => Promise<T>): Promise<T> {
  if (owner === undefined || geteuid?.() !== 0) return work();
  const group = getegid?.() ?? 0;
  const groups = getgroups?.() ?? [];
  setgroups?.([owner.gid]);
  setegid?.(owner.gid);
  seteuid?.(owner.uid);
  try {
    return await work();
  } finally {
    // The user first: only root may take the groups back.
    seteuid?.(0);
    setegid?.(group);
    setgroups?.(groups);
  }
}
