// Invitations in SQL. A row is an open invitation: accepting, withdrawing and expiring delete it, the audit tells of it.

import { CloudError } from '@claimstead/wire/errors';
import type { InvitationId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { sql } from 'kysely';
import type { Account } from '../account/account.ts';
import { accountByEmail, accountById, insertAccount } from '../account/account-store.ts';
import { insertAudit } from '../audit/audit-store.ts';
import { insertMember, insertRoomMembers, roleIn, roleOfDecider } from '../member/member-store.ts';
import { roomsOfSpace } from '../room/room-store.ts';
import { anyOf } from '../storage/any-of.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import { checkPromise, mayPromise, type InvitationStore } from './invitation.ts';
import { withdraw } from './withdraw-store.ts';

export function createInvitationStore(storage: Storage): InvitationStore {
  return {
    add: ({ roomIds, ...invitation }, { sourceNetwork, atMost }) =>
      storage.write(async (tx) => {
        const { invitationId, spaceId, email, role, invitedBy: accountId, createdAtMs: atMs, expiresAtMs } = invitation;
        const decider = await roleOfDecider(tx, spaceId, { accountId, atMost });
        checkPromise(decider, role);
        const rooms = await roomsOfSpace(tx, spaceId, roomIds);
        const account = await accountByEmail(tx, email);
        if (account !== undefined && (await roleIn(tx, spaceId, account.accountId)) !== undefined)
          throw new CloudError('already-member');
        const by = { accountId, atMs, sourceNetwork };
        const earlier = await tx
          .selectFrom('invitation')
          .select(['invitationId', 'spaceId', 'email', 'role', 'expiresAtMs'])
          .where('spaceId', '=', spaceId)
          .where('email', '=', email)
          .executeTakeFirst();
        if (earlier !== undefined) {
          // Otherwise a manager could withdraw what an administrator promised, by promising less.
          if (earlier.expiresAtMs > atMs) checkPromise(decider, earlier.role);
          await withdraw(tx, earlier, 'replaced', by);
        }
        await tx.insertInto('invitation').values(invitation).execute();
        if (rooms.length > 0)
          await tx
            .insertInto('invitationRoom')
            .values(rooms.map((roomId) => ({ invitationId, roomId })))
            .execute();
        const details = { invitationId, email, role, roomIds: rooms, expiresAt: new Date(expiresAtMs).toISOString() };
        await insertAudit(tx, { kind: 'member-invited', spaceId, ...by, details });
        return nameOfSpace(tx, spaceId);
      }),
    pageInSpace: (spaceId, after, count, nowMs) =>
      storage.snapshot(async (queries) => {
        const rows = await pending(queries, nowMs)
          .where('invitation.spaceId', '=', spaceId)
          .$if(after !== undefined, (page) =>
            page.where(
              // The newest first, and of one moment by id: so the sign turns.
              sql<boolean>`(-invitation.created_at_ms, invitation.invitation_id) > (${-(after?.atMs ?? 0)}, ${after?.id ?? ''})`,
            ),
          )
          .orderBy('invitation.createdAtMs', 'desc')
          .orderBy('invitation.invitationId')
          .limit(count)
          .execute();
        const rooms = await roomsOf(
          queries,
          rows.map(({ invitationId }) => invitationId),
        );
        return rows.map((row) => ({ ...row, roomIds: rooms(row.invitationId) }));
      }),
    revoke: (spaceId, invitationId, by) =>
      storage.write(async (tx) => {
        const invitation = await tx
          .selectFrom('invitation')
          .select(['invitationId', 'spaceId', 'email', 'role'])
          .where('spaceId', '=', spaceId)
          .where('invitationId', '=', invitationId)
          .executeTakeFirst();
        if (invitation === undefined) return false;
        checkPromise(await roleOfDecider(tx, spaceId, by), invitation.role);
        await withdraw(tx, invitation, 'withdrawn', by);
        return true;
      }),
    bySecret: (secretHash, nowMs) =>
      storage.snapshot(async (queries) => {
        const row = await open(queries, secretHash, nowMs);
        if (row === undefined) return undefined;
        const roomIds = (await roomsOf(queries, [row.invitationId]))(row.invitationId);
        const spaceName = await nameOfSpace(queries, row.spaceId);
        const rooms = await queries
          .selectFrom('room')
          .innerJoin('invitationRoom', 'invitationRoom.roomId', 'room.roomId')
          .select('room.name')
          .where('invitationRoom.invitationId', '=', row.invitationId)
          .orderBy('room.name')
          .execute();
        const hasAccount = (await accountByEmail(queries, row.email)) !== undefined;
        return { ...row, roomIds, spaceName, roomNames: rooms.map(({ name }) => name), hasAccount };
      }),
    accept: (secretHash, who, { atMs, sourceNetwork }) =>
      storage.write(async (tx) => {
        const row = await open(tx, secretHash, atMs);
        if (row === undefined) throw new CloudError('invitation-refused');
        const { invitationId, spaceId, email, role, invitedBy } = row;
        const roomIds = (await roomsOf(tx, [invitationId]))(invitationId);
        const account = await accountOf(tx, who, email, atMs);
        if ((await roleIn(tx, spaceId, account.accountId)) !== undefined) throw new CloudError('already-member');
        await tx.deleteFrom('invitation').where('invitationId', '=', invitationId).execute();
        await insertMember(tx, { spaceId, accountId: account.accountId, role, joinedAtMs: atMs });
        await insertRoomMembers(tx, account.accountId, roomIds);
        await insertAudit(tx, {
          kind: 'invitation-accepted',
          atMs,
          spaceId,
          accountId: account.accountId,
          sourceNetwork,
          details: { invitationId, email, role, roomIds, invitedBy, isNewAccount: 'newAccount' in who },
        });
        return { account, spaceId, invitationId, role };
      }),
    isOpenFor: (email, nowMs) =>
      storage.snapshot(async (queries) => {
        const rows = await pending(queries, nowMs).where('invitation.email', '=', email).execute();
        for (const row of rows)
          if (mayPromise(await roleIn(queries, row.spaceId, row.invitedBy), row.role)) return true;
        return false;
      }),
    sweep: (nowMs) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('invitation').where('expiresAtMs', '<=', nowMs).execute();
      }),
  };
}

