// Reading the claim and the Cloud settings again, at the start and whenever a person or the claim script asks, and saying what is the case.

import type { AgentConfig } from '../config/load.ts';
import { ConfigError } from '../config/setting-reader.ts';
import type { ClaimFollower } from '../link/claim-follower.ts';
import type { ClaimReading } from '../link/identity-source.ts';
import type { Link } from '../link/link.ts';
import type { Log } from '../log.ts';

export interface ReloadParts {
  /** As it was read for the start. */
  config: AgentConfig;
  /** Reads files and environment again. Throws ConfigError. */
  readConfig: () => AgentConfig;
  /** Makes what keeps the link to the claim; `current`: the settings that count now. */
  createFollower: (current: () => AgentConfig) => Pick<ClaimFollower, 'reload' | 'reading'>;
  link: Pick<Link, 'status'>;
  log: Log;
  nowMs: () => number;
  pause: (ms: number) => Promise<void>;
}

export interface ReloadAnswer {
  /** Nothing could be done; the sentence names what stands in the way. */
  refused: boolean;
  sentence: string;
}

export interface ClaimReload {
  /** The settings that count now. Of those that need a restart only what the start found is in use. */
  config: () => AgentConfig;
  /** Reads settings and claim and lets the link follow; does not wait for it. */
  read: () => Promise<ReloadAnswer>;
  /** Gives the link some seconds and tells how it is. */
  tellLink: () => Promise<string>;
}

const linkPatienceMs = 10_000;
const lookEveryMs = 50;

export function createClaimReload(parts: ReloadParts): ClaimReload {
  const { link, log } = parts;
  let { config } = parts;
  const follower = parts.createFollower(() => config);

  const readNow = async (): Promise<ReloadAnswer> => {
    try {
      config = parts.readConfig();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.error('claim', `claim: the settings stay as they were, because they cannot be read again: ${error.message}`);
    }
    const reading = await follower.reload();
    const { obstacle } = config.cloud;
    if (obstacle !== undefined) {
      // Of an unclaimed node nobody else says it.
      if (reading.sentence === undefined) log.info('claim', `claim: ${obstacle}`);
      return { refused: true, sentence: obstacle };
    }
    if (reading.sentence !== undefined) return { refused: false, sentence: reading.sentence };
    const words = reading.claimed ? 'This agent is claimed.' : 'This agent is not claimed.';
    log.info('claim', `claim state read from claim.d: ${words}${describeWay(config, reading)}`);
    return { refused: false, sentence: words };
  };

  // One after the other: of two readings that overlap the older one must not have the last word.
  let last: Promise<unknown> = Promise.resolve();
  const read = (): Promise<ReloadAnswer> => {
    const next = last.then(readNow);
    last = next.catch(() => undefined);
    return next;
  };

  return {
    config: () => config,
    read,
    tellLink: async () => {
      const giveUpAtMs = parts.nowMs() + linkPatienceMs;
      for (;;) {
        const { online, state, identity, lastError, nextRetryAtMs } = link.status();
        const cloud = identity?.cloudUrl ?? 'the Cloud';
        if (online) return `This agent is claimed and online: the link (ACLK) to ${cloud} is up.`;
        if (state === 'waiting' || state === 'banned' || state === 'stopped' || state === 'unclaimed') {
          const seconds = nextRetryAtMs === undefined ? undefined : Math.ceil((nextRetryAtMs - parts.nowMs()) / 1000);
          const next = seconds === undefined ? '' : ` The next attempt comes in ${Math.max(0, seconds)} s.`;
          return `This agent is claimed and offline: ${lastError ?? `the link (ACLK) to ${cloud} is ${state}.`}${next}`;
        }
        if (parts.nowMs() >= giveUpAtMs)
          return `This agent is claimed and offline: the link (ACLK) to ${cloud} is still being made; netdatacli aclk-state tells more.`;
        await parts.pause(lookEveryMs);
      }
    },
  };
}

/** Where the link goes, when that is not where the settings alone would lead. */
function describeWay({ cloud }: AgentConfig, { identity }: ClaimReading): string {
  if (identity === undefined) return '';
  const proxy =
    identity.proxyWords === 'none'
      ? ''
      : ` The link goes through the proxy ${identity.proxyWords} (${cloud.proxy.source}).`;
  const claimed = identity.cloudUrl.origin;
  if (!cloud.isBaseUrlSet || cloud.baseUrl === undefined || cloud.baseUrl === claimed) return proxy;
  return `${proxy} WARNING: the link dials ${claimed}, where this node was claimed, and not ${cloud.baseUrl} of [cloud] cloud base url.`;
}
