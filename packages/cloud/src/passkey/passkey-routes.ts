// POST /session/passkey-options, POST /session/passkey, GET and POST /account/passkeys, POST /account/passkeys/options,
// DELETE /account/passkeys/:passkeyId.

import { PasswordProof } from '@claimstead/wire/cloud-api/account';
import {
  PasskeyAdd,
  PasskeyList,
  PasskeyOptions,
  PasskeyProof,
  PasskeyView,
} from '@claimstead/wire/cloud-api/passkeys';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { SessionView } from '@claimstead/wire/cloud-api/session';
import { CloudError } from '@claimstead/wire/errors';
import { z } from 'zod';
import type { AccountStore } from '../account/account.ts';
import type { Entrance } from '../account/entrance.ts';
import { toSessionView } from '../account/session-routes.ts';
import { confirmPassword, type SignInParts } from '../account/sign-in.ts';
import type { AuditEntry } from '../audit/audit.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import { mostPasskeys, type Passkey, type PasskeyStore } from './passkey.ts';
import type { PasskeyCeremonies } from './passkey-ceremonies.ts';

/** Sign-ins that a network may begin: everybody in an office, several times. A challenge is needed to try anything. */
export const passkeySignInLimit = { tries: 100, windowMs: 15 * 60_000, maxKeys: 10_000 };

export interface PasskeyRoutesParts {
  accounts: AccountStore;
  passkeys: PasskeyStore;
  /** Undefined where the Cloud is reached by an address. */
  ceremonies: PasskeyCeremonies | undefined;
  signInBegins: RateLimit;
  signInParts: SignInParts;
  entrance: Entrance;
  now: () => number;
  newId: () => string;
  events: Events;
}

const Nothing = z.strictObject({});

export function passkeyRoutes(parts: PasskeyRoutesParts): RouteEntry[] {
  const { accounts, passkeys, signInParts, now, events } = parts;
  const base = `${apiBase}/account/passkeys`;
  const ceremonies = (): PasskeyCeremonies => {
    if (parts.ceremonies === undefined) throw new CloudError('passkeys-need-a-name');
    return parts.ceremonies;
  };
  return [
    route({
      method: 'POST',
      path: `${apiBase}/session/passkey-options`,
      permission: 'public',
      summary: 'Begins a sign-in by passkey: what the browser asks the authenticator.',
      body: Nothing,
      responses: { 200: PasskeyOptions },
      handle: async ({ sourceNetwork }) => {
        if (!parts.signInBegins.take(sourceNetwork)) throw new CloudError('too-many-sign-ins');
        return { status: 200, body: await ceremonies().signInOptions() };
      },
    }),
    route({
      method: 'POST',
      path: `${apiBase}/session/passkey`,
      permission: 'public',
      summary: 'Signs in by passkey, which is both factors; the answer sets the session cookie.',
      body: PasskeyProof,
      responses: { 200: SessionView },
      handle: async (request) => {
        const { body, sourceNetwork } = request;
        try {
          const { accountId } = await ceremonies().prove(body);
          const account = await accounts.byId(accountId);
          if (account === undefined) throw new CloudError('passkey-refused');
          const { signedIn, cookie } = await parts.entrance.enter(account, 'passkey', request);
          return { status: 200, headers: { 'set-cookie': cookie }, body: toSessionView(signedIn) };
        } catch (cause) {
          if (cause instanceof CloudError && cause.kind === 'passkey-refused') {
            const errorKind = cause.kind;
            await signInParts.noteRefusal({ accountId: undefined, sourceNetwork, errorKind, by: 'passkey' });
          }
          throw cause;
        }
      },
    }),
    route({
      method: 'GET',
      path: base,
      permission: 'own-session',
      summary: 'The passkeys of the account, oldest first.',
      responses: { 200: PasskeyList },
      handle: async ({ who }) => ({
        status: 200,
        body: { passkeys: (await passkeys.ofAccount(who.accountId)).map(toView) },
      }),
    }),
    route({
      method: 'POST',
      path: `${base}/options`,
      permission: 'own-session',
      summary: 'Begins to add a passkey, by the password: what the browser asks the authenticator.',
      body: PasswordProof,
      responses: { 200: PasskeyOptions },
      handle: async ({ who, body, sourceNetwork }) => {
        const account = await accounts.byId(who.accountId);
        if (account === undefined) throw new CloudError('sign-in-required');
        await confirmPassword(signInParts, account, body.password, sourceNetwork);
        return { status: 200, body: await ceremonies().registrationOptions(account) };
      },
    }),
    route({
      method: 'POST',
      path: base,
      permission: 'own-session',
      summary: 'Adds the passkey that the authenticator made.',
      body: PasskeyAdd,
      responses: { 201: PasskeyView },
      handle: async ({ who: { accountId }, body: { name, credential }, sourceNetwork }) => {
        const made = await ceremonies().register(accountId, credential);
        const at = now();
        const passkeyId = parts.newId();
        const passkey: Passkey = { ...made, passkeyId, accountId, name, createdAtMs: at, lastUsedAtMs: null };
        const told: AuditEntry = { kind: 'passkey-added', atMs: at, accountId, sourceNetwork, details: { name } };
        if (!(await passkeys.add(passkey, mostPasskeys, told)))
          throw new CloudError('passkey-refused', {
            detail: `That passkey is known already, or the account has ${mostPasskeys} of them; remove one first.`,
          });
        events.passkeyAdded({ accountId });
        return { status: 201, body: toView(passkey) };
      },
    }),
    route({
      method: 'DELETE',
      path: `${base}/:passkeyId`,
      permission: 'own-session',
      summary: 'Removes a passkey; it signs nobody in from now on.',
      handle: async ({ who: { accountId }, params, sourceNetwork }) => {
        const told: AuditEntry = { kind: 'passkey-removed', atMs: now(), accountId, sourceNetwork };
        const removed = await passkeys.remove(accountId, params['passkeyId'] ?? '', told);
        if (removed === undefined) throw new CloudError('not-found');
        events.passkeyRemoved({ accountId });
        return { status: 204 };
      },
    }),
  ];
}

const toView = ({ passkeyId, name, createdAtMs, lastUsedAtMs }: Passkey): PasskeyView => ({
  id: passkeyId,
  name,
  since: new Date(createdAtMs).toISOString(),
  lastUsedAt: lastUsedAtMs === null ? null : new Date(lastUsedAtMs).toISOString(),
});
