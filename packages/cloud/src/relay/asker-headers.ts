// Who asks, as agents are told: over the link they trust these headers entirely, and assume a member where one is missing.
// So exactly these are sent, each once, and nothing of the browser's own headers. [trust T11]

import { rolePermissions } from '@claimstead/wire/link/permissions';
import type { Asker } from './relay.ts';

/** Printable ASCII without what a header could be cut at; at most 100 characters. */
const plainName = (name: string): string =>
  name
    .replace(/[^\u0020-\u007e]/g, '?')
    .trim()
    .slice(0, 100) || 'somebody';

export const askerHeaders = (asker: Asker): Record<string, string> => ({
  'X-Netdata-Role': asker.role,
  'X-Netdata-Permissions': rolePermissions[asker.role].toString(16),
  'X-Netdata-User-Name': plainName(asker.name),
  'X-Netdata-Account-Id': asker.accountId,
});
