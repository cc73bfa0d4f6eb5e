// Port 80, as far as an authority needs it: it answers that one question, and sends everybody else to the pages over https.

import { createServer } from 'node:http';
import { reasonOf, StartError } from '../config/data-folder.ts';

export interface ChallengeListener {
  port: number;
  /** What the authority will ask for; undefined takes it away. */
  answer(token: string, keyAuthorization: string | undefined): void;
  close(): Promise<void>;
}

const challengePath = '/.well-known/acme-challenge/';

/** Throws StartError. */
export async function openChallengeListener(
  { address, port }: { address: string; port: number },
  publicUrl: URL,
  onError: (error: Error) => void,
): Promise<ChallengeListener> {
  const answers = new Map<string, string>();
  const server = createServer(
    { requestTimeout: 5000, headersTimeout: 5000, keepAlive: false, maxHeaderSize: 8192 },
    (request, response) => {
      request.resume();
      const path = request.url ?? '';
      // One question, one connection: nothing stays open on a port that everybody reaches.
      response.setHeader('connection', 'close');
      if (path.startsWith(challengePath)) {
        const found = request.method === 'GET' ? answers.get(path.slice(challengePath.length)) : undefined;
        response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/octet-stream' });
        return void response.end(found ?? '');
      }
      // The host is ours whatever was asked for: what follows it begins with a slash.
      const location = publicUrl.origin + (path.startsWith('/') ? path : '/');
      return void response.writeHead(308, { location, 'content-length': 0 }).end();
    },
  );
  server.setTimeout(5000);
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new StartError(
          `Cannot listen on ${address} port ${port} for the authority’s question (${reasonOf(cause)}); free that port or allow this user to open it, or give another with --acme-http-listen that port 80 is forwarded to.`,
          { cause },
        ),
      ),
    );
    server.listen(port, address, resolve);
  });
  // A connection that cannot be accepted, e.g. for want of descriptors, must not end the Cloud.
  server.on('error', onError);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    answer(token, keyAuthorization) {
      if (keyAuthorization === undefined) answers.delete(token);
      else answers.set(token, keyAuthorization);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
