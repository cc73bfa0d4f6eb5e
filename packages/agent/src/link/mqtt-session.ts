// The MQTT 5 session over one WebSocket: connect, subscribe, publish, acknowledge, keep alive. [docs/link-protocol.md, WebSocket and MQTT]

import type WebSocket from 'ws';
import type { RawData } from 'ws';
import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import type { LinkCredentials } from '@claimstead/wire/link/challenge';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import { readTopics, type TopicName } from '@claimstead/wire/link/topics';
import type { UpstreamMessages } from '@claimstead/wire/link/upstream';
import { ConnectionUpdateSource } from '@claimstead/wire/gen/link/v1/connection';
import { keepAliveSeconds, maxUnsentBytes } from '@claimstead/wire/mqtt/limits';
import { createPacketReader, encodePacket, type Packet } from '@claimstead/wire/mqtt/packet';
import { LinkError } from './link-error.ts';

export interface MqttSession {
  publish: <Name extends keyof UpstreamMessages>(
    topic: TopicName,
    name: Name,
    fields: Partial<UpstreamMessages[Name]>,
  ) => void;
  /** To the topic that a relayed request named. False when so much is unsent already that the reply was dropped. */
  reply(topic: string, payload: Buffer): boolean;
  /** Sends the farewell, waits at most two seconds for its acknowledgement, disconnects and closes. */
  leave(farewell: Uint8Array): Promise<void>;
  drop(): void;
  readonly received: number;
  readonly acknowledged: number;
}

export interface MqttSessionParts {
  credentials: LinkCredentials;
  claimId: string;
  /** Microseconds since 1970: orders the connections of this agent. */
  sessionId: bigint;
  connackTimeoutMs: number;
  /** Aborted when nobody wants the session any more; it is dropped, also after it opened. */
  signal: AbortSignal;
  /** A message of the Cloud: `name` is the last segment of its topic. */
  onMessage(name: string, payload: Buffer): void;
  /** The session is over, for whatever reason but `leave` and `drop`. Called once. */
  onLost(reason: string, code: DoctorCode): void;
}

/** Largest packet that the Cloud may send: it promises 64 KiB. */
const maxInboundBytes = 128 * 1024;
const farewellTimeoutMs = 2000;

