// The signed-in person's own account: GET|PATCH /account, GET|DELETE /account/sessions, DELETE /account/sessions/:sessionId.
// None of it can be asked with an API token.

import { z } from 'zod';
import { GivenName } from './spaces.ts';

export const AccountView = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  passwordIsInitial: z.boolean(),
});
export type AccountView = z.infer<typeof AccountView>;
export const AccountChange = z.strictObject({ name: GivenName });

export const SessionEntry = z.object({
  id: z.uuid(),
  /** The one that asks. */
  isCurrent: z.boolean(),
  since: z.iso.datetime(),
  /** To the minute. */
  lastUsedAt: z.iso.datetime(),
  /** If it is not used again. */
  expiresAt: z.iso.datetime(),
  /** An IPv4 address or an IPv6 /64; null = of a time when that was not written down. */
  sourceNetwork: z.string().nullable(),
  /** In words, e.g. `Firefox on Linux`. */
  browser: z.string().nullable(),
});
export type SessionEntry = z.infer<typeof SessionEntry>;
export const SessionList = z.object({ sessions: z.array(SessionEntry) });

export const SessionsEnd = z.strictObject({ which: z.enum(['others', 'all']) });
