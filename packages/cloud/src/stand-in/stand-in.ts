// A stand-in for a Cloud that is being worked on: it holds the port and tells everybody to come back. Agents that reach nothing forget what
// the Cloud told them and wait by themselves, up to a quarter of an hour; as long as something asks them to come again soon, they do.
// [decision 16]

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CloudError } from '@claimstead/wire/errors';
import type { CloudConfig } from '../config/load.ts';
import { cloudFolder, StartError } from '../config/data-folder.ts';
import { httpLimits, openListener } from '../http/listener.ts';
import { refuseBytes, refuseSocket } from '../http/refuse-socket.ts';
import { errorReply } from '../http/respond.ts';
import { agentHeaders } from '../http/security-headers.ts';
import { readTls, tlsProtocol } from '../tls/tls.ts';
import { pageHeaders, standInPage } from './stand-in-page.ts';

export interface StandIn {
  url: URL;
  /** Lets go of the port at once. */
  close(): Promise<void>;
}

/** Reads the certificate and touches nothing, so that a backup or a restore may go on beneath. Throws StartError (one sentence, exit 1). */
export async function startStandIn(config: CloudConfig, now: () => number): Promise<StandIn> {
  const { tlsFolder } = cloudFolder(config.dataFolder);
  const publicHost = config.publicUrl?.hostname ?? 'localhost';
  const { certificate: given, acme, listenAddress, port } = config;
  const pair = await readTls({ folder: tlsFolder, publicHost, listenAddress, given, acme, now });
  // An authority made here would be trusted by no agent.
  if (pair === undefined) {
    throw new StartError(
      `No Cloud has been on ${config.dataFolder} yet, so there is no certificate in ${tlsFolder}; give the folder of the Cloud that is stopped with --data, or its certificate with --cert and --key.`,
    );
  }
  const listener = await openListener({
    tls: { ...tlsProtocol, ...pair },
    limits: httpLimits,
    port,
    address: listenAddress,
    newRequestId: randomUUID,
  });
  listener.serve(answer);
  listener.server.on('upgrade', (_request, socket) => refuseSocket(socket, 503, 'out-of-service', randomUUID()));
  listener.server.on('clientError', (error, socket) => refuseBytes(error, socket, randomUUID()));
  return {
    url: config.publicUrl ?? new URL(`https://localhost:${listener.port}`),
    close: () =>
      new Promise((resolve) => {
        listener.server.close(() => resolve());
        listener.server.closeAllConnections();
      }),
  };
}

/** Connections stay open, as agents need it; what they send with a request is read and forgotten. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const path = (request.url ?? '').split('?')[0] ?? '';
  const isPage = request.method === 'GET' && !path.startsWith('/api/') && path !== '/healthz';
  if (isPage) {
    response.writeHead(503, pageHeaders);
    response.end(standInPage);
    return;
  }
  const form = path.startsWith('/api/v1/') ? 'agent' : 'problem';
  const { status, body } = errorReply(new CloudError('out-of-service'), form, randomUUID());
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...agentHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}
