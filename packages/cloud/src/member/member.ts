// A member: an account in a Space, with a role there and a sight of its nodes. Reading order: member.ts (who may change whom), member-store.ts
// (SQL), member-routes.ts (HTTP). What each role may do: wire/cloud-api/roles.ts.

import { roleMay, rolesGivenBy, roleSeesAllNodes, type Role } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';

/** Which rooms and nodes of one Space somebody sees. */
export interface Sight {
  /** Every node and every room. */
  all: boolean;
  node(nodeId: NodeId): boolean;
  room(roomId: RoomId): boolean;
}

/** What somebody is in a Space, right now. */
export interface Access {
  role: Role;
  sight: Sight;
}

/** A member as a list shows them. */
export interface Member {
  accountId: AccountId;
  name: string;
  email: string;
  role: Role;
  roomIds: RoomId[];
  joinedAtMs: number;
}

/** Who decides, from where, and when. */
export interface Decision {
  accountId: AccountId;
  atMs: number;
  sourceNetwork: string;
}

/** A decision that depends on the role of who decides. */
export interface RoleDecision extends Decision {
  /** Of an API token that asks: what is decided is never more than this role may. Null = somebody themselves. [who.narrowedTo] */
  atMost: Role | null;
}

/** Claiming tokens that the member had made, and that were revoked in the same transaction. */
export interface RevokedTokens {
  revokedTokenIds: readonly string[];
}

export interface MemberStore {
  /** Undefined where the account does not belong to the Space, or there is no such Space. */
  accessIn(spaceId: SpaceId, accountId: AccountId): Promise<Access | undefined>;
  /** By name, from behind `after`; up to `count`. */
  pageInSpace(spaceId: SpaceId, after: Pick<Member, 'name' | 'email'> | undefined, count: number): Promise<Member[]>;
  /**
   * Gives a member another role, or exactly these rooms, or both. Undefined = no such member. Throws `forbidden`, `role-not-yours-to-give`,
   * `last-administrator`, or `invalid-request` where a room is not of the Space.
   */
  change(
    target: { spaceId: SpaceId; accountId: AccountId },
    change: { role: Role | undefined; roomIds: readonly RoomId[] | undefined; revokesTokens: boolean },
    by: RoleDecision,
  ): Promise<({ member: Member } & RevokedTokens) | undefined>;
  /** Takes a member out; oneself is left to `leave`. Undefined = no such member. Throws what `change` throws. */
  remove(
    target: { spaceId: SpaceId; accountId: AccountId },
    removal: { revokesTokens: boolean },
    by: RoleDecision,
  ): Promise<RevokedTokens | undefined>;
  /** Throws `last-administrator`. False = they had left already. */
  leave(spaceId: SpaceId, by: Decision): Promise<boolean>;
}

/** What a decision about a member rests on, read in the transaction that carries it out. */
export interface MembersFacts {
  /** Undefined: whoever decides has lost their place meanwhile. */
  actor: Role | undefined;
  target: Role;
  administrators: number;
}

/** Throws unless `actor` may take from the target what they have and give them `next` (null = nothing: they go). [trust T9] */
export function checkMemberChange({ actor, target, administrators }: MembersFacts, next: Role | null): void {
  if (actor === undefined || !roleMay(actor, 'manage-members')) throw new CloudError('forbidden');
  const given = rolesGivenBy(actor);
  if (!given.includes(target) || (next !== null && !given.includes(next)))
    throw new CloudError('role-not-yours-to-give');
  checkNotLast({ target, administrators }, next);
}

/** Throws `forbidden`: who may not manage tokens revokes none, on no way around. */
export function checkTokenRevocation(actor: Role | undefined): void {
  if (actor === undefined || !roleMay(actor, 'manage-tokens')) throw new CloudError('forbidden');
}

/** Everybody may go, but for the last who can let somebody else in. */
export function checkNotLast(facts: Pick<MembersFacts, 'target' | 'administrators'>, next: Role | null): void {
  if (facts.target === 'admin' && next !== 'admin' && facts.administrators <= 1)
    throw new CloudError('last-administrator');
}

export const sightOfAll: Sight = { all: true, node: () => true, room: () => true };

/** By whose rooms a query is limited; null = it is not. */
export const seenBy = (who: { accountId: AccountId; sight: Sight }): AccountId | null =>
  who.sight.all ? null : who.accountId;

/** `rooms` are those that the account is a member of, `nodes` those in them; whoever is a member of the room of all nodes sees all. */
export function sightOf(role: Role, seen: { all: boolean; rooms: readonly RoomId[]; nodes: readonly NodeId[] }): Sight {
  if (roleSeesAllNodes(role) || seen.all) return sightOfAll;
  const rooms = new Set(seen.rooms);
  const nodes = new Set(seen.nodes);
  return { all: false, node: (nodeId) => nodes.has(nodeId), room: (roomId) => rooms.has(roomId) };
}
