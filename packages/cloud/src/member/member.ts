// A member: an account in a Space, with a role there and a sight of its nodes. Reading order: member.ts, member-store.ts (SQL).
// What each role may do: wire/cloud-api/roles.ts.

import { roleSeesAllNodes, type Role } from '@claimstead/wire/cloud-api/roles';
import type { AccountId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';

/** Which rooms and nodes of one Space somebody sees. */
export interface Sight {
  node(nodeId: NodeId): boolean;
  room(roomId: RoomId): boolean;
}

/** What somebody is in a Space, right now. */
export interface Access {
  role: Role;
  sight: Sight;
}

export interface MemberStore {
  /** Undefined where the account does not belong to the Space, or there is no such Space. */
  accessIn(spaceId: SpaceId, accountId: AccountId): Promise<Access | undefined>;
}

export const sightOfAll: Sight = { node: () => true, room: () => true };

/** `rooms` are those that the account is a member of, `nodes` those in them; whoever is a member of the room of all nodes sees all. */
export function sightOf(role: Role, seen: { all: boolean; rooms: readonly RoomId[]; nodes: readonly NodeId[] }): Sight {
  if (roleSeesAllNodes(role) || seen.all) return sightOfAll;
  const rooms = new Set(seen.rooms);
  const nodes = new Set(seen.nodes);
  return { node: (nodeId) => nodes.has(nodeId), room: (roomId) => rooms.has(roomId) };
}
