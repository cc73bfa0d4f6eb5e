// GET /healthz: whether the Cloud answers. GET /readyz: whether it can do its work. For load balancers and scripts; they tell nothing else.

import { z } from 'zod';
import type { Readiness } from './readiness.ts';
import { route, type RouteEntry } from './routes.ts';

export const healthRoutes = (readiness: Readiness): RouteEntry[] => [
  route({
    method: 'GET',
    path: '/healthz',
    permission: 'public',
    summary: 'Answers as long as the Cloud serves.',
    responses: { 200: z.object({ status: z.literal('ok') }) },
    handle: async () => ({ status: 200, body: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    permission: 'public',
    summary:
      'Answers 200 while the Cloud takes claims and changes, 503 with the reason while it stops or cannot write.',
    responses: { 200: z.object({ status: z.literal('ready') }) },
    handle: async () => {
      await readiness.check();
      return { status: 200, body: { status: 'ready' } };
    },
  }),
];
