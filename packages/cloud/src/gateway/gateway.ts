// How a socket becomes a link: the upgrade of /mqtt, and what the Cloud does when a link opens, speaks and ends.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import * as limits from '@claimstead/wire/mqtt/limits';
import type { Bus } from '../bus/bus.ts';
import type { Challenges } from '../challenge/challenge.ts';
import type { Clock } from '../clock.ts';
import type { AddressOf } from '../limit/client-address.ts';
import type { AlarmConfiguration } from '@claimstead/wire/gen/link/v1/alarm';
import type { ClaimId } from '@claimstead/wire/ids';
import type { Contests } from './contests.ts';
import { createConversation, type Conversation, type ConversationParts } from './conversation.ts';
import type { Link } from './link.ts';
import type { LiveLinks } from './live-links.ts';
import { startSession } from './session.ts';

/** What the gateway counts and logs. */
export interface GatewayEvents {
  linkOpened(link: Link): void;
  linkClosed(link: Link, reason: string | null): void;
  linkFailed(cause: unknown): void;
  linkRefused(who: { remoteAddress: string; claimId: string | undefined }, why: string): void;
}

export interface Gateway {
  /** Takes over the socket of an upgrade request to /mqtt. Cookies mean nothing here. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** How an alert is defined, by the agent of that claim; undefined where it does not answer. */
  definition(claimId: ClaimId, configHash: string): Promise<AlarmConfiguration | undefined>;
  /** Tells every agent that the Cloud restarts, and lets go of them. */
  stop(): Promise<void>;
}

/** Sockets without an accepted CONNECT that may be open at once; each may send 4 KiB in 10 s. */
const maxUnauthenticated = 2000;

export interface GatewayParts extends ConversationParts {
  clock: Clock;
  challenges: Challenges;
  links: LiveLinks;
  bus: Bus;
  events: GatewayEvents;
  contests: Contests;
  addressOf: AddressOf;
}

export function createGateway(parts: GatewayParts): Gateway {
  const { clock, challenges, links, presence, contests, bus, events, addressOf } = parts;
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: false,
    // A frame is a flush unit of an agent; the packet reader has the limit that counts.
    maxPayload: limits.maxPacketBytes,
    handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
  });
  /** By the claim of the link that is current. */
  const conversations = new Map<ClaimId, Conversation>();
  let unauthenticated = 0;
  let stopping = false;

  // Removal and a newer claim of the same machine end the link at once, and void what was handed out.
  const unsubscribe = [
    bus.subscribe('node-removed', ({ claimId, nodeId }) => {
      if (claimId !== null) {
        challenges.forget(claimId);
        contests.forget(claimId);
        links.end(claimId, 'removed');
      }
      for (const conversation of conversations.values()) conversation.forget(nodeId);
      presence.forget(nodeId);
    }),
    bus.subscribe('node-claimed', ({ claimId, retiredClaimId, keyReplaced, tokenId }) => {
      contests.claimedWith(tokenId);
      challenges.forget(claimId);
      if (keyReplaced) {
        links.end(claimId, 'removed');
        contests.forget(claimId);
      }
      if (retiredClaimId === null) return;
      challenges.forget(retiredClaimId);
      contests.forget(retiredClaimId);
      links.end(retiredClaimId, 'removed');
    }),
  ];

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (stopping || unauthenticated >= maxUnauthenticated) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const remoteAddress = addressOf(request);
      unauthenticated += 1;
      let counted = true;
      const release = (): void => {
        if (counted) unauthenticated -= 1;
        counted = false;
      };
      socket.once('close', release);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        let conversation: Conversation | undefined;
        startSession(webSocket, remoteAddress, {
          clock,
          listener: {
            redeem: (credentials) => challenges.redeem(credentials),
            opened(link) {
              release();
              links.add(link);
              conversation = createConversation(link, parts);
              conversations.set(link.node.claimId, conversation);
              contests.opened(link);
              events.linkOpened(link);
            },
            said(link, message) {
              // What a replaced link still says is history.
              if (!links.isCurrent(link) || conversation === undefined) return true;
              const heard = conversation.hear(message);
              const told = (heeded: boolean): void => {
                if (heeded) return;
                const why = `it sent a ${message.name} about something that is not its own`;
                events.linkRefused({ remoteAddress, claimId: link.node.claimId }, why);
              };
              if (typeof heard !== 'boolean') return heard.then((one) => (told(one.heeded), one));
              told(heard);
              return heard;
            },
            closed(link, reason) {
              events.linkClosed(link, reason);
              conversation?.close();
              if (conversations.get(link.node.claimId) === conversation) conversations.delete(link.node.claimId);
              if (links.remove(link)) presence.linkDown(link.node.claimId, reason);
            },
            refused: (who, why) => events.linkRefused(who, why),
            failed: (cause) => events.linkFailed(cause),
          },
        });
      });
    },
    definition: async (claimId, configHash) => conversations.get(claimId)?.definition(configHash),
    async stop() {
      stopping = true;
      for (const end of unsubscribe) end();
      links.endAll('server-stopping');
      const gone = [...server.clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
      await Promise.race([Promise.all(gone), new Promise<void>((resolve) => void clock.after(1500, resolve))]);
      for (const client of server.clients) client.terminate();
      await Promise.all(gone);
      server.close();
    },
  };
}
