// GET /healthz: whether the Cloud answers. For load balancers and scripts; it tells nothing else.

import { z } from 'zod';
import { route, type RouteEntry } from './routes.ts';

export const healthRoutes = (): RouteEntry[] => [
  route({
    method: 'GET',
    path: '/healthz',
    permission: 'public',
    summary: 'Answers as long as the Cloud serves.',
    responses: { 200: z.object({ status: z.literal('ok') }) },
    handle: async () => ({ status: 200, body: { status: 'ok' } }),
  }),
];
