// One WebSocket to the Cloud: TCP or proxy tunnel, TLS with the host name checked, then the upgrade.

import WebSocket from 'ws';
import { tlsHost, type Transport } from './identity.ts';
import { LinkError } from './link-error.ts';

const dialTimeoutMs = 30_000;
/** Bytes of one frame from the Cloud: it promises packets of 64 KiB. */
const maxFrameBytes = 256 * 1024;

export function dial(transport: Transport, endpoint: URL, signal: AbortSignal): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(endpoint, 'mqtt', {
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
      handshakeTimeout: dialTimeoutMs,
      followRedirects: false,
      ...(transport.proxyAgent === undefined ? {} : { agent: transport.proxyAgent }),
      ...transport.tlsOptions(tlsHost(endpoint)),
    });
    const onAbort = (): void => socket.terminate();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('open', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
    socket.once('error', (cause) => {
      signal.removeEventListener('abort', onAbort);
      reject(new LinkError(`WebSocket: ${transport.explain(tlsHost(endpoint), cause)}`));
    });
    if (signal.aborted) onAbort();
  });
}
