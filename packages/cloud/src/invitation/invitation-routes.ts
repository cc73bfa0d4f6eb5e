// GET and POST /spaces/:spaceId/invitations, DELETE /spaces/:spaceId/invitations/:invitationId.

import {
  InvitationCreate,
  InvitationList,
  InvitationMade,
  type InvitationView,
} from '@claimstead/wire/cloud-api/invitations';
import { mostOfPage, PageQuery } from '@claimstead/wire/cloud-api/paging';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import type { Role } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import { parseInvitationId, type InvitationId, type RoomId } from '@claimstead/wire/ids';
import { canonicalEmail } from '../account/account.ts';
import { roleAtMost } from '../account/session.ts';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { pageOf, readTimeCursor, writeCursor } from '../http/cursor.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import {
  hashInvitationSecret,
  invitationLink,
  newInvitationSecret,
  type InvitationStore,
  type PendingInvitation,
} from './invitation.ts';

/** Invitations of one account: a team in an afternoon, and not a machine that asks which addresses have accounts. */
export const invitesLimit = { tries: 100, windowMs: 3600_000, maxKeys: 10_000 };

/** What a letter to who is invited says. The link holds the secret: it goes to that address and nowhere else. */
export interface InvitationLetter {
  email: string;
  spaceName: string;
  invitedBy: string;
  role: Role;
  link: string;
  expiresAtMs: number;
}

export interface InvitationRoutesParts {
  invitations: InvitationStore;
  publicUrl: URL;
  invites: RateLimit;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newInvitationId: () => InvitationId;
  bus: Bus;
  events: Events;
  /** Called when an invitation is durable. Absent: nothing is sent, and whoever invites passes the link on. */
  onInvited?: (letter: InvitationLetter) => void;
}

const dayMs = 24 * 3600 * 1000;

export function invitationRoutes(parts: InvitationRoutesParts): RouteEntry[] {
  const { invitations, publicUrl, invites, now, random, newInvitationId, bus, events, onInvited } = parts;
  const collection = `${apiBase}/spaces/:spaceId/invitations`;
  return [
    route({
      method: 'GET',
      path: collection,
      permission: 'manage-members',
      summary: `Invitations that wait for an answer, newest first; their links are not told again. ${mostOfPage} at most, and the cursor of the next page.`,
      query: PageQuery,
      responses: { 200: InvitationList },
      handle: async ({ who, query: { limit, cursor } }) => {
        const [from, nowMs] = [readTimeCursor(cursor), now()];
        const { page, next } = await pageOf<PendingInvitation>({
          limit,
          read: (count) => invitations.pageInSpace(who.spaceId, from, count, nowMs),
          cursorOf: ({ createdAtMs, invitationId }) => writeCursor([String(createdAtMs), invitationId]),
        });
        return { status: 200, body: { invitations: page.map(toInvitationView), next } };
      },
    }),
    route({
      method: 'POST',
      path: collection,
      permission: 'manage-members',
      summary:
        'Invites an e-mail address; the answer holds the link, this once. An earlier invitation of the address ends.',
      body: InvitationCreate,
      responses: { 201: InvitationMade },
      handle: async ({ who, body, sourceNetwork }) => {
        const { spaceId, accountId, name } = who;
        if (!invites.take(accountId)) throw new CloudError('too-many-requests');
        const secret = newInvitationSecret(random);
        const createdAtMs = now();
        const invitation = {
          invitationId: newInvitationId(),
          spaceId,
          email: canonicalEmail(body.email),
          role: body.role,
          roomIds: body.roomIds.map((roomId) => roomId.toLowerCase() as RoomId),
          invitedBy: accountId,
          createdAtMs,
          expiresAtMs: createdAtMs + body.lifetimeDays * dayMs,
        };
        const spaceName = await invitations.add(
          { ...invitation, secretHash: hashInvitationSecret(secret) },
          { sourceNetwork, atMost: roleAtMost(who) },
        );
        const { invitationId, email, role, expiresAtMs } = invitation;
        bus.publish('members-changed', { spaceId });
        events.memberInvited({ invitationId, spaceId, accountId, role });
        const link = invitationLink(publicUrl, secret);
        onInvited?.({ email, spaceName, invitedBy: name, role, link, expiresAtMs });
        return { status: 201, body: { invitation: toInvitationView({ ...invitation, inviterName: name }), link } };
      },
    }),
    route({
      method: 'DELETE',
      path: `${collection}/:invitationId`,
      permission: 'manage-members',
      summary: 'Withdraws an invitation: its link is refused from now on.',
      handle: async ({ who, params, sourceNetwork }) => {
        const { spaceId, accountId } = who;
        const invitationId = parseInvitationId(params['invitationId']);
        const by = { accountId, atMs: now(), sourceNetwork, atMost: roleAtMost(who) };
        if (invitationId === undefined || !(await invitations.revoke(spaceId, invitationId, by)))
          throw new CloudError('not-found');
        bus.publish('members-changed', { spaceId });
        events.invitationRevoked({ invitationId, spaceId, accountId });
        return { status: 204 };
      },
    }),
  ];
}

function toInvitationView(invitation: PendingInvitation): InvitationView {
  const { invitationId, email, role, roomIds, inviterName, createdAtMs, expiresAtMs } = invitation;
  const [createdAt, expiresAt] = [new Date(createdAtMs).toISOString(), new Date(expiresAtMs).toISOString()];
  return { invitationId, email, role, roomIds, invitedBy: inviterName, createdAt, expiresAt };
}
