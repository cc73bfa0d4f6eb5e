// A port of its own for the metrics, plain HTTP without a token: on the loopback of this machine alone.

import { createServer } from 'node:http';
import { reasonOf, StartError } from '../config/data-folder.ts';
import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsListener {
  port: number;
  close(): Promise<void>;
}

/** Throws StartError. */
export async function openMetricsListener(
  { address, port }: { address: string; port: number },
  metrics: Metrics,
  log: Log,
): Promise<MetricsListener> {
  const server = createServer({ requestTimeout: 5000, headersTimeout: 5000 }, (request, response) => {
    const isAsked = request.method === 'GET' && (request.url ?? '').split('?')[0] === '/metrics';
    if (!isAsked) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('GET /metrics\n');
    metrics.text().then(
      ({ contentType, body }) => response.writeHead(200, { 'content-type': contentType }).end(body),
      (error: unknown) => {
        log.error('metrics could not be read', { error });
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new StartError(
          `Cannot listen for metrics on ${address} port ${port} (${reasonOf(cause)}); give another one with --metrics-listen.`,
          { cause },
        ),
      ),
    );
    server.listen(port, address, resolve);
  });
  // A connection that cannot be accepted, e.g. for want of descriptors, must not end the Cloud.
  server.on('error', (error) => log.error('the port for metrics failed', { error }));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
