// The Agent-Cloud link: the shell that does what link-state says. Reading order: LINK.md (the table), link-state.ts (pure), this file,
// handshake.ts, dial.ts, mqtt-session.ts, announce.ts, inbound/ (one message each).

import type { LinkCredentials } from '@claimstead/wire/link/challenge';
import type { Destination } from '@claimstead/wire/link/environment';
import type { AgentReply, AgentRequest } from '../http/route.ts';
import type { Log } from '../log.ts';
import { createAnnouncer, type Announcer, type NodeFacts } from './announce.ts';
import { defaultLimits, type BackOffLimits } from './back-off.ts';
import { dial } from './dial.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import type { LinkIdentity, Transport } from './identity.ts';
import { onCommand, type CommandHandlers } from './inbound/commands.ts';
import { createRelayedRequests, type RelayedRequests } from './inbound/http-request.ts';
import { LinkError } from './link-error.ts';
import {
  bannedDelayMs,
  linkStep,
  stableAfterMs,
  type LinkCommand,
  type LinkEvent,
  type LinkState,
} from './link-state.ts';
import { openMqttSession, type MqttSession } from './mqtt-session.ts';

const connackTimeoutMs = 15_000;

/** What people and programs may know of the link. Times are milliseconds since 1970. */
export interface LinkStatus {
  state: LinkState['name'];
  online: boolean;
  lastError: string | undefined;
  /** When the next attempt comes; undefined when none is planned. */
  nextRetryAtMs: number | undefined;
  identity: { claimId: string; cloudUrl: string; proxy: string } | undefined;
  nodeId: string | undefined;
  connects: number;
  connectedAtMs: number | undefined;
  disconnectedAtMs: number | undefined;
  received: number;
  acknowledged: number;
}

export interface Link {
  /** Uses what claim.d says now: another identity, the same again, or none. */
  reload(identity: LinkIdentity | undefined): void;
  status(): LinkStatus;
  /** Says goodbye if connected. */
  stop(): Promise<void>;
}

export interface LinkParts {
  facts: NodeFacts;
  answer: (request: AgentRequest) => Promise<AgentReply>;
  random: () => number;
  nowMs: () => number;
  log: Log;
}

interface Connection {
  session: MqttSession;
  announcer: Announcer;
  requests: RelayedRequests;
}

