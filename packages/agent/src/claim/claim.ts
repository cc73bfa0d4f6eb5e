// Being claimed, step by step. Each step may be the last one before a crash; running the same claim again is always safe:
//
//   1 claim.d and its lock      nothing has changed
//   2 probe                     nothing has changed; what cannot be written later is noticed now
//   3 key pair                  made once and kept; no claim yet
//   4 the request               the Cloud accepts the same claim with the same key again, so a lost answer is asked for again
//   5 cloud.conf                names the claim it belongs to, so an older claimed_id beside it is not believed
//   6 claimed_id                the claim counts from here
//   7 token deleted             a left-over token is used and deleted by the next run

import type { ClaimId, MachineGuid } from '@claimstead/wire/ids';
import type { Owner } from '../config/atomic-file.ts';
import type { CloudUrl } from '../config/cloud-url.ts';
import type { Proxy } from '../config/proxy.ts';
import type { Secret } from '../config/secret.ts';
import { systemClock, timed, type PassedHop } from '../dial/hop-timer.ts';
import { loadTrust, TrustFileError } from '../dial/trust.ts';
import { putClaim, type ClaimPatience } from './claim-client.ts';
import {
  cannotWrite,
  ClaimDirectoryError,
  makeClaimDirectory,
  obtainKeyPair,
  probeClaimDirectory,
  saveClaim,
  type SaveStep,
} from './claim-directory.ts';
import { lockClaim, type ClaimLock } from './claim-lock.ts';

export interface ClaimWish {
  directory: string;
  /** Whose the files shall be; undefined: ours. */
  owner: undefined | Owner;
  url: CloudUrl;
  proxy: Proxy;
  token: Secret;
  /** Ids or slugs of rooms; may be empty. */
  rooms: readonly string[];
  claimId: ClaimId;
  machineGuid: MachineGuid;
  hostname: string;
  /** Whether -hostname= named it: the link goes on telling that name then, and the agent's own otherwise. */
  isHostnameChosen: boolean;
}

export type ClaimStep = 'locked' | 'probed' | 'key pair ready' | 'accepted by the Cloud' | SaveStep;

/** `claimed`: durable on disk; the daemon has not been told. Otherwise the exit code and the words, and the old state is untouched. */
export type ClaimResult = { claimed: true; publicPem: string } | { claimed: false; exitCode: number; words: string };

/** Never throws for anything that a person can put right. `done` is told after each step, `onHop` how long the way to the Cloud took. */
export async function claimNode(
  wish: ClaimWish,
  patience: ClaimPatience,
  done: (step: ClaimStep) => void,
  onHop: (passed: PassedHop) => void = () => undefined,
): Promise<ClaimResult> {
  let lock: ClaimLock | undefined;
  let isAccepted = false;
  try {
    await makeClaimDirectory(wish.directory, wish.owner);
    lock = await lockClaim(wish.directory, wish.owner).catch((error: unknown) => {
      throw cannotWrite(wish.directory, error);
    });
    if ('holder' in lock) {
      const words = `Another claim of this node is in progress (process ${lock.holder}); wait for it to end.`;
      return { claimed: false, exitCode: 14, words };
    }
    done('locked');
    await probeClaimDirectory(wish.directory, wish.owner);
    done('probed');
    const how = { clock: systemClock, onHop };
    const { publicPem } = await timed('key-pair', how, () => obtainKeyPair(wish.directory, wish.owner));
    done('key pair ready');
    const trust = await loadTrust(wish.directory);
    const request = {
      node: { id: wish.claimId, hostname: wish.hostname },
      token: wish.token.reveal(),
      rooms: [...wish.rooms],
      publicKey: publicPem,
      mGUID: wish.machineGuid,
    };
    const answer = await putClaim(request, { url: wish.url, proxy: wish.proxy, trust }, patience, onHop);
    if (!answer.accepted) return { claimed: false, exitCode: answer.exitCode, words: answer.words };
    isAccepted = true;
    done('accepted by the Cloud');
    const hostname = wish.isHostnameChosen ? wish.hostname : undefined;
    const saved = { claimId: wish.claimId, url: wish.url, proxyWords: wish.proxy.masked, hostname };
    await timed('save', how, () => saveClaim(wish.directory, saved, wish.owner, done));
    return { claimed: true, publicPem };
  } catch (error) {
    if (!(error instanceof ClaimDirectoryError || error instanceof TrustFileError)) throw error;
    const words = isAccepted
      ? `The Cloud accepted the claim, but it could not be saved; run the command again. ${error.message}`
      : error.message;
    return { claimed: false, exitCode: 2, words };
  } finally {
    if (lock !== undefined && 'release' in lock) await lock.release();
  }
}
