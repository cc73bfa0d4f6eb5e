// Members in SQL.

import { roleSeesAllNodes, type Role } from '@claimstead/wire/cloud-api/roles';
import type { AccountId, SpaceId } from '@claimstead/wire/ids';
import type { Storage, Tx } from '../storage/storage.ts';
import { sightOf, sightOfAll, type MemberStore } from './member.ts';

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
  };
}

/** Part of the transaction of whoever makes a Space or takes somebody in. */
export async function insertMember(
  tx: Tx,
  member: { spaceId: SpaceId; accountId: AccountId; role: Role; joinedAtMs: number },
): Promise<void> {
  await tx.insertInto('spaceMember').values(member).execute();
}
