// How an agent proves its key: a challenge, its answer, and a password for one connection. Everything lives in memory, so a
// restart of the Cloud voids it all. Reading order: challenge.ts (rules), challenge-routes.ts (HTTP). [trust T4]

import { createHash, createPublicKey, timingSafeEqual } from 'node:crypto';
import { challengeBytes, challengeLifetimeSeconds, encryptChallenge } from '@claimstead/wire/link/challenge';
import { CloudError } from '@claimstead/wire/errors';
import { parseClaimId, type ClaimId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';
import type { ClaimedNode } from '../node/node.ts';

const lifetimeMs = challengeLifetimeSeconds * 1000;
/** After this half of its life a challenge is no longer handed out anew, so that whoever gets one has at least as long to answer. */
const handedOutMs = lifetimeMs / 2;
/** Passwords of one claim that may be open at once: an agent needs one; its retries some. */
const maxOpenPasswords = 8;

export interface Challenges {
  /**
   * The open challenge of a claim: base64 that only its private key reads. The same text for everybody who asks within half a
   * minute: a flood of askers costs one encryption, pushes nothing out, and cannot keep the owner from answering.
   */
  issue(node: ClaimedNode): string;
  /** Takes the answer and gives a password for one CONNECT. Throws link-challenge-refused; a wrong answer uses nothing up. */
  answer(node: ClaimedNode, response: string): { clientID: string; username: string; password: string };
  /** Uses a password up: the node that it was given to. Undefined when it is wrong, used or too late. */
  redeem(credentials: { clientId: string; username: string; password: string }): ClaimedNode | undefined;
  /** Forgets everything of a claim: its key or its standing changed. */
  forget(claimId: ClaimId): void;
}

interface Open {
  /** SHA-256 of what must come back; the plain text is kept nowhere. */
  digest: Buffer;
  expiresAt: number;
}
type OpenChallenge = Open & { encrypted: string; handedOutUntil: number };
type OpenPassword = Open & { node: ClaimedNode };

const digestOf = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

export function createChallenges(parts: { clock: Clock; random: (bytes: number) => Buffer }): Challenges {
  const { clock, random } = parts;
  const challenges = new Map<ClaimId, OpenChallenge[]>();
  const passwords = new Map<ClaimId, OpenPassword[]>();

  // What is left after expiry is dropped when its claim is touched, and everything once a lifetime.
  let nextSweep = 0;
  const alive = <T extends Open>(map: Map<ClaimId, T[]>, claimId: ClaimId): T[] => {
    const now = clock.elapsedMs();
    if (now >= nextSweep) {
      nextSweep = now + lifetimeMs;
      for (const one of [challenges, passwords]) {
        for (const [id, list] of one) if (list.every((open) => open.expiresAt <= now)) one.delete(id);
      }
    }
    const list = (map.get(claimId) ?? []).filter((open) => open.expiresAt > now);
    if (list.length === 0) map.delete(claimId);
    else map.set(claimId, list);
    return list;
  };

  const takeMatching = <T extends Open>(map: Map<ClaimId, T[]>, claimId: ClaimId, presented: Buffer): T | undefined => {
    const list = alive(map, claimId);
    // Every entry is compared, whichever fits, so that the time tells nothing.
    const fits = list.filter((open) => timingSafeEqual(open.digest, presented));
    if (fits.length === 0) return undefined;
    map.set(
      claimId,
      list.filter((open) => !fits.includes(open)),
    );
    return fits[0];
  };

  return {
    issue({ claimId, publicKeyPem }) {
      const now = clock.elapsedMs();
      const open = alive(challenges, claimId);
      const current = open.find((one) => one.handedOutUntil > now);
      if (current !== undefined) return current.encrypted;
      const plain = random(challengeBytes);
      const encrypted = encryptChallenge(createPublicKey(publicKeyPem), plain);
      const entry = {
        digest: digestOf(plain),
        expiresAt: now + lifetimeMs,
        handedOutUntil: now + handedOutMs,
        encrypted,
      };
      challenges.set(claimId, [...open, entry]);
      return encrypted;
    },
    answer(node, response) {
      const { claimId } = node;
      const presented = digestOf(Buffer.from(response.slice(0, 128), 'base64'));
      if (takeMatching(challenges, claimId, presented) === undefined) throw new CloudError('link-challenge-refused');
      const password = random(32).toString('base64url');
      const open = [
        ...alive(passwords, claimId),
        { digest: digestOf(password), expiresAt: clock.elapsedMs() + lifetimeMs, node },
      ];
      passwords.set(claimId, open.slice(-maxOpenPasswords));
      return { clientID: claimId, username: claimId, password };
    },
    redeem({ clientId, username, password }) {
      const claimId = parseClaimId(username);
      if (claimId === undefined || clientId !== username) return undefined;
      return takeMatching(passwords, claimId, digestOf(password))?.node;
    },
    forget(claimId) {
      challenges.delete(claimId);
      passwords.delete(claimId);
    },
  };
}
