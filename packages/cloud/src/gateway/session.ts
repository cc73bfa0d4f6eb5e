// One agent's MQTT session over one WebSocket: the shell around on/*. It acknowledges each packet once and in order, ends the link at
// the first thing that an honest agent would not do, and tells its owner what came.

import type { WebSocket } from 'ws';
import { decodeUpstream, encodeDownstream } from '@claimstead/wire/link/envelope';
import { decodeLinkReply, encodeLinkRequest, maxReplyBytes } from '@claimstead/wire/link/http-over-link';
import { commandTopic, replyTopic, requestTopic, topicTable, type UpstreamName } from '@claimstead/wire/link/topics';
import type { Upstream } from '@claimstead/wire/link/upstream';
import * as limits from '@claimstead/wire/mqtt/limits';
import { createPacketReader, encodePacket, PacketError, type Packet } from '@claimstead/wire/mqtt/packet';
import { CloudError } from '@claimstead/wire/errors';
import type { Clock } from '../clock.ts';
import type { ClaimedNode } from '../node/node.ts';
import { createPendingRequests } from '../relay/pending-requests.ts';
import type { Heard } from './conversation.ts';
import { createInTurn } from './in-turn.ts';
import { linkEnd, type Link, type LinkEnd } from './link.ts';
import { createProbe } from './probe.ts';
import { onConnect } from './on/connect.ts';
import { createTopicBook } from './on/publish.ts';
import { onSubscribe } from './on/subscribe.ts';

/** What the owner of sessions does with what they hear. */
export interface SessionListener {
  redeem(credentials: { clientId: string; username: string; password: string }): ClaimedNode | undefined;
  opened(link: Link): void;
  /** False when the message names something that is not this link's. A promise where it must have taken effect before the next is heard. */
  said(link: Link, message: Upstream): boolean | Promise<Heard>;
  /** `reason` null = the agent said goodbye. Called once, only after `opened`. */
  closed(link: Link, reason: string | null): void;
  /** A fault of the Cloud's own while it worked on a packet. */
  failed(cause: unknown): void;
  /** Something that an honest agent does not do. */
  refused(who: { remoteAddress: string; claimId: string | undefined }, why: string): void;
}

const endWords: Record<LinkEnd, string> = {
  'not-authorized': 'the Cloud refused something that it published',
  'server-stopping': 'the Cloud is restarting',
  silent: 'nothing came from it for a minute and a half',
  unanswered: 'it did not answer when another connection of the node came',
  'taken-over': 'a newer connection of the same node took over',
  'topic-refused': 'the Cloud refused a topic',
  'alias-refused': 'the Cloud refused a topic alias',
  'packet-too-large': 'it sent a packet that is too large',
  removed: 'the node was removed or claimed anew',
  malformed: 'it sent something that is not MQTT',
  'protocol-error': 'it broke the rules of MQTT',
  stalled: 'it does not read what is sent to it',
};

type Publish = Extract<Packet, { cmd: 'publish' }>;

/** While a parent's children are written, which takes some milliseconds each, its other messages wait; a parent has thousands of children. */
const maxWaitingMessages = 50_000;
/** Of the same, however few they are: what a parent of 10,000 children says of itself at once is 20 MiB. */
const maxWaitingBytes = 64 * 1024 * 1024;

