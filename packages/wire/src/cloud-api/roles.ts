// Who may do what in a Space: the one table. The Cloud decides by it for every request, the pages hide by it what would be refused.

import { z } from 'zod';

export const roles = ['admin', 'manager', 'troubleshooter', 'observer', 'member'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/**
 * Each action with the roles that may take it. Claiming tokens, and commands that hold one, are for administrators alone [R4].
 * What an agent's functions ask for beyond `see-nodes` is decided by the agent, from the permissions of the role (wire/link/permissions.ts).
 */
export const spaceActions = {
  'see-space': ['admin', 'manager', 'troubleshooter', 'observer', 'member'],
  'see-nodes': ['admin', 'manager', 'troubleshooter', 'observer', 'member'],
  'manage-nodes': ['admin', 'manager'],
  'manage-rooms': ['admin', 'manager'],
  'see-members': ['admin', 'manager', 'troubleshooter'],
  'manage-members': ['admin', 'manager'],
  'manage-tokens': ['admin'],
  'admit-nodes': ['admin'],
  'manage-space': ['admin'],
  'see-audit': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type SpaceAction = keyof typeof spaceActions;

export const roleMay = (role: Role, action: SpaceAction): boolean =>
  (spaceActions[action] as readonly Role[]).includes(role);

/** These see every node of the Space; the others those of the rooms that they are members of. */
const seeingAll: readonly Role[] = ['admin', 'manager', 'troubleshooter'];
export const roleSeesAllNodes = (role: Role): boolean => seeingAll.includes(role);

/** Roles that somebody of this role may give, take away, and invite to: a manager neither makes nor unmakes an administrator. [trust T9] */
export const rolesGivenBy = (role: Role): readonly Role[] => givenBy[role];
const givenBy: Readonly<Record<Role, readonly Role[]>> = {
  admin: roles,
  manager: ['manager', 'troubleshooter', 'observer', 'member'],
  troubleshooter: [],
  observer: [],
  member: [],
};

/** From the strongest to the weakest, for the Cloud and for agents alike: to these a member is more than an observer. */
const byStrength: readonly Role[] = ['admin', 'manager', 'troubleshooter', 'member', 'observer'];

/** What both may is what the lower one may. */
export const lowerRole = (one: Role, other: Role): Role =>
  byStrength.indexOf(one) > byStrength.indexOf(other) ? one : other;
