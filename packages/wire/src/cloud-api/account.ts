// The signed-in person's own account: GET|PATCH /account, GET|DELETE /account/sessions, DELETE /account/sessions/:sessionId.
// POST /account/two-step, /account/two-step/confirm, /account/two-step/off, /account/recovery-codes.
// None of it can be asked with an API token.

import { z } from 'zod';
import { GivenName } from './spaces.ts';

export const AccountView = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  passwordIsInitial: z.boolean(),
  /** Whether sign-in asks for a code after the password; how many of the codes for emergencies are unused. */
  twoStep: z.object({ isOn: z.boolean(), recoveryCodesLeft: z.int() }),
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

/** Asked again before what would let somebody else in, or its owner out. */
export const PasswordProof = z.strictObject({ password: z.string().min(1).max(1024) });
export type PasswordProof = z.infer<typeof PasswordProof>;

/** What an authenticator app needs; shown once, and good for nothing until a code of it has been confirmed. */
export const TwoStepSetup = z.object({
  /** Base32. */
  secret: z.string(),
  /** `otpauth://totp/…`, for a QR code. */
  uri: z.string(),
});
export type TwoStepSetup = z.infer<typeof TwoStepSetup>;
export const TwoStepConfirm = z.strictObject({ code: z.string().min(1).max(20) });

/** Shown once: each stands in for the authenticator app once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;