export function createLink(parts: LinkParts): Link {
  const { facts, log, nowMs } = parts;
  let state: LinkState = { name: 'unclaimed' };
  let identity: LinkIdentity | undefined;
  let limits: BackOffLimits = defaultLimits;
  /** Everything that belongs to the attempt or connection in hand; a new one gets a new object, so that what is late finds nobody. */
  let attempt:
    | {
        abort: AbortController;
        transport?: Transport;
        handshake?: Handshake;
        destination?: Destination;
        credentials?: LinkCredentials;
        connection?: Connection;
      }
    | undefined;
  let waitTimer: NodeJS.Timeout | undefined;
  let stableTimer: NodeJS.Timeout | undefined;
  let farewells: Promise<void> = Promise.resolve();
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
  };

  const happen = (event: LinkEvent): void => {
    const before = state;
    const { state: next, commands } = linkStep(state, event, { limits, random: parts.random() });
    state = next;
    if (before.name === 'connected' && next.name !== 'connected') {
      seen.disconnectedAtMs = nowMs();
      clearTimeout(stableTimer);
    }
    if ((next.name === 'waiting' || next.name === 'banned') && before !== next) seen.lastError = next.reason;
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
    } catch (cause) {
      const { message, retryAfterMs, refusedForGood } = LinkError.from('ACLK', cause);
      event = { name: 'step-failed', reason: message, retryAfterMs, refusedForGood };
    }
    if (attempt === current) happen(event);
  };

  const letGo = (): typeof attempt => {
    const current = attempt;
    attempt = undefined;
    current?.abort.abort();
    current?.handshake?.close();
    current?.connection?.requests.close();
    return current;
  };

  const perform = (command: LinkCommand): void => {
    switch (command) {
      case 'resolve': {
        const who = identity;
        if (who === undefined) return;
        attempt = { abort: new AbortController() };
        step(async (current) => {
          current.transport = await who.transport(current.abort.signal);
          current.handshake = createHandshake(who, current.transport, facts.version);
          current.destination = await current.handshake.resolve(current.abort.signal);
          limits = current.destination;
        });
        return;
      }
      case 'authenticate':
        step(async (current) => {
          if (current.destination === undefined || current.handshake === undefined) return;
          current.credentials = await current.handshake.authenticate(current.destination, current.abort.signal);
          current.handshake.close();
        });
        return;
      case 'dial':
        step(async (current) => {
          if (
            identity === undefined ||
            current.transport === undefined ||
            current.destination === undefined ||
            current.credentials === undefined
          )
            return;
          current.connection = await connect(
            identity,
            current,
            current.transport,
            current.destination,
            current.credentials,
          );
        });
        return;
      case 'announce':
        seen.connects += 1;
        seen.connectedAtMs = nowMs();
        seen.lastError = undefined;
        stableTimer = setTimeout(() => happen({ name: 'stable' }), stableAfterMs);
        stableTimer.unref();
        log.info(
          'ACLK',
          `ACLK: connected to the Cloud at ${identity?.cloudUrl.origin ?? ''}${identity === undefined ? '' : ` (proxy: ${identity.proxyWords})`}`,
        );
        attempt?.connection?.announcer.reachable();
        return;
      case 'farewell': {
        const connection = letGo()?.connection;
        if (connection !== undefined)
          farewells = Promise.all([farewells, connection.session.leave(connection.announcer.farewell())]).then(
            () => undefined,
          );
        return;
      }
      case 'drop':
        letGo()?.connection?.session.drop();
        return;
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

  const connect = async (
    who: LinkIdentity,
    current: NonNullable<typeof attempt>,
    transport: Transport,
    destination: Destination,
    credentials: LinkCredentials,
  ): Promise<Connection> => {
    const sessionId = BigInt(nowMs()) * 1000n;
    // The Cloud may speak, or hang up, in the same breath in which it accepts the session: everything that listens is made before.
    let connection: Connection | undefined;
    let lost: string | undefined;
    const requests = createRelayedRequests({
      answer: parts.answer,
      reply: (topic, payload) => connection?.session.reply(topic, payload) ?? false,
      ownPrefixes: () => {
        const nodeId = nodeIdOf(who.claimId);
        const own = [`/host/${facts.machineGuid}`, `/node/${facts.machineGuid}`];
        return nodeId === undefined ? own : [...own, `/node/${nodeId}`];
      },
      sessionId,
      nowUs: () => BigInt(Math.round(nowMs() * 1000)),
      log: (text) => log.error('ACLK', text),
    });
    const handlers: CommandHandlers = {
      listNodes: () => connection?.announcer.node(nodeIdOf(who.claimId)),
      nodeCreated: (nodeId, machineGuid) => {
        if (machineGuid !== facts.machineGuid || nodeIdOf(who.claimId) === nodeId) return;
        given = { claimId: who.claimId, nodeId };
        connection?.announcer.node(nodeId);
      },
      cancel: (messageId) => requests.cancel(messageId),
      leave: (request) => happen({ name: 'sent-away', ...request }),
      log: (text) => log.error('ACLK', text),
    };
    const socket = await dial(transport, destination.mqttEndpoint, current.abort.signal);
    const session = await openMqttSession(socket, {
      credentials,
      claimId: who.claimId,
      sessionId,
      connackTimeoutMs,
      signal: current.abort.signal,
      onMessage: (name, payload) => (name === 'cmd' ? requests.receive(payload) : onCommand(handlers, name, payload)),
      onLost: (reason) => {
        lost = reason;
        if (attempt === current) happen({ name: 'lost', reason });
      },
    });
    if (lost !== undefined) throw new LinkError(`MQTT: ${lost}`);
    connection = {
      session,
      announcer: createAnnouncer({ session, claimId: who.claimId, sessionId, facts, nowMs }),
      requests,
    };
    return connection;
  };

  return {
    reload(next) {
      const had = identity;
      if (next === undefined) {
        happen({ name: 'claim-removed' });
        identity = undefined;
        if (had !== undefined)
          log.info('ACLK', 'ACLK: this agent is not claimed any more; the link to the Cloud is closed');
        return;
      }
      identity = next;
      happen({ name: 'claim-loaded' });
    },
    status() {
      const connection = attempt?.connection;
      return {
        state: state.name,
        online: state.name === 'connected',
        lastError: seen.lastError,
        nextRetryAtMs: seen.nextRetryAtMs,
        identity:
          identity === undefined
            ? undefined
            : { claimId: identity.claimId, cloudUrl: identity.cloudUrl.origin, proxy: identity.proxyWords },
        nodeId: nodeIdOf(identity?.claimId),
        connects: seen.connects,
        connectedAtMs: seen.connectedAtMs,
        disconnectedAtMs: seen.disconnectedAtMs,
        received: connection?.session.received ?? 0,
        acknowledged: connection?.session.acknowledged ?? 0,
      };
    },
    async stop() {
      happen({ name: 'stop' });
      await farewells;
    },
  };
}
