// An address that no route has: a file of the pages, an address that the pages' own router knows, or nothing.

import { CloudError } from '@claimstead/wire/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteEntry } from './routes.ts';
import type { StaticFiles } from './static-files.ts';

/** Throws `not-found` or `method-not-allowed`. */
export async function answerUnknown(
  routes: readonly RouteEntry[],
  staticFiles: StaticFiles,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const path = request.url.split('?')[0] ?? '/';
  if (path.startsWith('/api/')) {
    const other = routes.find((entry) => entry.method !== request.method && matches(entry.path, path));
    throw new CloudError(other === undefined ? 'not-found' : 'method-not-allowed');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new CloudError('method-not-allowed');
  const wantsPage = path === '/' || (request.headers.accept ?? '').includes('text/html');
  // A folder with a page of its own, e.g. /api-docs, is no address of the pages' router.
  const own = staticFiles.get(path) ?? staticFiles.get(`${path.replace(/\/$/, '')}/index.html`);
  const file = own ?? (wantsPage ? staticFiles.index : undefined);
  if (file === undefined) {
    if (!wantsPage || staticFiles.index !== undefined) throw new CloudError('not-found');
    const sentence = 'The web pages were not built; run the build (npm run build) and start the Cloud again.\n';
    return reply.status(503).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(sentence);
  }
  reply.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  reply.header('etag', file.etag).header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) return reply.status(304).send();
  const acceptEncoding = request.headers['accept-encoding'];
  const { bytes, encoding } = await staticFiles.encode(
    file,
    Array.isArray(acceptEncoding) ? acceptEncoding[0] : acceptEncoding,
  );
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.type(file.contentType).send(bytes);
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const isOpen = wanted.at(-1) === '*';
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, index) => part === '*' || part.startsWith(':') || part === given[index]);
}
