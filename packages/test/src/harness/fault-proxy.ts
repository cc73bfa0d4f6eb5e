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
    let asked = 0;
    let silence: NodeJS.Timeout | undefined;
    client.on('data', (bytes) => {
      received.push(bytes);
      asked += bytes.length;
      if (proxy.fault !== 'blackhole') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (proxy.fault !== 'swallow' || asked < handshakeBytes) return void client.write(bytes);
      // The Cloud has answered when it has nothing more to say; only then is the client cut, so that the work is surely done.
      clearTimeout(silence);
      silence = setTimeout(() => client.resetAndDestroy(), 100);
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

/** Bytes that a client sends before its request: a ClientHello of 500 and the end of the handshake; a claim is 1 KiB on top. */
const handshakeBytes = 1000;
