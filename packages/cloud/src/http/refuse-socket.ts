// Answers on sockets that never became a request of a route: upgrades that nobody takes, and bytes that are no request.

import { CloudError, type ErrorKind } from '@claimstead/wire/errors';
import type { Duplex } from 'node:stream';
import { errorReply } from './respond.ts';

/** An answer on a socket that no handler took. */
export function refuseSocket(socket: Duplex, status: number, kind: ErrorKind, requestId: string): void {
  const { body } = errorReply(new CloudError(kind), 'problem', requestId);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.on('error', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}

/** What is no request: too large, too slow, not HTTP. */
export function refuseBytes(error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (error.code === 'HPE_HEADER_OVERFLOW') refuseSocket(socket, 431, 'headers-too-large', requestId);
  else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseSocket(socket, 408, 'invalid-request', requestId);
  else refuseSocket(socket, 400, 'invalid-request', requestId);
}
