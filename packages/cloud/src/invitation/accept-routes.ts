// POST /invitations/look and POST /invitations/accept: for whoever holds the link. Whoever does not learns nothing, whatever they send.

import {
  InvitationAccept,
  InvitationAccepted,
  InvitationLook,
  InvitationSeen,
} from '@claimstead/wire/cloud-api/invitations';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import { checkNewPassword } from '../account/account.ts';
import type { Entrance } from '../account/entrance.ts';
import type { PasswordHasher } from '../account/password.ts';
import { sessionSecretIn, type Sessions, type SignedIn } from '../account/session.ts';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import { hashInvitationSecret, type InvitationStore, type OpenInvitation } from './invitation.ts';

/** Refusals per network. A secret cannot be guessed; this keeps a flood of guesses off the database. */
export const refusedInvitationsLimit = { tries: 60, windowMs: 15 * 60_000, maxKeys: 10_000 };

export interface AcceptRoutesParts {
  invitations: InvitationStore;
  sessions: Sessions;
  entrance: Entrance;
  hasher: PasswordHasher;
  refusals: RateLimit;
  now: () => number;
  newAccountId: () => AccountId;
  bus: Bus;
  events: Events;
}

export function acceptRoutes(parts: AcceptRoutesParts): RouteEntry[] {
  const { invitations, sessions, entrance, hasher, refusals, now, newAccountId, bus, events } = parts;

  const counting = async <T>(sourceNetwork: string, work: () => Promise<T>): Promise<T> => {
    if (!refusals.take(sourceNetwork)) throw new CloudError('too-many-requests');
    try {
      const done = await work();
      refusals.giveBack(sourceNetwork);
      return done;
    } catch (cause) {
      if (cause instanceof CloudError) events.invitationRefused({ errorKind: cause.kind, sourceNetwork });
      // A weak password or the wrong account is a person with a good link.
      if (!(cause instanceof CloudError && cause.kind === 'invitation-refused')) refusals.giveBack(sourceNetwork);
      throw cause;
    }
  };
  const found = async (secret: string): Promise<OpenInvitation> => {
    const invitation = await invitations.bySecret(hashInvitationSecret(secret), now());
    if (invitation === undefined) throw new CloudError('invitation-refused');
    return invitation;
  };

  return [
    route({
      method: 'POST',
      path: `${apiBase}/invitations/look`,
      permission: 'public',
      summary: 'What an invitation is for; told to who holds its secret.',
      body: InvitationLook,
      responses: { 200: InvitationSeen },
      handle: ({ body, sourceNetwork }) =>
        counting(sourceNetwork, async () => ({ status: 200, body: toSeen(await found(body.secret)) })),
    }),
    route({
      method: 'POST',
      path: `${apiBase}/invitations/accept`,
      permission: 'public',
      summary:
        'Joins the Space: with a name and a password as a new account, which is signed in, or without as the account that is signed in.',
      body: InvitationAccept,
      responses: { 200: InvitationAccepted },
      handle: ({ body: { secret, account: wanted }, headers, sourceNetwork }) =>
        counting(sourceNetwork, async () => {
          // Looked at before the password is hashed: a secret that opens nothing must cost nothing.
          const { hasAccount, email } = await found(secret);
          const who = await signedInBy(sessions, headers['cookie']);
          // Whoever is somebody else in this browser is told so, instead of becoming a second person without noticing.
          if (who !== undefined && who.email !== email) throw new CloudError('invitation-for-another');
          if (who === undefined && (hasAccount || wanted === undefined))
            throw new CloudError(hasAccount ? 'invitation-has-account' : 'sign-in-required');
          if (wanted !== undefined) {
            if (hasAccount) throw new CloudError('invitation-has-account');
            checkNewPassword(wanted.password);
          }
          const person =
            wanted === undefined
              ? { accountId: signedIn(who).accountId }
              : {
                  newAccount: {
                    accountId: newAccountId(),
                    name: wanted.name,
                    passwordHash: await hasher.hash(wanted.password),
                  },
                };
          const at = { atMs: now(), sourceNetwork };
          const accepted = await invitations.accept(hashInvitationSecret(secret), person, at);
          const { account, spaceId, invitationId, role } = accepted;
          const { accountId } = account;
          bus.publish('access-changed', { spaceId, accountId });
          bus.publish('members-changed', { spaceId });
          const isNewAccount = wanted !== undefined;
          events.invitationAccepted({ invitationId, spaceId, accountId, role, isNewAccount });
          if (!isNewAccount) return { status: 200, body: { spaceId } };
          const { cookie } = await entrance.enter(account, 'invitation', { sourceNetwork, headers });
          return { status: 200, headers: { 'set-cookie': cookie }, body: { spaceId } };
        }),
    }),
  ];
}

async function signedInBy(sessions: Sessions, cookie: string | string[] | undefined): Promise<SignedIn | undefined> {
  const secret = typeof cookie === 'string' ? sessionSecretIn(cookie) : undefined;
  return secret === undefined ? undefined : sessions.bySecret(secret);
}

function signedIn(who: SignedIn | undefined): SignedIn {
  if (who === undefined) throw new CloudError('sign-in-required');
  return who;
}

function toSeen(invitation: OpenInvitation): InvitationSeen {
  const { spaceName, email, role, roomNames, inviterName, expiresAtMs, hasAccount } = invitation;
  const expiresAt = new Date(expiresAtMs).toISOString();
  return { spaceName, email, role, rooms: roomNames, invitedBy: inviterName, expiresAt, hasAccount };
}
