// POST, GET and DELETE /session.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { SecondFactorNeeded, SessionView, SignInRequest } from '@claimstead/wire/cloud-api/session';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Account } from './account.ts';
import type { Entrance } from './entrance.ts';
import { endedSessionCookie, type Sessions, type SignedIn } from './session.ts';
import { signIn, type SignInParts } from './sign-in.ts';

export interface SessionRoutesParts {
  sessions: Sessions;
  signInParts: SignInParts;
  entrance: Entrance;
  /** What the account asks for beyond the first proof; undefined = nothing. */
  secondStep: (account: Account, by: 'password') => Promise<SecondFactorNeeded | undefined>;
  events: Events;
}

export function sessionRoutes(parts: SessionRoutesParts): RouteEntry[] {
  const { sessions, signInParts, entrance, events } = parts;
  const path = `${apiBase}/session`;
  return [
    route({
      method: 'POST',
      path,
      permission: 'public',
      summary:
        'Signs in by password or one-use code; the answer sets the session cookie, or asks for a second step (202).',
      body: SignInRequest,
      responses: { 200: SessionView, 202: SecondFactorNeeded },
      handle: async (request) => {
        const account = await signIn(signInParts, request.body, request.sourceNetwork);
        // A one-use code is both: whoever got it may enter the data folder.
        const by = 'oneUseCode' in request.body ? 'one-use code' : 'password';
        const next = by === 'password' ? await parts.secondStep(account, by) : undefined;
        if (next !== undefined) return { status: 202, body: next };
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
