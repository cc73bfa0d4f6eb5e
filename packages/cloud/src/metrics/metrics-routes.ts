// GET /metrics on the Cloud's own port: as good as not there, unless a token was given to it.

import { CloudError } from '@claimstead/wire/errors';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Metrics } from './metrics.ts';

export const metricsRoutes = (parts: {
  metrics: Metrics;
  /** Undefined: nobody may. */
  mayRead: ((authorization: unknown) => boolean) | undefined;
}): RouteEntry[] => [
  route({
    method: 'GET',
    path: '/metrics',
    permission: 'public',
    summary: 'Numbers about the Cloud itself for Prometheus, to who sends the token of --metrics-token-file as Bearer.',
    handle: async ({ headers }) => {
      if (parts.mayRead?.(headers['authorization']) !== true) throw new CloudError('not-found');
      const { contentType, body } = await parts.metrics.text();
      return { status: 200, headers: { 'content-type': contentType }, body };
    },
  }),
];
