// The browser's side of the relay: `GET /nodes/{nodeId}/agent/{path}`. What comes back is the agent's body under our own headers. [trust T14]

import { z } from 'zod';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import { route, type RouteEntry } from '../http/routes.ts';
import { oneNodeTarget } from './one-node-target.ts';
import { relayTimeoutMs } from './relay-target.ts';
import type { Relay } from './relay.ts';

/** Types that a browser may show on the Cloud's origin; anything else is only handed over as a file. */
const shown = new Set(['application/json', 'text/plain', 'text/csv']);

/** Bytes of answers that wait to be read by browsers, over all of them: sixteen answers of the largest size. */
const maxUnreadBytes = 256 * 1024 * 1024;

export function relayRoutes(parts: { relay: Relay }): RouteEntry[] {
  let unreadBytes = 0;
  return [
    route({
      method: 'GET',
      path: `${apiBase}/nodes/:nodeId/agent/*`,
      permission: 'see-nodes',
      summary: 'Asks the node; the answer is the agent’s own, and nothing of it is kept.',
      params: z.object({ nodeId: z.string(), '*': z.string() }),
      handle: async ({ who, rawUrl, headers, signal }) => {
        // As it came, not as a router decoded it: what is checked must be what is sent.
        const start = /^\/api\/cloud\/v1\/nodes\/[^/]+\/agent(\/.*)$/.exec(rawUrl)?.[1];
        if (start === undefined || who.node === undefined) throw new CloudError('relay-path-refused');
        // Browsers that ask and do not read would have us keep what they asked for. [trust T18]
        if (unreadBytes > maxUnreadBytes) throw new CloudError('overloaded');
        const { status, contentType, body, gzipped } = await parts.relay.ask({
          nodeId: who.node.nodeId,
          target: who.sight.all ? start : oneNodeTarget(start, who.node),
          asker: { accountId: who.accountId, name: who.email, role: who.role },
          timeoutMs: relayTimeoutMs(start),
          signal,
        });
        const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
        const asGzip = gzipped !== undefined && /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
        const sent = asGzip ? gzipped : body;
        unreadBytes += sent.length;
        return {
          status,
          headers: {
            'content-type': shown.has(type) ? `${type}; charset=utf-8` : 'application/octet-stream',
            ...(shown.has(type) ? {} : { 'content-disposition': 'attachment' }),
            ...(asGzip ? { 'content-encoding': 'gzip' } : {}),
            vary: 'accept-encoding',
            'cache-control': 'no-store',
            'content-security-policy': "sandbox; default-src 'none'",
          },
          body: sent,
          onClosed: () => {
            unreadBytes -= sent.length;
          },
        };
      },
    }),
  ];
}
