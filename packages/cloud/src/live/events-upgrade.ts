// The upgrade of /api/cloud/v1/events: a session's cookie and a page of the Cloud's own origin, or nothing. [trust T24]

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CloudError } from '@claimstead/wire/errors';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { NodeId, SpaceId } from '@claimstead/wire/ids';
import type { SignedIn } from '../account/session.ts';
import { startEvents, type EventsParts } from './events-socket.ts';

/** A watch is 300 bytes. */
const maxMessageBytes = 16 * 1024;
/** Sockets of one account: every tab has one. */
const maxPerAccount = 50;

export interface EventsUpgradeParts extends Pick<EventsParts, 'watches' | 'bus' | 'clock'> {
  /** Throws CloudError when the cookie is no session. */
  authenticate(request: IncomingMessage): Promise<SignedIn>;
  isSignedIn(who: SignedIn): Promise<boolean>;
  isOwnOrigin(request: IncomingMessage): boolean;
  /** Every node that they see now, and one of them; each as they see it. */
  nodesSeen(who: SignedIn): Promise<NodeView[]>;
  nodeSeen(who: SignedIn, nodeId: NodeId): Promise<NodeView | undefined>;
  isIn(who: SignedIn, spaceId: SpaceId): Promise<boolean>;
  seesMembers(who: SignedIn, spaceId: SpaceId): Promise<boolean>;
  refuse(socket: Duplex, cause: unknown): void;
}

export interface EventsUpgrade {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export function createEventsUpgrade(parts: EventsUpgradeParts): EventsUpgrade {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes });
  const perAccount = new Map<string, number>();

  const start = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    if (!parts.isOwnOrigin(request)) throw new CloudError('origin-refused');
    const who = await parts.authenticate(request);
    if ((perAccount.get(who.accountId) ?? 0) >= maxPerAccount) throw new CloudError('too-many-requests');
    if (socket.destroyed) return;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      perAccount.set(who.accountId, (perAccount.get(who.accountId) ?? 0) + 1);
      webSocket.once('close', () => {
        const left = (perAccount.get(who.accountId) ?? 1) - 1;
        if (left === 0) perAccount.delete(who.accountId);
        else perAccount.set(who.accountId, left);
      });
      startEvents({
        socket: webSocket,
        accountId: who.accountId,
        sessionId: who.sessionId,
        nodesSeen: () => parts.nodesSeen(who),
        nodeSeen: (nodeId) => parts.nodeSeen(who, nodeId),
        isIn: (spaceId) => parts.isIn(who, spaceId),
        seesMembers: (spaceId) => parts.seesMembers(who, spaceId),
        // A page that lies open is no use of the session.
        stillSignedIn: () => parts.isSignedIn(who),
        watches: parts.watches,
        bus: parts.bus,
        clock: parts.clock,
      }).catch(() => webSocket.close(1011));
    });
  };

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      start(request, socket, head).catch((cause: unknown) => parts.refuse(socket, cause));
    },
    close() {
      for (const client of server.clients) client.close(1001);
      server.close();
    },
  };
}
