// POST, GET and DELETE /session.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { SessionView, SignInRequest } from '@claimstead/wire/cloud-api/session';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Entrance } from './entrance.ts';
import { endedSessionCookie, type Sessions, type SignedIn } from './session.ts';
import { signIn, type SignInParts } from './sign-in.ts';

export interface SessionRoutesParts {
  sessions: Sessions;
  signInParts: SignInParts;
  entrance: Entrance;
  events: Events;
}

export function sessionRoutes({ sessions, signInParts, entrance, events }: SessionRoutesParts): RouteEntry[] {
  const path = `${apiBase}/session`;
  return [
    route({
      method: 'POST',
      path,
      permission: 'public',
      summary: 'Signs in by password or one-use code; the answer sets the session cookie.',
      body: SignInRequest,
      responses: { 200: SessionView },
      handle: async (request) => {
        const account = await signIn(signInParts, request.body, request.sourceNetwork);
        const by = 'oneUseCode' in request.body ? 'one-use code' : 'password';
        const { signedIn, cookie } = await entrance.enter(account, by, request);
        return { status: 200, headers: { 'set-cookie': cookie }, body: toSessionView(signedIn) };
      },
    }),
    route({
      method: 'GET',
      path,
      permission: 'own-session',
      summary: 'Who is signed in, and until when.',
      responses: { 200: SessionView },
      handle: async ({ who }) => ({ status: 200, body: toSessionView(who) }),
    }),
    route({
      method: 'DELETE',
      path,
      permission: 'own-session',
      summary: 'Signs out: the session ends, also for open sockets.',
      handle: async ({ who, sourceNetwork }) => {
        await sessions.end(who, sourceNetwork);
        events.signedOut({ accountId: who.accountId });
        return { status: 204, headers: { 'set-cookie': endedSessionCookie } };
      },
    }),
  ];
}

export function toSessionView(signedIn: SignedIn): SessionView {
  const { accountId, email, name, passwordIsInitial, expiresAtMs } = signedIn;
  return { account: { id: accountId, email, name, passwordIsInitial }, expiresAt: new Date(expiresAtMs).toISOString() };
}
