// GET and DELETE /account/sessions, DELETE /account/sessions/:sessionId.

import { SessionList, SessionsEnd, type SessionEntry } from '@claimstead/wire/cloud-api/account';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import { endedSessionCookie, sessionExpiryMs, type Session, type Sessions } from './session.ts';

export interface SessionListRoutesParts {
  sessions: Sessions;
  events: Events;
}

export function sessionListRoutes({ sessions, events }: SessionListRoutesParts): RouteEntry[] {
  const path = `${apiBase}/account/sessions`;
  return [
    route({
      method: 'GET',
      path,
      permission: 'own-session',
      summary: 'The browsers that are signed in to the account, newest first.',
      responses: { 200: SessionList },
      handle: async ({ who }) => ({
        status: 200,
        body: { sessions: (await sessions.ofAccount(who.accountId)).map((one) => toEntry(one, who.sessionId)) },
      }),
    }),
    route({
      method: 'DELETE',
      path: `${path}/:sessionId`,
      permission: 'own-session',
      summary: 'Signs one browser out, also its open sockets.',
      handle: async ({ who, params, sourceNetwork }) => {
        if (!(await sessions.endOne(who, params['sessionId'] ?? '', sourceNetwork))) throw new CloudError('not-found');
        events.sessionsEnded({ accountId: who.accountId, count: 1 });
        return { status: 204 };
      },
    }),
    route({
      method: 'DELETE',
      path,
      permission: 'own-session',
      summary: 'Signs out everywhere else, or everywhere.',
      query: SessionsEnd,
      handle: async ({ who, query: { which }, sourceNetwork }) => {
        const count = await sessions.endMany(who, which, sourceNetwork);
        events.sessionsEnded({ accountId: who.accountId, count });
        return { status: 204, ...(which === 'all' ? { headers: { 'set-cookie': endedSessionCookie } } : {}) };
      },
    }),
  ];
}

function toEntry(session: Session, current: string): SessionEntry {
  return {
    id: session.publicId,
    isCurrent: session.sessionHash === current,
    since: new Date(session.createdAtMs).toISOString(),
    lastUsedAt: new Date(session.lastUsedAtMs).toISOString(),
    expiresAt: new Date(sessionExpiryMs(session)).toISOString(),
    sourceNetwork: session.sourceNetwork,
    browser: session.browser,
  };
}