/** Resolves when the Cloud accepted the session and both subscriptions. */
export function openMqttSession(socket: WebSocket, parts: MqttSessionParts): Promise<MqttSession> {
  const { credentials, claimId, sessionId } = parts;
  const topics = readTopics(credentials.topics, claimId);
  const write = (packet: Packet): void => {
    if (socket.readyState === socket.OPEN) socket.send(encodePacket(packet, 5), { binary: true });
  };

  return new Promise((resolve, reject) => {
    let phase: 'connecting' | 'subscribing' | 'open' | 'leaving' | 'over' = 'connecting';
    /** What came with the last SUBACK waits until whoever opened the session has it. */
    let isNew = true;
    let nextPacketId = 1;
    let aliasMaximum = 0;
    let received = 0;
    let acknowledged = 0;
    let awaitedFarewell: { messageId: number; done: () => void } | undefined;
    const defined = new Set<number>();
    let lastHeard = performance.now();
    const subscriptionIds = new Set<number>();

    const packetId = (): number => {
      const id = nextPacketId;
      nextPacketId = id === 65_535 ? 1 : id + 1;
      return id;
    };
    const over = (reason: string, code: DoctorCode = 'tcp-broken'): void => {
      if (phase === 'over') return;
      const before = phase;
      phase = 'over';
      clearInterval(keepAlive);
      clearTimeout(connackTimer);
      awaitedFarewell?.done();
      socket.terminate();
      if (before === 'open') parts.onLost(reason, code);
      else if (before !== 'leaving') reject(new LinkError(`MQTT: ${reason}`, { code }));
    };
    const connackTimer = setTimeout(
      () => over('the Cloud did not accept the session in time', 'no-answer'),
      parts.connackTimeoutMs,
    );
    // A ping at three quarters of the keep-alive; nothing heard for one and a half of them is a dead link.
    const keepAlive = setInterval(() => {
      if (performance.now() - lastHeard > keepAliveSeconds * 1500)
        over('nothing came from the Cloud for a minute and a half', 'no-answer');
      else write({ cmd: 'pingreq' });
    }, keepAliveSeconds * 750);

    const onAbort = (): void => over('it was given up');
    parts.signal.addEventListener('abort', onAbort, { once: true });
    socket.once('close', () => parts.signal.removeEventListener('abort', onAbort));
    if (parts.signal.aborted) return onAbort();

    const send = (topic: string, alias: number | undefined, payload: Buffer): number => {
      const messageId = packetId();
      const usable = alias !== undefined && alias <= aliasMaximum ? alias : undefined;
      const short = usable !== undefined && defined.has(usable);
      if (usable !== undefined) defined.add(usable);
      write({
        cmd: 'publish',
        topic: short ? '' : topic,
        payload,
        qos: 1,
        dup: false,
        retain: false,
        messageId,
        ...(usable === undefined ? {} : { properties: { topicAlias: usable } }),
      });
      return messageId;
    };

    const session: MqttSession = {
      get received() {
        return received;
      },
      get acknowledged() {
        return acknowledged;
      },
      publish(topicName, name, fields) {
        const topic = topics.get(topicName);
        if (phase !== 'open' || topic === undefined) return;
        send(topic.topic, topic.alias, Buffer.from(encodeUpstream(name, fields)));
      },
      reply(topic, payload) {
        if (phase !== 'open' || socket.bufferedAmount > maxUnsentBytes * 8) return false;
        send(topic, undefined, payload);
        return true;
      },
      leave(farewell) {
        if (phase !== 'open') {
          session.drop();
          return Promise.resolve();
        }
        phase = 'leaving';
        clearInterval(keepAlive);
        return new Promise<void>((left) => {
          const connection = topics.get('agent-connection');
          const timer = setTimeout(() => awaitedFarewell?.done(), farewellTimeoutMs);
          const done = (): void => {
            clearTimeout(timer);
            awaitedFarewell = undefined;
            write({ cmd: 'disconnect', reasonCode: 0, properties: {} });
            phase = 'over';
            const cut = setTimeout(() => socket.terminate(), 500);
            socket.once('close', () => {
              clearTimeout(cut);
              left();
            });
            if (socket.readyState === socket.CLOSED) left();
            else socket.close(1000);
          };
          if (connection === undefined) return done();
          awaitedFarewell = { messageId: send(connection.topic, connection.alias, Buffer.from(farewell)), done };
        });
      },
      drop() {
        phase = 'over';
        clearInterval(keepAlive);
        clearTimeout(connackTimer);
        socket.terminate();
      },
    };

    const onPacket = (packet: Packet): void => {
      switch (packet.cmd) {
        case 'connack': {
          if (phase !== 'connecting') return over('a second CONNACK');
          if (packet.reasonCode !== 0)
            return over(`the Cloud refused the session (reason ${packet.reasonCode})`, 'mqtt-refused');
          aliasMaximum = packet.properties?.topicAliasMaximum ?? 0;
          phase = 'subscribing';
          for (const name of ['inbox-cmd', 'inbox-cmd-v1'] as const) {
            const messageId = packetId();
            subscriptionIds.add(messageId);
            write({
              cmd: 'subscribe',
              messageId,
              subscriptions: [{ topic: topics.get(name)?.topic ?? '', qos: 1, nl: false, rap: true, rh: 0 }],
            });
          }
          return;
        }
        case 'suback': {
          if (packet.messageId === undefined || !subscriptionIds.delete(packet.messageId))
            return over('an unexpected SUBACK');
          if (packet.granted.some((code) => Number(code) >= 0x80))
            return over('the Cloud refused a subscription', 'mqtt-refused');
          if (subscriptionIds.size > 0) return;
          clearTimeout(connackTimer);
          phase = 'open';
          setImmediate(() => (isNew = false));
          return resolve(session);
        }
        case 'publish': {
          const { messageId, qos } = packet;
          // In the order of arrival, and after what can be answered at once: the browser waits for that.
          if (qos === 1 && messageId !== undefined) setImmediate(() => write({ cmd: 'puback', messageId }));
          if (phase !== 'open') return;
          received += 1;
          const name = packet.topic.slice(packet.topic.lastIndexOf('/') + 1);
          const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
          if (isNew) setImmediate(() => (phase === 'open' ? parts.onMessage(name, payload) : undefined));
          else parts.onMessage(name, payload);
          return;
        }
        case 'puback':
          acknowledged += 1;
          if (packet.messageId === awaitedFarewell?.messageId) awaitedFarewell?.done();
          return;
        case 'pingresp':
          return;
        case 'disconnect': {
          const reason = packet.reasonCode ?? 0;
          const known = disconnects[reason];
          return over(known?.words ?? `the Cloud ended the session (reason ${reason})`, known?.code ?? 'mqtt-refused');
        }
        default:
          return over(`an unexpected ${packet.cmd.toUpperCase()}`);
      }
    };

    const reader = createPacketReader(onPacket, { maxPacketBytes: maxInboundBytes, protocolVersion: 5 });
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (phase === 'over' || !isBinary) return;
      lastHeard = performance.now();
      try {
        reader.push(data as Buffer);
      } catch (cause) {
        over(cause instanceof Error ? cause.message : 'what came is not MQTT');
      }
    });
    socket.on('error', (cause) => over(cause.message));
    socket.on('close', () => over('the connection was closed'));

    const will = encodeUpstream('UpdateAgentConnection', {
      claimId,
      reachable: false,
      sessionId,
      updateSource: ConnectionUpdateSource.CONNECTION_UPDATE_SOURCE_LWT,
    });
    write({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      clientId: credentials.clientId,
      username: credentials.username,
      password: Buffer.from(credentials.password),
      keepalive: keepAliveSeconds,
      properties: {},
      will: { topic: topics.get('agent-connection')?.topic ?? '', payload: Buffer.from(will), qos: 2, retain: false },
    });
  });
}

/** Why the Cloud ends a session. [MQTT-3.14.2.1] */
const disconnects: Readonly<Record<number, { words: string; code: DoctorCode }>> = {
  0x87: { words: 'the Cloud refused something that this agent published', code: 'mqtt-refused' },
  0x8b: { words: 'the Cloud is restarting', code: 'cloud-busy' },
  0x8d: { words: 'the Cloud heard nothing from this agent for too long', code: 'no-answer' },
  0x8e: {
    words:
      'the same identity connected from elsewhere; if this machine is a copy of another one, delete its machine GUID and claim.d, restart it and claim it anew',
    code: 'identity-contested',
  },
  0x98: { words: 'this node is no longer claimed in the Cloud: it was removed, or claimed anew', code: 'node-removed' },
};