const pending = (queries: Queries, nowMs: number) =>
  queries
    .selectFrom('invitation')
    .innerJoin('account', 'account.accountId', 'invitation.invitedBy')
    .select([
      'invitation.invitationId',
      'invitation.spaceId',
      'invitation.email',
      'invitation.role',
      'invitation.invitedBy',
      'invitation.createdAtMs',
      'invitation.expiresAtMs',
      'account.name as inviterName',
    ])
    .where('invitation.expiresAtMs', '>', nowMs);

/** Whatever cannot be accepted is not there. Its inviter is looked at again: a change of role that withdrew nothing must not let anybody in. */
async function open(queries: Queries, secretHash: string, nowMs: number) {
  const row = await pending(queries, nowMs).where('secretHash', '=', secretHash).executeTakeFirst();
  if (row === undefined) return undefined;
  return mayPromise(await roleIn(queries, row.spaceId, row.invitedBy), row.role) ? row : undefined;
}

const nameOfSpace = async (queries: Queries, spaceId: SpaceId): Promise<string> =>
  (await queries.selectFrom('space').select('name').where('spaceId', '=', spaceId).executeTakeFirstOrThrow()).name;

/** Which rooms each of these promises. */
async function roomsOf(
  queries: Queries,
  invitationIds: readonly InvitationId[],
): Promise<(invitationId: InvitationId) => RoomId[]> {
  const rooms = await queries
    .selectFrom('invitationRoom')
    .select(['invitationId', 'roomId'])
    .where('invitationId', 'in', anyOf(invitationIds))
    .orderBy('roomId')
    .execute();
  const byInvitation = new Map<InvitationId, RoomId[]>(invitationIds.map((invitationId) => [invitationId, []]));
  for (const { invitationId, roomId } of rooms) byInvitation.get(invitationId)?.push(roomId);
  return (invitationId) => byInvitation.get(invitationId) ?? [];
}

/** The one who is taken in: their address must be the one that was invited, and a new account needs an address that has none. */
async function accountOf(
  tx: Tx,
  who: Parameters<InvitationStore['accept']>[1],
  email: string,
  createdAtMs: number,
): Promise<Account> {
  if ('newAccount' in who) {
    if ((await accountByEmail(tx, email)) !== undefined) throw new CloudError('invitation-has-account');
    const account = { ...who.newAccount, email, passwordIsInitial: false, createdAtMs };
    await insertAccount(tx, account);
    return account;
  }
  const account = await accountById(tx, who.accountId);
  if (account === undefined || account.email !== email) throw new CloudError('invitation-for-another');
  return account;
}
