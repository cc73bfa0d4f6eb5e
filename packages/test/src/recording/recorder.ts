// A relay in front of a Cloud that writes down what passes. It ends the agents' TLS with a certificate that they trust and opens one of
// its own to the Cloud; every byte in between goes on as it came.

import { createServer, connect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { cutStream, type StreamCutter } from './cut-stream.ts';
import { withoutSecrets, type Replacements } from './made-up.ts';
import type { RecordedEvent, Recording, RecordingHead, Side } from './recording.ts';

export interface Recorder {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Forgets what it has; what is connected goes on and is not recorded any more. */
  begin(): void;
  /** What passed since `begin`, without its secrets. */
  take(head: RecordingHead, names?: Replacements): Recording;
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** 0: any that is free. */
  port: number;
  certificate: { key: string; cert: string };
  /** Where the Cloud is. */
  cloud: { host: string; port: number; servername: string; ca: string };
  /** Milliseconds, growing. */
  now: () => number;
}

export async function startRecorder({ port: wanted, certificate, cloud, now }: RecorderOptions): Promise<Recorder> {
  let events: RecordedEvent[] = [];
  let began = now();
  let connections = 0;
  const sockets = new Set<TLSSocket>();

  const server = createServer(certificate, (agent) => {
    const { host, port, servername, ca } = cloud;
    const upstream = connect({ host, port, servername, ca });
    const connection = ++connections;
    const mine = events;
    const note = (event: Record<string, unknown>): void =>
      void mine.push({ at: Math.round(now() - began), connection, ...event } as RecordedEvent);
    const cutters: Record<Side, StreamCutter> = {
      agent: cutStream(
        (bytes) => note({ from: 'agent', kind: 'http', bytes }),
        (opcode, bytes) => note({ from: 'agent', kind: 'frame', opcode, bytes }),
      ),
      cloud: cutStream(
        (bytes) => {
          note({ from: 'cloud', kind: 'http', bytes });
          if (bytes.toString('latin1', 0, 12) === 'HTTP/1.1 101') for (const side of sides) cutters[side].upgrade();
        },
        (opcode, bytes) => note({ from: 'cloud', kind: 'frame', opcode, bytes }),
      ),
    };
    for (const [from, to, side] of [
      [agent, upstream, 'agent'],
      [upstream, agent, 'cloud'],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => cutters[side].push(bytes));
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        note({ from: side, kind: 'end' });
        to.destroy();
      });
    }
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    begin() {
      events = [];
      began = now();
      connections = 0;
    },
    take: (head, names = new Map()) => ({ ...head, events: withoutSecrets(events, names) }),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const sides: readonly Side[] = ['agent', 'cloud'];
