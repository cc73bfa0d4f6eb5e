// GET /session/ways: what the sign-in page may offer.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { SignInWays } from '@claimstead/wire/cloud-api/session';
import { route, type RouteEntry } from '../http/routes.ts';

export const waysRoutes = (ways: SignInWays): RouteEntry[] => [
  route({
    method: 'GET',
    path: `${apiBase}/session/ways`,
    permission: 'public',
    summary: 'How one can sign in to this Cloud.',
    responses: { 200: SignInWays },
    handle: async () => ({ status: 200, body: ways }),
  }),
];
