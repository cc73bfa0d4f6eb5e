// The Agent-Cloud link: the shell that does what link-state says. Reading order: LINK.md (the table), link-state.ts (pure), this file,
// handshake.ts, dial.ts, connection.ts, mqtt-session.ts, announce.ts, inbound/ (one message each), claim-follower.ts (what claim.d makes
// of it).

import { keyWords } from '@claimstead/wire/claim/key-words';
import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import type { LinkCredentials } from '@claimstead/wire/link/challenge';
import type { Destination } from '@claimstead/wire/link/environment';
import { systemClock, type PassedHop } from '../dial/hop-timer.ts';
import type { DialHow, Route } from '../dial/route.ts';
import type { AgentReply, AgentRequest } from '../http/route.ts';
import type { Log } from '../log.ts';
import type { NodeFacts } from './announce.ts';
import { defaultLimits, type BackOffLimits } from './back-off.ts';
import { connect, type Connection } from './connection.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import { isSameIdentity, type LinkIdentity } from './identity.ts';
import { LinkError } from './link-error.ts';
import {
  bannedDelayMs,
  linkStep,
  stableAfterMs,
  type LinkCommand,
  type LinkEvent,
  type LinkState,
} from './link-state.ts';
import type { OpenStream } from './stream.ts';

/** For each station of the way, in ms. */
const hopTimeoutMs = 15_000;

/** What people and programs may know of the link. Times are milliseconds since 1970. */
export interface LinkStatus {
  state: LinkState['name'];
  online: boolean;
  lastError: string | undefined;
  /** Undefined without an error, and for one that has no code. */
  lastErrorCode: DoctorCode | undefined;
  /**
   * How long each station of the newest connection took: the way to the handshake (dns, tcp or proxy, tls), environment, challenge,
   * password, websocket (its own way included), mqtt, and first-sample, which is the time from there to the first answered request.
   */
  stopwatch: readonly PassedHop[];
  /** When the next attempt comes; undefined when none is planned. */
  nextRetryAtMs: number | undefined;
  identity: { claimId: string; cloudUrl: string; proxy: string; keyWords: string } | undefined;
  nodeId: string | undefined;
  connects: number;
  connectedAtMs: number | undefined;
  disconnectedAtMs: number | undefined;
  received: number;
  acknowledged: number;
}

export interface Link {
  /** Uses what claim.d says now: another identity, the same again, or none. `isGone`: there is none because the claim was deleted. */
  reload(identity: LinkIdentity | undefined, options: { isGone: boolean }): void;
  status(): LinkStatus;
  /** Says goodbye if connected; for good when the claim was deleted. */
  stop(options: { isGone: boolean }): Promise<void>;
}

export interface LinkParts {
  facts: NodeFacts;
  answer: (request: AgentRequest) => Promise<AgentReply>;
  /** What the Cloud may ask to be told from then on. */
  streams: readonly OpenStream[];
  random: () => number;
  nowMs: () => number;
  log: Log;
}

