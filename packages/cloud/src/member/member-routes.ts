// GET /spaces/:spaceId/members, PATCH and DELETE /spaces/:spaceId/members/:accountId, DELETE /spaces/:spaceId/membership (one's own).

import { MemberChange, MemberList, MemberRemoval, MemberView } from '@claimstead/wire/cloud-api/members';
import { mostOfPage, PageQuery } from '@claimstead/wire/cloud-api/paging';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import { parseAccountId, type AccountId, type RoomId, type SpaceId } from '@claimstead/wire/ids';
import { roleAtMost } from '../account/session.ts';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { pageOf, readCursor, writeCursor } from '../http/cursor.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Member, MemberStore } from './member.ts';

export interface MemberRoutesParts {
  members: MemberStore;
  now: () => number;
  bus: Bus;
  events: Events;
}

export function memberRoutes({ members, now, bus, events }: MemberRoutesParts): RouteEntry[] {
  const collection = `${apiBase}/spaces/:spaceId/members`;
  const one = `${collection}/:accountId`;
  /** Open streams and the next request learn of it; who looks at the list sees it. */
  const tell = (spaceId: SpaceId, accountId: AccountId): void => {
    bus.publish('access-changed', { spaceId, accountId });
    bus.publish('members-changed', { spaceId });
  };

  return [
    route({
      method: 'GET',
      path: collection,
      permission: 'see-members',
      summary: `The people of the Space with their roles and rooms, by name: ${mostOfPage} at most, and the cursor of the next page.`,
      query: PageQuery,
      responses: { 200: MemberList },
      handle: async ({ who, query: { limit, cursor } }) => {
        const from = readCursor(cursor, ['name', 'email']);
        const { page, next } = await pageOf<Member>({
          limit,
          read: (count) => members.pageInSpace(who.spaceId, from, count),
          cursorOf: ({ name, email }) => writeCursor([name, email]),
        });
        return { status: 200, body: { members: page.map(toMemberView), next } };
      },
    }),
    route({
      method: 'PATCH',
      path: one,
      permission: 'manage-members',
      summary:
        'Gives a member another role, or exactly these rooms, and on request revokes the claiming tokens that they made; nobody gives or takes a role that is not theirs to give.',
      body: MemberChange,
      responses: { 200: MemberView },
      handle: async ({ who, params, body, sourceNetwork }) => {
        const { spaceId, accountId } = who;
        const memberId = existing(parseAccountId(params['accountId']));
        const roomIds = body.roomIds?.map((roomId) => roomId.toLowerCase() as RoomId);
        const by = { accountId, atMs: now(), sourceNetwork, atMost: roleAtMost(who) };
        const change = { role: body.role, roomIds, revokesTokens: body.revokesTokens ?? false };
        const changed = existing(await members.change({ spaceId, accountId: memberId }, change, by));
        tell(spaceId, memberId);
        events.memberChanged({ memberId, spaceId, accountId, role: changed.member.role });
        for (const tokenId of changed.revokedTokenIds) events.claimTokenRevoked({ tokenId, spaceId });
        return { status: 200, body: toMemberView(changed.member) };
      },
    }),
    route({
      method: 'DELETE',
      path: one,
      permission: 'manage-members',
      summary:
        'Takes a member out of the Space, with their places in its rooms and the invitations that they sent; on request the claiming tokens that they made are revoked.',
      query: MemberRemoval,
      handle: async ({ who, params, query: { revokesTokens }, sourceNetwork }) => {
        const { spaceId, accountId } = who;
        const memberId = existing(parseAccountId(params['accountId']));
        const by = { accountId, atMs: now(), sourceNetwork, atMost: roleAtMost(who) };
        const removal = { revokesTokens: revokesTokens === 'yes' };
        const removed = existing(await members.remove({ spaceId, accountId: memberId }, removal, by));
        tell(spaceId, memberId);
        events.memberRemoved({ memberId, spaceId, accountId });
        for (const tokenId of removed.revokedTokenIds) events.claimTokenRevoked({ tokenId, spaceId });
        return { status: 204 };
      },
    }),
    route({
      method: 'DELETE',
      path: `${apiBase}/spaces/:spaceId/membership`,
      permission: 'see-space',
      summary: 'Leaves the Space; its last administrator stays.',
      handle: async ({ who, sourceNetwork }) => {
        const { spaceId, accountId } = who;
        // A place in a Space is its owner's, not a program's.
        if (who.narrowedTo !== undefined) throw new CloudError('api-token-not-enough');
        if (!(await members.leave(spaceId, { accountId, atMs: now(), sourceNetwork })))
          throw new CloudError('not-found');
        tell(spaceId, accountId);
        events.memberLeft({ spaceId, accountId });
        return { status: 204 };
      },
    }),
  ];
}

/** What is no id, who is no member, and who is one of another Space: all the same to who asks. */
function existing<T>(found: T | undefined): T {
  if (found === undefined) throw new CloudError('not-found');
  return found;
}

function toMemberView({ joinedAtMs, ...member }: Member): MemberView {
  return { ...member, joinedAt: new Date(joinedAtMs).toISOString() };
}
