// POST /session/oidc, GET /session/oidc/callback.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { OidcBegin } from '@claimstead/wire/cloud-api/session';
import { CloudError } from '@claimstead/wire/errors';
import { z } from 'zod';
import type { Account } from '../account/account.ts';
import type { Entrance } from '../account/entrance.ts';
import { cookieIn } from '../account/session.ts';
import type { ShortLived } from '../account/short-lived.ts';
import type { NoteRefusal } from '../account/refusals.ts';
import { route, type RouteEntry, type RouteReply } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import type { SecondFactorNeeded } from '@claimstead/wire/cloud-api/session';
import { admit, type OidcParts } from './oidc.ts';
import { oidcPendingLimits, type OidcClient, type OidcPending } from './oidc-client.ts';

/** The browser that began is the one that may come back: somebody else's answer of the issuer signs nobody in here. */
const cookieName = '__Host-claimstead-oidc';
export const oidcCallbackPath = `${apiBase}/session/oidc/callback`;
/** Sign-ins that a network may begin. */
export const oidcBeginLimit = { tries: 100, windowMs: 15 * 60_000, maxKeys: 10_000 };

export interface OidcRoutesParts extends OidcParts {
  client: OidcClient;
  pending: ShortLived<OidcPending>;
  begins: RateLimit;
  publicUrl: URL;
  secondStep: (account: Account, by: 'oidc') => Promise<SecondFactorNeeded | undefined>;
  noteRefusal: NoteRefusal;
  entrance: Entrance;
}

export function oidcRoutes(parts: OidcRoutesParts): RouteEntry[] {
  const { client, pending, publicUrl } = parts;
  /** To a page of ours; what is told in the fragment stays in the browser. */
  const toPage = (path: string, headers: Record<string, string> = {}): RouteReply => ({
    status: 303,
    headers: { ...headers, location: `${publicUrl.origin}${path}` },
  });
  return [
    route({
      method: 'POST',
      path: `${apiBase}/session/oidc`,
      permission: 'public',
      summary: 'Begins a sign-in at the issuer: where the browser has to go.',
      body: z.strictObject({}),
      responses: { 200: OidcBegin },
      handle: async ({ sourceNetwork }) => {
        if (!parts.begins.take(sourceNetwork)) throw new CloudError('too-many-sign-ins');
        const begun = await client.begin();
        const { secret } = pending.issue(begun.pending);
        // Lax: the issuer sends the browser here from its own site.
        const cookie = `${cookieName}=${secret}; Max-Age=${oidcPendingLimits.lifetimeMs / 1000}; Path=/; Secure; HttpOnly; SameSite=Lax`;
        return { status: 200, headers: { 'set-cookie': cookie }, body: { url: begun.url.href } };
      },
    }),
    route({
      method: 'GET',
      path: oidcCallbackPath,
      permission: 'public',
      summary: 'Where the issuer sends the browser back to; the answer sets the session cookie and leads to the pages.',
      handle: async (request) => {
        const { sourceNetwork } = request;
        try {
          const secret = cookieIn(request.headers['cookie'], cookieName);
          const begun = secret === undefined ? undefined : pending.take(secret);
          if (begun === undefined) throw new CloudError('sign-in-expired');
          const claims = await client.finish(new URL(request.rawUrl, publicUrl.origin), begun);
          const account = await admit(parts, claims, sourceNetwork);
          const next = await parts.secondStep(account, 'oidc');
          if (next !== undefined) return toPage(`/sign-in#second-step=${next.challenge}`);
          const { cookie } = await parts.entrance.enter(account, 'oidc', request);
          return toPage('/', { 'set-cookie': cookie });
        } catch (cause) {
          // A browser stands here, not a page: it is led to one that says what was wrong.
          if (!(cause instanceof CloudError)) throw cause;
          const errorKind = cause.kind;
          await parts.noteRefusal({ accountId: undefined, sourceNetwork, errorKind, by: 'oidc' });
          return toPage(`/sign-in?refused=${errorKind}`);
        }
      },
    }),
  ];
}
