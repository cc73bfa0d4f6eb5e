// What the Cloud asks once and is told from then on, until the connection ends: contexts, say. Each connection opens its own.

import type { Downstream } from '@claimstead/wire/link/downstream';
import type { MqttSession } from './mqtt-session.ts';

/** Says one message on the connection; nothing happens once that is over. */
export type Publish = MqttSession['publish'];

/** Whom the connection speaks for. */
export interface StreamIds {
  claimId: string;
  machineGuid: string;
  /** Undefined until the Cloud gave one. */
  nodeId(): string | undefined;
}

/** One subject on one connection. Nothing is published before the Cloud asked for it, or for the node, on this very connection. */
export interface LinkStream {
  /** Does what a message asks for. False: the message is none of this stream's. What has a wrong id is ignored and logged. */
  onCommand(message: Downstream): boolean;
  /** The node was announced with its id: what follows from that alone is told now. */
  onAnnounced?(): void;
  /** The connection ends: timers and watches go. Called once; nothing is published any more. */
  close(): void;
}

export type OpenStream = (publish: Publish, ids: StreamIds) => LinkStream;
