// An HTTPS server that answers claims one after the other as it is told, and keeps what it was sent.

import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Socket } from 'node:net';
import type { ServerResponse } from 'node:http';
import type { Certificate } from './certificates.ts';

export interface ReceivedRequest {
  method: string;
  path: string;
  contentType: string | undefined;
  body: string;
}

/** One answer: a status with a body, no answer at all, a hang-up after the request was read, or whatever a test does. */
export type ScriptedAnswer =
  | { status: number; body?: string }
  | 'hang'
  | 'hang up'
  | ((response: ServerResponse) => void);

export class ScriptedCloud {
  readonly requests: ReceivedRequest[] = [];
  /** Connections that reached TLS or tried to. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** The last answer of the script is given to all further requests. */
  constructor(certificate: Certificate, script: ScriptedAnswer[], options: { maxVersion?: 'TLSv1.1' } = {}) {
    const version =
      options.maxVersion === undefined
        ? {}
        : { minVersion: 'TLSv1.1' as const, maxVersion: options.maxVersion, ciphers: 'ALL:@SECLEVEL=0' };
    this.#server = createServer({ ...certificate, ...version }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        this.requests.push({
          method: request.method ?? '',
          path: request.url ?? '',
          contentType: request.headers['content-type'],
          body,
        });
        const answer = script[Math.min(this.requests.length, script.length) - 1];
        if (answer === undefined || answer === 'hang') return;
        if (answer === 'hang up') request.socket.destroy();
        else if (typeof answer === 'function') answer(response);
        else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Answers the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  /** What was sent, as one text, for canaries. */
  get sent(): string {
    return JSON.stringify(this.requests);
  }
}

/** A refusal as the Cloud words it. */
export const refusal = (status: number, errorMsgKey: string): ScriptedAnswer => ({
  status,
  body: JSON.stringify({ errorCode: 'x', errorMsgKey, errorMessage: 'EVIL \u001b[31m text', requestId: 'req-1' }),
});
