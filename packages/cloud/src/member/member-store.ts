// Members in SQL.

import { lowerRole, roleSeesAllNodes, type Role } from '@claimstead/wire/cloud-api/roles';
import type { AccountId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { sql } from 'kysely';
import { insertAudit } from '../audit/audit-store.ts';
import { withdrawPromises } from '../invitation/withdraw-store.ts';
import { roomsOfSpace } from '../room/room-store.ts';
import { anyOf } from '../storage/any-of.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import { revokeTokensMadeBy } from '../token/claim-token-store.ts';
import {
  checkMemberChange,
  checkNotLast,
  checkTokenRevocation,
  sightOf,
  sightOfAll,
  type Member,
  type RoleDecision,
  type MemberStore,
} from './member.ts';

export function createMemberStore(storage: Storage): MemberStore {
  return {
    async accessIn(spaceId, accountId) {
      const member = await storage.read
        .selectFrom('spaceMember')
        .select('role')
        .where('spaceId', '=', spaceId)
        .where('accountId', '=', accountId)
        .executeTakeFirst();
      if (member === undefined) return undefined;
      if (roleSeesAllNodes(member.role)) return { role: member.role, sight: sightOfAll };
      const rooms = await storage.read
        .selectFrom('roomMember')
        .innerJoin('room', 'room.roomId', 'roomMember.roomId')
        .select(['room.roomId', 'room.holdsAllNodes'])
        .where('room.spaceId', '=', spaceId)
        .where('roomMember.accountId', '=', accountId)
        .execute();
      const nodes = await storage.read
        .selectFrom('roomMember')
        .innerJoin('nodeRoom', 'nodeRoom.roomId', 'roomMember.roomId')
        .innerJoin('room', 'room.roomId', 'roomMember.roomId')
        .select('nodeRoom.nodeId')
        .distinct()
        .where('room.spaceId', '=', spaceId)
        .where('roomMember.accountId', '=', accountId)
        .execute();
      const sight = sightOf(member.role, {
        all: rooms.some((room) => room.holdsAllNodes === 1),
        rooms: rooms.map((room) => room.roomId),
        nodes: nodes.map((node) => node.nodeId),
      });
      return { role: member.role, sight };
    },
    pageInSpace: (spaceId, after, count) =>
      storage.snapshot(async (queries) => {
        const rows = await people(queries, spaceId)
          .$if(after !== undefined, (page) =>
            page.where(
              sql<boolean>`(lower(account.name), account.email) > (lower(${after?.name ?? ''}), ${after?.email ?? ''})`,
            ),
          )
          .orderBy(sql`lower(account.name)`)
          .orderBy('account.email')
          .limit(count)
          .execute();
        return withRooms(queries, spaceId, rows);
      }),
    change: ({ spaceId, accountId }, { role, roomIds, revokesTokens }, by) =>
      storage.write(async (tx) => {
        const target = await roleIn(tx, spaceId, accountId);
        if (target === undefined) return undefined;
        const actor = await roleOfDecider(tx, spaceId, by);
        const next = role ?? target;
        checkMemberChange({ actor, target, administrators: await administratorsOf(tx, spaceId) }, next);
        if (revokesTokens) checkTokenRevocation(actor);
        const about = { spaceId, atMs: by.atMs, accountId: by.accountId, sourceNetwork: by.sourceNetwork };
        if (next !== target) {
          await tx
            .updateTable('spaceMember')
            .set({ role: next })
            .where('spaceId', '=', spaceId)
            .where('accountId', '=', accountId)
            .execute();
          await insertAudit(tx, {
            ...about,
            kind: 'member-role-changed',
            details: { memberId: accountId, from: target, to: next },
          });
          await withdrawPromises(tx, { spaceId, accountId, role: next }, by);
        }
        if (roomIds !== undefined) {
          const rooms = await roomsOfSpace(tx, spaceId, roomIds);
          await leaveRooms(tx, spaceId, accountId);
          await insertRoomMembers(tx, accountId, rooms);
          await insertAudit(tx, {
            ...about,
            kind: 'member-rooms-changed',
            details: { memberId: accountId, roomIds: rooms },
          });
        }
        const revokedTokenIds = revokesTokens ? await revokeTokensMadeBy(tx, { spaceId, accountId }, by) : [];
        const rows = await people(tx, spaceId).where('account.accountId', '=', accountId).execute();
        const [member] = await withRooms(tx, spaceId, rows);
        return member && { member, revokedTokenIds };
      }),
    remove: ({ spaceId, accountId }, { revokesTokens }, by) =>
      storage.write(async (tx) => {
        const target = await roleIn(tx, spaceId, accountId);
        if (target === undefined) return undefined;
        const actor = await roleOfDecider(tx, spaceId, by);
        checkMemberChange({ actor, target, administrators: await administratorsOf(tx, spaceId) }, null);
        if (revokesTokens) checkTokenRevocation(actor);
        await deleteMember(tx, spaceId, accountId);
        const { atMs, sourceNetwork } = by;
        const details = { memberId: accountId, role: target };
        await insertAudit(tx, {
          kind: 'member-removed',
          atMs,
          spaceId,
          accountId: by.accountId,
          sourceNetwork,
          details,
        });
        await withdrawPromises(tx, { spaceId, accountId, role: null }, by);
        return { revokedTokenIds: revokesTokens ? await revokeTokensMadeBy(tx, { spaceId, accountId }, by) : [] };
      }),
    leave: (spaceId, by) =>
      storage.write(async (tx) => {
        const { accountId, atMs, sourceNetwork } = by;
        const target = await roleIn(tx, spaceId, accountId);
        if (target === undefined) return false;
        checkNotLast({ target, administrators: await administratorsOf(tx, spaceId) }, null);
        await deleteMember(tx, spaceId, accountId);
        await insertAudit(tx, {
          kind: 'member-left',
          atMs,
          spaceId,
          accountId,
          sourceNetwork,
          details: { role: target },
        });
        await withdrawPromises(tx, { spaceId, accountId, role: null }, by);
        return true;
      }),
  };
}

/** What whoever decides is in a Space, as a transaction sees it: of an API token the lower of two. [trust T22] */
export async function roleOfDecider(
  queries: Queries,
  spaceId: SpaceId,
  { accountId, atMost }: Pick<RoleDecision, 'accountId' | 'atMost'>,
): Promise<Role | undefined> {
  const role = await roleIn(queries, spaceId, accountId);
  return role === undefined || atMost === null ? role : lowerRole(role, atMost);
}

/** What somebody is in a Space, as a transaction sees it. */
export async function roleIn(queries: Queries, spaceId: SpaceId, accountId: AccountId): Promise<Role | undefined> {
  const member = queries.selectFrom('spaceMember').select('role').where('spaceId', '=', spaceId);
  return (await member.where('accountId', '=', accountId).executeTakeFirst())?.role;
}

async function administratorsOf(queries: Queries, spaceId: SpaceId): Promise<number> {
  const members = queries.selectFrom('spaceMember').select('accountId').where('spaceId', '=', spaceId);
  return (await members.where('role', '=', 'admin').execute()).length;
}

const people = (queries: Queries, spaceId: SpaceId) =>
  queries
    .selectFrom('spaceMember')
    .innerJoin('account', 'account.accountId', 'spaceMember.accountId')
    .select(['account.accountId', 'account.name', 'account.email', 'spaceMember.role', 'spaceMember.joinedAtMs'])
    .where('spaceMember.spaceId', '=', spaceId);

async function withRooms(
  queries: Queries,
  spaceId: SpaceId,
  members: readonly Omit<Member, 'roomIds'>[],
): Promise<Member[]> {
  const accountIds = members.map(({ accountId }) => accountId);
  const rooms = await queries
    .selectFrom('roomMember')
    .innerJoin('room', 'room.roomId', 'roomMember.roomId')
    .select(['roomMember.accountId', 'room.roomId'])
    .where('room.spaceId', '=', spaceId)
    .where('roomMember.accountId', 'in', anyOf(accountIds))
    .orderBy('room.roomId')
    .execute();
  const byAccount = new Map<AccountId, RoomId[]>();
  for (const { accountId, roomId } of rooms) byAccount.set(accountId, [...(byAccount.get(accountId) ?? []), roomId]);
  return members.map((member) => ({ ...member, roomIds: byAccount.get(member.accountId) ?? [] }));
}

async function leaveRooms(tx: Tx, spaceId: SpaceId, accountId: AccountId): Promise<void> {
  await tx
    .deleteFrom('roomMember')
    .where('accountId', '=', accountId)
    .where('roomId', 'in', (e) => e.selectFrom('room').select('roomId').where('spaceId', '=', spaceId))
    .execute();
}

async function deleteMember(tx: Tx, spaceId: SpaceId, accountId: AccountId): Promise<void> {
  await leaveRooms(tx, spaceId, accountId);
  await tx.deleteFrom('spaceMember').where('spaceId', '=', spaceId).where('accountId', '=', accountId).execute();
}

/** Part of the transaction of whoever takes somebody in. */
export async function insertRoomMembers(tx: Tx, accountId: AccountId, roomIds: readonly RoomId[]): Promise<void> {
  if (roomIds.length === 0) return;
  await tx
    .insertInto('roomMember')
    .values(roomIds.map((roomId) => ({ roomId, accountId })))
    .execute();
}

/** Part of the transaction of whoever makes a Space or takes somebody in. */
export async function insertMember(
  tx: Tx,
  member: { spaceId: SpaceId; accountId: AccountId; role: Role; joinedAtMs: number },
): Promise<void> {
  await tx.insertInto('spaceMember').values(member).execute();
}