export function createLink(parts: LinkParts): Link {
  const { facts, log, nowMs } = parts;
  const factsFor = ({ hostname }: LinkIdentity): NodeFacts => (hostname === undefined ? facts : { ...facts, hostname });
  let state: LinkState = { name: 'unclaimed' };
  let identity: LinkIdentity | undefined;
  let limits: BackOffLimits = defaultLimits;
  /** Everything that belongs to the attempt or connection in hand; a new one gets a new object, so that what is late finds nobody. */
  let attempt:
    | {
        abort: AbortController;
        hops: PassedHop[];
        route?: Route;
        handshake?: Handshake;
        destination?: Destination;
        credentials?: LinkCredentials;
        connection?: Connection;
      }
    | undefined;
  let waitTimer: NodeJS.Timeout | undefined;
  let stableTimer: NodeJS.Timeout | undefined;
  let farewells: Promise<void> = Promise.resolve();
  /** The goodbye that is said next is for good. */
  let isGone = false;
  /** What the event in hand was caused by. */
  let cause: DoctorCode | undefined;
  /** The node id that the Cloud gave for a claim. Not kept over restarts: it is told anew after every connect. */
  let given: { claimId: string; nodeId: string } | undefined;
  const nodeIdOf = (claimId: string | undefined): string | undefined =>
    given?.claimId === claimId ? given?.nodeId : undefined;
  const seen = {
    connects: 0,
    connectedAtMs: undefined as number | undefined,
    disconnectedAtMs: undefined as number | undefined,
    nextRetryAtMs: undefined as number | undefined,
    lastError: undefined as string | undefined,
    lastErrorCode: undefined as DoctorCode | undefined,
    stopwatch: [] as readonly PassedHop[],
  };

  const happen = (event: LinkEvent): void => {
    const before = state;
    const { state: next, commands } = linkStep(state, event, { limits, random: parts.random() });
    state = next;
    if (before.name === 'connected' && next.name !== 'connected') {
      seen.disconnectedAtMs = nowMs();
      clearTimeout(stableTimer);
    }
    if ((next.name === 'waiting' || next.name === 'banned') && before !== next) {
      seen.lastError = next.reason;
      seen.lastErrorCode = cause;
    }
    for (const command of commands) perform(command);
  };

  /** Runs one step of the attempt in hand; its outcome counts only while that attempt is still the one in hand. */
  const step = (work: (current: NonNullable<typeof attempt>) => Promise<void>): void => {
    const current = attempt;
    if (current === undefined) return;
    void finish(work(current), current);
  };

  const finish = async (work: Promise<void>, current: NonNullable<typeof attempt>): Promise<void> => {
    let event: LinkEvent = { name: 'step-done' };
    try {
      await work;
    } catch (thrown) {
      const error = LinkError.from('ACLK', thrown);
      const { retryAfterMs, refusedForGood } = error;
      event = { name: 'step-failed', reason: withRemark(error), retryAfterMs, refusedForGood };
      if (attempt === current) cause = error.code;
    }
    if (attempt === current) happen(event);
  };

  /** Claimed through one proxy and connecting through another is the usual cause of a claim that works and a link that does not. */
  const withRemark = ({ hop, message }: LinkError): string =>
    identity?.otherClaimProxy === undefined || hop === undefined
      ? message
      : `${message.replace(/\.$/, '')}; the claim went through another proxy (${identity.otherClaimProxy}) than [cloud] proxy in netdata.conf (${identity.proxyWords}), make them the same`;

  const howOf = (current: NonNullable<typeof attempt>, onHop: DialHow['onHop']): DialHow => ({
    signal: current.abort.signal,
    hopTimeoutMs,
    clock: systemClock,
    onHop,
  });

  /** What is late finds nobody from here on. A session that is to say goodbye must not be aborted before it has. */
  const letGo = (): typeof attempt => {
    const current = attempt;
    attempt = undefined;
    current?.handshake?.close();
    current?.connection?.close();
    return current;
  };

  const leave = async ({ abort, connection }: NonNullable<typeof attempt>): Promise<void> => {
    await connection?.session.leave(connection.announcer.farewell(isGone));
    abort.abort();
  };

  const perform = (command: LinkCommand): void => {
    switch (command) {
      case 'resolve': {
        const who = identity;
        if (who === undefined) return;
        attempt = { abort: new AbortController(), hops: [] };
        step(async (current) => {
          // The old session is left first, so that the new one pushes nobody out.
          await farewells;
          current.route = await who.route().catch((thrown: unknown) => {
            throw LinkError.from('ACLK', thrown, 'trust-file-invalid');
          });
          const how = howOf(current, (hop) => void current.hops.push(hop));
          current.handshake = createHandshake(who, current.route, facts.version, how);
          current.destination = await current.handshake.resolve();
          limits = current.destination;
        });
        return;
      }
      case 'authenticate':
        step(async (current) => {
          if (current.destination === undefined || current.handshake === undefined) return;
          current.credentials = await current.handshake.authenticate(current.destination);
          current.handshake.close();
        });
        return;
      case 'dial':
        step(async (current) => {
          const { route, destination, credentials } = current;
          if (identity === undefined || route === undefined) return;
          if (destination === undefined || credentials === undefined) return;
          const { claimId } = identity;
          current.connection = await connect({
            identity,
            route,
            destination,
            credentials,
            how: howOf(current, () => undefined),
            hops: current.hops,
            facts: factsFor(identity),
            answer: parts.answer,
            streams: parts.streams,
            nodeId: () => nodeIdOf(claimId),
            onNodeId: (nodeId) => void (given = { claimId, nodeId }),
            onSentAway: (request) => {
              cause = request.refusedForGood ? 'node-removed' : 'cloud-busy';
              happen({ name: 'sent-away', ...request });
            },
            onLost: ({ reason, code, retryAfterMs }) => {
              if (attempt !== current) return;
              cause = code;
              happen({ name: 'lost', reason, retryAfterMs });
            },
            random: parts.random,
            nowMs,
            log: (text) => log.error('ACLK', text),
          });
        });
        return;
      case 'announce':
        seen.connects += 1;
        seen.connectedAtMs = nowMs();
        seen.lastError = undefined;
        seen.lastErrorCode = undefined;
        seen.stopwatch = attempt?.hops ?? [];
        stableTimer = setTimeout(() => happen({ name: 'stable' }), stableAfterMs);
        stableTimer.unref();
        log.info(
          'ACLK',
          `ACLK: connected to the Cloud at ${identity?.cloudUrl.origin ?? ''}${identity === undefined ? '' : ` (proxy: ${identity.proxyWords})`}`,
        );
        attempt?.connection?.announcer.reachable();
        return;
      case 'farewell': {
        const current = letGo();
        if (current !== undefined) farewells = Promise.all([farewells, leave(current)]).then(() => undefined);
        return;
      }
      case 'drop': {
        const current = letGo();
        current?.abort.abort();
        current?.connection?.session.drop();
        return;
      }
      case 'cancel-wait':
        clearTimeout(waitTimer);
        seen.nextRetryAtMs = undefined;
        return;
      case 'wait': {
        const delayMs = state.name === 'waiting' ? state.delayMs : bannedDelayMs;
        seen.nextRetryAtMs = nowMs() + delayMs;
        log.error(
          'ACLK',
          `ACLK: the link to the Cloud is down: ${seen.lastError ?? ''}; next attempt in ${(delayMs / 1000).toFixed(1)} s`,
        );
        waitTimer = setTimeout(() => {
          seen.nextRetryAtMs = undefined;
          happen({ name: 'timer' });
        }, delayMs);
        return;
      }
    }
  };

  return {
    reload(next, options) {
      const had = identity;
      isGone = options.isGone;
      if (next === undefined) {
        happen({ name: 'claim-removed' });
        identity = undefined;
        if (had !== undefined)
          log.info(
            'ACLK',
            options.isGone
              ? 'ACLK: the claim was deleted; the link to the Cloud is closed'
              : 'ACLK: there is no usable claim any more; the link to the Cloud is closed',
          );
        return;
      }
      identity = next;
      // Whoever looks at the charts of this node need not notice that somebody asked for a reload.
      if (state.name === 'connected' && had !== undefined && isSameIdentity(had, next)) return;
      happen({ name: 'claim-loaded' });
    },
    status() {
      const connection = attempt?.connection;
      return {
        state: state.name,
        online: state.name === 'connected',
        lastError: seen.lastError,
        lastErrorCode: seen.lastErrorCode,
        stopwatch: seen.stopwatch,
        nextRetryAtMs: seen.nextRetryAtMs,
        identity:
          identity === undefined
            ? undefined
            : {
                claimId: identity.claimId,
                cloudUrl: identity.cloudUrl.origin,
                proxy: identity.proxyWords,
                keyWords: keyWords(identity.privateKey),
              },
        nodeId: nodeIdOf(identity?.claimId),
        connects: seen.connects,
        connectedAtMs: seen.connectedAtMs,
        disconnectedAtMs: seen.disconnectedAtMs,
        received: connection?.session.received ?? 0,
        acknowledged: connection?.session.acknowledged ?? 0,
      };
    },
    async stop(options) {
      isGone = options.isGone;
      happen({ name: 'stop' });
      await farewells;
    },
  };
}
