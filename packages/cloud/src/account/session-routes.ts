// POST, GET and DELETE /session.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { SessionView, SignInRequest } from '@claimstead/wire/cloud-api/session';
import { CloudError } from '@claimstead/wire/errors';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import { endedSessionCookie, sessionCookie, sessionSecretIn, type Sessions, type SignedIn } from './session.ts';
import { signIn, type SignInParts } from './sign-in.ts';

export interface SessionRoutesParts {
  sessions: Sessions;
  signInParts: SignInParts;
  events: Events;
}

export function sessionRoutes({ sessions, signInParts, events }: SessionRoutesParts): RouteEntry[] {
  const path = `${apiBase}/session`;
  return [
    route({
      method: 'POST',
      path,
      permission: 'public',
      summary: 'Signs in by password or one-use code; the answer sets the session cookie.',
      body: SignInRequest,
      responses: { 200: SessionView },
      handle: async ({ body, sourceNetwork, headers }) => {
        try {
          const account = await signIn(signInParts, body, sourceNetwork);
          await endEarlier(sessions, headers['cookie']);
          const { secret, signedIn } = await sessions.open(account);
          events.signedIn({ accountId: account.accountId, sourceNetwork });
          return { status: 200, headers: { 'set-cookie': sessionCookie(secret) }, body: toSessionView(signedIn) };
        } catch (refusal) {
          if (refusal instanceof CloudError) events.signInRefused({ errorKind: refusal.kind, sourceNetwork });
          throw refusal;
        }
      },
    }),
    route({
      method: 'GET',
      path,
      permission: 'signed-in',
      summary: 'Who is signed in, and until when.',
      responses: { 200: SessionView },
      handle: async ({ who }) => ({ status: 200, body: toSessionView(who) }),
    }),
    route({
      method: 'DELETE',
      path,
      permission: 'signed-in',
      summary: 'Signs out: the session ends, also for open sockets.',
      handle: async ({ who }) => {
        await sessions.end(who);
        events.signedOut({ accountId: who.accountId });
        return { status: 204, headers: { 'set-cookie': endedSessionCookie } };
      },
    }),
  ];
}

/** Signing in over a living session ends it: the cookie that it was known by is good for nothing afterwards. */
async function endEarlier(sessions: Sessions, cookie: string | string[] | undefined): Promise<void> {
  const secret = typeof cookie === 'string' ? sessionSecretIn(cookie) : undefined;
  const earlier = secret === undefined ? undefined : await sessions.bySecret(secret);
  if (earlier !== undefined) await sessions.end(earlier);
}

export function toSessionView(signedIn: SignedIn): SessionView {
  const { accountId, email, name, passwordIsInitial, expiresAtMs } = signedIn;
  return { account: { id: accountId, email, name, passwordIsInitial }, expiresAt: new Date(expiresAtMs).toISOString() };
}
