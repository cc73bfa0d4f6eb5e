// Who else holds the key of a claim. The newest connection of a claim takes over at once; where that goes on and on, the one that is up is
// kept as long as it answers, and the others are refused before they get a password. [trust T5, docs/decisions/0007]

import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';
import type { ClaimedNode } from '../node/node.ts';
import { afterAttempt, isOver, noRivalry, rivalryWindowMs, type Host, type Rivalry } from './contested.ts';
import type { Link } from './link.ts';

export interface Contest {
  /** At least two, the connected one first. Two machines of one name behind one address look alike. */
  hosts: readonly ContendingHost[];
  /** Milliseconds since 1970. */
  sinceMs: number;
  settling: Settling | null;
}

export interface ContendingHost extends Host {
  isConnected: boolean;
  /** When it was connected or asked to be, last; milliseconds since 1970. */
  seenAtMs: number;
}

/** A machine that shall claim itself anew with a token of its own. */
export interface Settling extends Host {
  tokenId: string;
  atMs: number;
}

export interface Contests {
  /**
   * Somebody at `address` has proved the key of the node's claim. Resolves when they may have a password: at once, or, of a contested
   * identity, when the link that is up did not answer. Throws `link-contested`.
   */
  admit(node: ClaimedNode, address: string): Promise<void>;
  /** A link came up: it may be one of those that contend. */
  opened(link: Link): void;
  of(claimId: ClaimId): Contest | null;
  /** Somebody has made a token for one of the machines. False where nothing is contested. */
  settle(claimId: ClaimId, settling: Settling): boolean;
  /** A claim was accepted with that token: where it settles a contest, that is over. */
  claimedWith(tokenId: string): void;
  /** The claim has ended or has another key. */
  forget(claimId: ClaimId): void;
}

export interface ContestsParts {
  clock: Clock;
  linkOf: (claimId: ClaimId) => Link | undefined;
  /** `contest` null = it is over. */
  onChange: (node: ClaimedNode, contest: Contest | null) => void;
}

/** Hosts remembered of one claim: more machines than that are not told apart by a list. */
const maxHosts = 8;

interface Known {
  node: ClaimedNode;
  rivalry: Rivalry;
  /** Newest last; links' own, so that a name which they tell later is here, too. */
  hosts: Host[];
  sinceMs: number;
  settling: Settling | null;
  cancelEnd: () => void;
}

export function createContests({ clock, linkOf, onChange }: ContestsParts): Contests {
  const known = new Map<ClaimId, Known>();

  const seenAtMs = new WeakMap<Host, number>();
  const remember = ({ hosts }: Known, host: Host): void => {
    seenAtMs.set(host, clock.nowMs());
    if (hosts.includes(host)) return;
    hosts.push(host);
    if (hosts.length > maxHosts) hosts.shift();
  };

  const contestOf = ({ node, hosts, sinceMs, settling }: Known): Contest => {
    const up = linkOf(node.claimId)?.host;
    const all = up === undefined ? hosts : [up, ...hosts];
    const seenAt = (host: Host): number =>
      host === up
        ? clock.nowMs()
        : Math.max(sinceMs, ...all.filter((one) => alike(one, host)).map((one) => seenAtMs.get(one) ?? 0));
    const distinct = [...new Map(all.map((host) => [describeHost(host), host])).values()];
    const [only = { hostname: node.hostname, address: 'unknown' }] = distinct;
    const told = (distinct.length > 1 ? distinct : [only, only]).map((host, place) => ({
      hostname: host.hostname,
      address: host.address,
      isConnected: up !== undefined && alike(host, up) && (distinct.length > 1 || place === 0),
      seenAtMs: seenAt(host),
    }));
    return { hosts: told, sinceMs, settling };
  };

  const end = (claimId: ClaimId): void => {
    const one = known.get(claimId);
    if (one === undefined) return;
    one.cancelEnd();
    known.delete(claimId);
    if (one.rivalry.isContested) onChange(one.node, null);
  };

  /** An attempt while `holder` was up and answered. */
  const count = (node: ClaimedNode, holder: Host, rival: Host | undefined): Known => {
    const { claimId } = node;
    const before = known.get(claimId);
    before?.cancelEnd();
    const nowMs = clock.elapsedMs();
    const rivalry = afterAttempt(before?.rivalry ?? noRivalry, nowMs);
    const began = rivalry.isContested && before?.rivalry.isContested !== true;
    const one: Known = {
      node,
      rivalry,
      hosts: before?.hosts ?? [],
      settling: before?.settling ?? null,
      sinceMs: began || before === undefined ? clock.nowMs() : before.sinceMs,
      cancelEnd: clock.after(rivalryWindowMs, () => {
        if (isOver(rivalry, clock.elapsedMs())) end(claimId);
      }),
    };
    known.set(claimId, one);
    remember(one, holder);
    if (rival !== undefined) remember(one, rival);
    if (began) onChange(node, contestOf(one));
    return one;
  };

  const countIfAlive = async (node: ClaimedNode, current: Link, answered: Promise<boolean>): Promise<void> => {
    if (!(await answered)) return;
    const newest = linkOf(node.claimId)?.host;
    count(node, current.host, newest === current.host ? undefined : newest);
  };

  /** Who asks from `address`: a host that had the link before, as far as one can tell. */
  const rivalAt = (node: ClaimedNode, address: string, holder: Host): Host => {
    const hosts = known.get(node.claimId)?.hosts ?? [];
    const before = hosts.findLast((host) => host.address === address && describeHost(host) !== describeHost(holder));
    return (
      before ??
      hosts.find((host) => host !== holder && host.address === address) ?? { hostname: node.hostname, address }
    );
  };

  return {
    async admit(node, address) {
      const { claimId } = node;
      const current = linkOf(claimId);
      if (current === undefined) return;
      const answered = current.answers();
      if (known.get(claimId)?.rivalry.isContested !== true) {
        // Nobody waits for it: a dead connection of one agent is no rival, and only the answer tells the two apart.
        void countIfAlive(node, current, answered);
        return;
      }
      if (!(await answered)) {
        current.end('unanswered');
        return;
      }
      const rival = rivalAt(node, address, current.host);
      count(node, current.host, rival);
      throw new CloudError('link-contested', {
        detail: `Several machines use the identity of this node: ${describeHost(current.host)} is connected, ${describeHost(rival)} is refused. Give one of them an identity of its own: delete its claim.d and its machine GUID, and claim it again.`,
      });
    },
    opened(link) {
      const one = known.get(link.node.claimId);
      if (one !== undefined) remember(one, link.host);
    },
    of(claimId) {
      const one = known.get(claimId);
      return one?.rivalry.isContested === true ? contestOf(one) : null;
    },
    settle(claimId, settling) {
      const one = known.get(claimId);
      if (one?.rivalry.isContested !== true) return false;
      one.settling = settling;
      return true;
    },
    claimedWith(tokenId) {
      for (const [claimId, { settling }] of known) if (settling?.tokenId === tokenId) end(claimId);
    },
    forget: end,
  };
}

const alike = (a: Host, b: Host): boolean => describeHost(a) === describeHost(b);

export const describeHost = ({ hostname, address }: Host): string => `${hostname} (${address})`;
