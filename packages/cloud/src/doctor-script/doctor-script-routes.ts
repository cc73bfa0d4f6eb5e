// GET /doctor.sh: for everybody, because who needs it has no account; there is no secret in it.

import { route, type RouteEntry } from '../http/routes.ts';

/** `script`: the text that is served. */
export const doctorScriptRoutes = (script: string): RouteEntry[] => [
  route({
    method: 'GET',
    path: '/doctor.sh',
    permission: 'public',
    summary: 'A script for a host with a stock agent, which says what is wrong on the way to this Cloud.',
    handle: async () => ({
      status: 200,
      // As text, a browser shows it to who wants to read it first. It holds the address of this Cloud, which may change.
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
      body: script,
    }),
  }),
];
