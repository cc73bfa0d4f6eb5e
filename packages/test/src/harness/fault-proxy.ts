// A TCP proxy with a fault: it stands between an agent and the Cloud, or is what an agent takes for the Cloud.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Fault =
  | 'pass'
  /** Lets the request through and throws the answer away, with a reset: the Cloud did the work, nobody learns of it. */
  | 'swallow'
  /** Takes everything, answers nothing. */
  | 'blackhole';

export interface FaultProxy {
  readonly port: number;
  fault: Fault;
  /** Bytes that clients sent. */
  received(): Buffer;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number, initial: Fault): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const server: Server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    let answered = 0;
    client.on('data', (bytes) => {
      received.push(bytes);
      if (proxy.fault !== 'blackhole') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      answered += bytes.length;
      // The handshake must pass; what follows the first application data does not.
      if (proxy.fault === 'swallow' && answered > handshakeBytes) return client.resetAndDestroy();
      client.write(bytes);
      return undefined;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxy: FaultProxy = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    fault: initial,
    received: () => Buffer.concat(received),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

/** Bytes of the Cloud's half of a TLS 1.3 handshake with two session tickets: P-256 leaf and CA make it 1.5 to 2.5 KiB. */
const handshakeBytes = 2600;
