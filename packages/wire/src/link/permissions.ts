// What an asker may, as the Cloud tells an agent with every relayed request. [docs/link-protocol.md, Permissions]

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

/** A member: signed in, same Space, anonymous and sensitive data. An administrator may everything. */
export const rolePermissions = { admin: 0x7ff, member: 0x01b } as const;

/** Bits from the header: a member's where it is missing, none where it is no number, as agents in the field read it. */
export function readPermissions(header: string | undefined): number {
  if (header === undefined) return rolePermissions.member;
  return /^(0x)?[0-9a-f]{1,8}$/i.test(header) ? Number.parseInt(header, 16) & rolePermissions.admin : 0;
}

/** Those of `needed` that the mask lacks, by name. */
export const missingPermissions = (needed: readonly Permission[], mask: number): Permission[] =>
  needed.filter((permission) => (mask & permissionBits[permission]) === 0);
