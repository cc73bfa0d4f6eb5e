// What belongs to one connection: the session, what is said and heard on it, and the requests in hand. A new one gets all of it anew.

import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import type { LinkCredentials } from '@claimstead/wire/link/challenge';
import type { Destination } from '@claimstead/wire/link/environment';
import { systemClock, timed, type PassedHop } from '../dial/hop-timer.ts';
import type { DialHow, Route } from '../dial/route.ts';
import type { AgentReply, AgentRequest } from '../http/route.ts';
import { createAnnouncer, type Announcer, type NodeFacts } from './announce.ts';
import { dial } from './dial.ts';
import type { LinkIdentity } from './identity.ts';
import { onCommand, type CommandHandlers } from './inbound/commands.ts';
import { createRelayedRequests } from './inbound/http-request.ts';
import { LinkError } from './link-error.ts';
import { contestedDelayMs } from './link-state.ts';
import { openMqttSession, type MqttSession } from './mqtt-session.ts';
import type { LinkStream, OpenStream } from './stream.ts';

const connackTimeoutMs = 15_000;

export interface Connection {
  session: MqttSession;
  announcer: Announcer;
  /** Everything in hand and every stream is told to stop. The session stays open, for a farewell. */
  close(): void;
}

export interface ConnectionParts {
  identity: LinkIdentity;
  route: Route;
  destination: Destination;
  credentials: LinkCredentials;
  how: DialHow;
  /** Where the stations of this connection are noted. */
  hops: PassedHop[];
  facts: NodeFacts;
  answer: (request: AgentRequest) => Promise<AgentReply>;
  /** What is opened with this connection and closed with it. */
  streams: readonly OpenStream[];
  /** The node id that the Cloud gave for the claim of this connection. */
  nodeId(): string | undefined;
  onNodeId(nodeId: string): void;
  onSentAway: CommandHandlers['leave'];
  /** Not called for what is lost before `connect` resolved: that it throws. */
  onLost(lost: { reason: string; code: DoctorCode; retryAfterMs: number | undefined }): void;
  random: () => number;
  nowMs: () => number;
  log: (text: string) => void;
}

/** Resolves when the Cloud accepted the session. @throws LinkError */
export async function connect(parts: ConnectionParts): Promise<Connection> {
  const { identity, facts, hops, nowMs, log } = parts;
  const { claimId } = identity;
  const sessionId = BigInt(nowMs()) * 1000n;
  // The Cloud may speak, or hang up, in the same breath in which it accepts the session: everything that listens is made before.
  let connection: Connection | undefined;
  let lost: { reason: string; code: DoctorCode; retryAfterMs: number | undefined } | undefined;
  let openedAtMs: number | undefined;
  let streams: LinkStream[] = [];
  const requests = createRelayedRequests({
    answer: parts.answer,
    reply: (topic, payload) => {
      const isSent = connection?.session.reply(topic, payload) ?? false;
      if (isSent && openedAtMs !== undefined) {
        hops.push({ hop: 'first-sample', ms: systemClock.monotonicMs() - openedAtMs });
        openedAtMs = undefined;
      }
      return isSent;
    },
    ownPrefixes: () => {
      const nodeId = parts.nodeId();
      const own = [`/host/${facts.machineGuid}`, `/node/${facts.machineGuid}`];
      return nodeId === undefined ? own : [...own, `/node/${nodeId}`];
    },
    sessionId,
    nowUs: () => BigInt(Math.round(nowMs() * 1000)),
    log,
  });
  const announceNode = (): void => {
    connection?.announcer.node(parts.nodeId());
    if (parts.nodeId() !== undefined) for (const stream of streams) stream.onAnnounced?.();
  };
  const handlers: CommandHandlers = {
    listNodes: announceNode,
    nodeCreated: (nodeId, machineGuid) => {
      if (machineGuid !== facts.machineGuid || parts.nodeId() === nodeId) return;
      parts.onNodeId(nodeId);
      announceNode();
    },
    cancel: (messageId) => requests.cancel(messageId),
    leave: parts.onSentAway,
    toStreams: (message) => streams.some((stream) => stream.onCommand(message)),
    log,
  };
  const watch = { clock: systemClock, onHop: (hop: PassedHop) => void hops.push(hop) };
  const socket = await timed('websocket', watch, () => dial(parts.route, parts.destination.mqttEndpoint, parts.how));
  const dialledAtMs = systemClock.monotonicMs();
  // Nothing that takes time may stand between this promise and `connection`: what came with the last SUBACK is handed over right after.
  const session = await openMqttSession(socket, {
    credentials: parts.credentials,
    claimId,
    sessionId,
    connackTimeoutMs,
    signal: parts.how.signal,
    onMessage: (name, payload) => (name === 'cmd' ? requests.receive(payload) : onCommand(handlers, name, payload)),
    onLost: (reason, code) => {
      const retryAfterMs = code === 'identity-contested' ? contestedDelayMs(parts.random()) : undefined;
      lost = { reason, code, retryAfterMs };
      if (connection !== undefined) parts.onLost(lost);
    },
  });
  if (lost !== undefined) {
    const { reason, code, retryAfterMs } = lost;
    throw new LinkError(`MQTT: ${reason}`, { code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
  openedAtMs = systemClock.monotonicMs();
  hops.push({ hop: 'mqtt', ms: openedAtMs - dialledAtMs });
  const ids = { claimId, machineGuid: facts.machineGuid, nodeId: () => parts.nodeId() };
  streams = parts.streams.map((open) => open(session.publish, ids));
  connection = {
    session,
    announcer: createAnnouncer({ session, claimId, sessionId, facts, nowMs }),
    close() {
      requests.close();
      for (const stream of streams) stream.close();
      streams = [];
    },
  };
  return connection;
}