export function startSession(
  socket: WebSocket,
  remoteAddress: string,
  parts: { clock: Clock; listener: SessionListener },
): void {
  const { clock, listener } = parts;
  let version: 4 | 5 = 5;
  let open: { link: Link; topicOf: ReturnType<typeof createTopicBook>; quietMs: number } | undefined;
  let ending: { reason: string | null } | undefined;
  let nextPacketId = 1;
  /** Filters that the agent subscribed to, of its two. */
  const inboxes = new Set<string>();
  const pending = createPendingRequests(clock);
  /** Messages, each heard when the one before it has taken effect; replies do not wait. */
  const messages = createInTurn((cause) => {
    listener.failed(cause);
    end('protocol-error');
  });

  const write = (packet: Packet): void => {
    if (socket.readyState !== socket.OPEN) return;
    // A client that does not read makes us keep what it was sent; it is cut before that grows. [trust T18]
    if (socket.bufferedAmount > (packet.cmd === 'publish' ? limits.maxUnsentBytes : limits.maxUnsentControlBytes))
      return end('stalled');
    socket.send(encodePacket(packet, version), { binary: true });
  };
  /** Agents do not wait for the echo of a close, and may never read again: the socket is cut a second later. */
  const hangUp = (): void => {
    socket.close(1000);
    clock.after(1000, () => socket.terminate());
  };
  const end = (why: LinkEnd): void => {
    if (ending !== undefined) return;
    ending = { reason: endWords[why] };
    // What waits to be heard was said by somebody who may have no claim any more.
    messages.close();
    if (open !== undefined && version === 5) write({ cmd: 'disconnect', reasonCode: linkEnd[why], properties: {} });
    hangUp();
  };
  const refuse = (why: LinkEnd, text: string): void => {
    listener.refused({ remoteAddress, claimId: open?.link.node.claimId }, text);
    end(why);
  };

  let cancelTimer = clock.after(limits.connectTimeoutSeconds * 1000, () => refuse('silent', 'it sent no CONNECT'));
  const heard = (): void => {
    if (open === undefined) return;
    cancelTimer();
    cancelTimer = clock.after(open.quietMs, () => end('silent'));
  };

  const probe = createProbe(socket, clock);

  const publish = (topic: string, payload: Buffer): void => {
    write({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false, messageId: nextPacketId });
    nextPacketId = nextPacketId === 65_535 ? 1 : nextPacketId + 1;
  };

  const linkOf = (node: ClaimedNode, sessionId: bigint): Link => ({
    node,
    remoteAddress,
    host: { hostname: node.hostname, address: remoteAddress },
    sessionId,
    answers: probe,
    send: (name, fields) => publish(commandTopic(node.claimId, name), Buffer.from(encodeDownstream(name, fields))),
    ask({ target, headers, timeoutMs, signal }) {
      return pending.start({
        timeoutMs,
        signal,
        send: (messageId) => {
          // Before both inboxes are subscribed, an agent that was just taken over from would miss it.
          if (socket.readyState !== socket.OPEN || ending !== undefined || inboxes.size < 2)
            throw new CloudError('node-offline');
          const callbackTopic = replyTopic(node.claimId);
          publish(
            requestTopic(node.claimId),
            encodeLinkRequest({ messageId, callbackTopic, timeoutMs, target, headers }),
          );
        },
        onAbandoned: (messageId) => {
          publish(
            commandTopic(node.claimId, 'CancelPendingRequest'),
            Buffer.from(encodeDownstream('CancelPendingRequest', { requestId: messageId })),
          );
        },
      });
    },
    end,
  });

  const connect = (packet: Extract<Packet, { cmd: 'connect' }>): void => {
    const outcome = onConnect(packet, (credentials) => listener.redeem(credentials));
    version = outcome.protocolVersion;
    reader.setProtocolVersion(version);
    if (!outcome.accepted) {
      write({
        cmd: 'connack',
        sessionPresent: false,
        ...(version === 5 ? { reasonCode: outcome.reason5 } : { returnCode: outcome.reason4 }),
      });
      return refuse('not-authorized', outcome.why);
    }
    const { node, sessionId, keepAliveSeconds } = outcome;
    // An agent that announces no keep-alive gets ours: a link that may be silent for ever would show a dead node as live.
    const keepAlive = Math.min(keepAliveSeconds || limits.keepAliveSeconds, limits.keepAliveSeconds);
    open = {
      link: linkOf(node, sessionId),
      topicOf: createTopicBook(node.claimId),
      quietMs: keepAlive * limits.silenceFactor * 1000,
    };
    reader.setLimit(limits.maxPacketBytes);
    heard();
    write({
      cmd: 'connack',
      sessionPresent: false,
      ...(version === 5
        ? { reasonCode: 0, properties: { topicAliasMaximum: Math.max(100, topicTable.length) } }
        : { returnCode: 0 }),
    });
    listener.opened(open.link);
  };

  /** `reasonCode` of MQTT 5: agents take any as success, so a refusal disturbs nobody honest. */
  const acknowledge = ({ messageId, qos }: Publish, reasonCode: number): void => {
    if (qos !== 1 || messageId === undefined) return;
    write({ cmd: 'puback', messageId, ...(version === 5 && reasonCode !== 0 ? { reasonCode } : {}) });
  };

  const takeReply = (packet: Publish, payload: Buffer): void => {
    const reply = payload.length > maxReplyBytes ? undefined : decodeLinkReply(payload);
    const isAwaited = reply !== undefined && pending.settle(reply);
    // After the browser that waits for the reply has it: a write costs it a tenth of a millisecond.
    setImmediate(() => acknowledge(packet, isAwaited ? 0 : 0x87));
  };

  const takeMessage = (link: Link, packet: Publish, name: UpstreamName, payload: Buffer): void | Promise<void> => {
    const decoded = decodeUpstream(name, payload);
    if (decoded.outcome !== 'message') {
      listener.refused({ remoteAddress, claimId: link.node.claimId }, `it sent a ${name} that cannot be read`);
      return acknowledge(packet, 0x99);
    }
    const said = listener.said(link, decoded.message);
    if (typeof said === 'boolean') return acknowledge(packet, said ? 0 : 0x87);
    return acknowledgeWhenHeard(packet, said);
  };

  const acknowledgeWhenHeard = async (packet: Publish, said: Promise<Heard>): Promise<void> => {
    try {
      const { heeded, after } = await said;
      acknowledge(packet, heeded ? 0 : 0x87);
      after?.();
    } catch (cause) {
      listener.failed(cause);
      acknowledge(packet, 0x80);
    }
  };

  const onPacket = (packet: Packet): void => {
    if (ending !== undefined) return;
    if (open === undefined) {
      if (packet.cmd === 'connect') connect(packet);
      else refuse('protocol-error', 'its first packet was not CONNECT');
      return;
    }
    const { link } = open;
    switch (packet.cmd) {
      case 'publish': {
        const about = open.topicOf(packet);
        if (about.about === 'refused') return refuse(about.end, about.why);
        const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
        if (about.about === 'nothing') return acknowledge(packet, 0);
        if (about.about === 'reply') return takeReply(packet, payload);
        const { count, bytes } = messages.waiting;
        if (count >= maxWaitingMessages || bytes >= maxWaitingBytes)
          return refuse('stalled', 'it said more than can be heard');
        messages.run(() => takeMessage(link, packet, about.name, payload), payload.length);
        return;
      }
      case 'subscribe': {
        if (packet.subscriptions.length === 0) return refuse('protocol-error', 'it subscribed to nothing'); // [MQTT-3.8.3-2]
        const granted = onSubscribe(packet, link.node.claimId, version);
        packet.subscriptions.forEach(({ topic }, index) => {
          if ((granted[index] ?? 0x80) < 0x80) inboxes.add(topic);
        });
        if (granted.some((code) => code >= 0x80))
          listener.refused(
            { remoteAddress, claimId: link.node.claimId },
            'it subscribed to a topic that is not its own',
          );
        return write({ cmd: 'suback', messageId: packet.messageId ?? 0, granted });
      }
      case 'pingreq':
        return write({ cmd: 'pingresp' });
      case 'puback':
        return;
      case 'disconnect':
        ending = { reason: null };
        return hangUp();
      default:
        return refuse('protocol-error', `it sent ${packet.cmd.toUpperCase()}`);
    }
  };

  const reader = createPacketReader(onPacket, {
    maxPacketBytes: limits.maxBytesBeforeConnect,
    protocolVersion: undefined,
  });

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (ending !== undefined) return;
    if (!isBinary) return refuse('protocol-error', 'it sent text');
    heard();
    try {
      reader.push(data);
    } catch (cause) {
      const tooLarge = cause instanceof PacketError && cause.problem === 'packet-too-large';
      if (cause instanceof PacketError) refuse(tooLarge ? 'packet-too-large' : 'malformed', cause.message);
      else {
        // A fault of ours in the words of one agent must not end the links of all others.
        listener.failed(cause);
        end('protocol-error');
      }
    }
  });
  // The library would answer every ping at once, also to a client that never reads.
  socket.on('ping', (data: Buffer) => {
    if (socket.bufferedAmount <= limits.maxUnsentControlBytes) socket.pong(data);
    else end('stalled');
  });
  socket.on('error', () => {
    // The close that follows tells the owner.
  });
  socket.once('close', () => {
    cancelTimer();
    messages.close();
    pending.failAll('relay-link-lost');
    if (open !== undefined) listener.closed(open.link, ending === undefined ? 'its connection broke' : ending.reason);
  });
}
