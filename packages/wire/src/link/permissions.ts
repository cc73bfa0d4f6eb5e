// What an asker may, as the Cloud tells an agent with every relayed request. [docs/link-protocol.md, Permissions]

import type { Role } from '../cloud-api/roles.ts';

/** The header, in lower case as requests are read. */
export const permissionsHeader = 'x-netdata-permissions';

/** Bits by the names that agents list them under. */
export const permissionBits = {
  'signed-in': 0x001,
  'same-space': 0x002,
  commercial: 0x004,
  'anonymous-data': 0x008,
  'sensitive-data': 0x010,
  'view-config': 0x020,
  'edit-config': 0x040,
  'view-notifications-config': 0x080,
  'edit-notifications-config': 0x100,
  'view-alerts-silencing': 0x200,
  'edit-alerts-silencing': 0x400,
} as const;

export type Permission = keyof typeof permissionBits;

export const permissionMask = (permissions: readonly Permission[]): number =>
  permissions.reduce((mask, permission) => mask | permissionBits[permission], 0);

/**
 * By role: an administrator may everything, a manager everything but change what an agent is configured to do; a troubleshooter sees
 * what there is; a member signed in to the same Space sees data; an observer only what names nobody.
 */
export const rolePermissions = {
  admin: 0x7ff,
  manager: permissionMask([
    'signed-in',
    'same-space',
    'commercial',
    'anonymous-data',
    'sensitive-data',
    'view-config',
    'view-notifications-config',
    'view-alerts-silencing',
    'edit-alerts-silencing',
  ]),
  troubleshooter: permissionMask([
    'signed-in',
    'same-space',
    'commercial',
    'anonymous-data',
    'sensitive-data',
    'view-config',
    'view-alerts-silencing',
  ]),
  observer: permissionMask(['signed-in', 'same-space', 'anonymous-data']),
  member: permissionMask(['signed-in', 'same-space', 'anonymous-data', 'sensitive-data']),
} as const satisfies Record<Role, number>;

/** Bits from the header: a member's where it is missing, none where it is no number, as agents in the field read it. */
export function readPermissions(header: string | undefined): number {
  if (header === undefined) return rolePermissions.member;
  return /^(0x)?[0-9a-f]{1,8}$/i.test(header) ? Number.parseInt(header, 16) & rolePermissions.admin : 0;
}

/** Those of `needed` that the mask lacks, by name. */
export const missingPermissions = (needed: readonly Permission[], mask: number): Permission[] =>
  needed.filter((permission) => (mask & permissionBits[permission]) === 0);
