// The TLS port, bound before anything is made: a port that is taken must not cost a first start its one-time password. Until the
// routes are there it asks agents and browsers to come again.

import { CloudError } from '@claimstead/wire/errors';
import type { RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { StartError, reasonOf } from '../config/data-folder.ts';
import { errorReply } from './respond.ts';

export interface HttpLimits {
  /** Until a request's headers are complete. */
  headersTimeoutMs: number;
  /** Until its body is, too. */
  requestTimeoutMs: number;
  /** How often Node looks for connections that are too slow; its default of 30 s would let the limits above wait. */
  checkingIntervalMs: number;
  keepAliveTimeoutMs: number;
  /** A connection on which nothing moves while an answer is due is cut: whoever asks and does not read would have us keep the answer. */
  stalledTimeoutMs: number;
  handshakeTimeoutMs: number;
  maxHeaderBytes: number;
  /** Requests that run when the Cloud stops may take this long to end. */
  drainMs: number;
}

export const httpLimits: HttpLimits = {
  headersTimeoutMs: 8000,
  requestTimeoutMs: 15_000,
  checkingIntervalMs: 1000,
  keepAliveTimeoutMs: 75_000,
  stalledTimeoutMs: 30_000,
  handshakeTimeoutMs: 10_000,
  maxHeaderBytes: 16 * 1024,
  drainMs: 5000,
};

export interface Listener {
  server: Server;
  port: number;
  /** From now on requests go there. */
  serve(handler: RequestListener): void;
}

export interface ListenerParts {
  tls: ServerOptions;
  limits: HttpLimits;
  port: number;
  address: string;
  newRequestId: () => string;
}

/** Throws StartError when it cannot listen. */
export function openListener({ tls, limits, port, address, newRequestId }: ListenerParts): Promise<Listener> {
  const notYet: RequestListener = (request, response) => {
    const form = request.url?.startsWith('/api/v1/') === true ? 'agent' : 'problem';
    const { status, body } = errorReply(new CloudError('stopping'), form, newRequestId());
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  const server = createServer(
    {
      ...tls,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkingIntervalMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      handshakeTimeout: limits.handshakeTimeoutMs,
      maxHeaderSize: limits.maxHeaderBytes,
    },
    notYet,
  );
  server.setTimeout(limits.stalledTimeoutMs);
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new StartError(whyNot(cause, port, address), { cause })));
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      const bound = server.address();
      resolve({
        server,
        port: typeof bound === 'object' && bound !== null ? bound.port : port,
        serve(handler) {
          server.off('request', notYet);
          server.on('request', handler);
        },
      });
    });
  });
}

function whyNot(cause: unknown, port: number, address: string): string {
  switch (reasonOf(cause)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${address} is in use by another program; stop it, or give another port with --port.`;
    case 'EACCES':
      return `Port ${port} may not be opened by this user; give a port above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
      return `${address} is no address of this machine; give one with --listen.`;
    default:
      return `Cannot listen on ${address} port ${port} (${reasonOf(cause)}); give another address or port with --listen and --port.`;
  }
}
