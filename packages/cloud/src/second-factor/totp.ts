// The second step of a sign-in: a code that an authenticator app shows, or a recovery code. Reading order: totp.ts (codes of an app, by the
// library otpauth), recovery-codes.ts, second-factor.ts (both for an account), second-factor-store.ts (SQL), second-factor-routes.ts (HTTP).

import { Secret, TOTP } from 'otpauth';

/** RFC 6238 with what every app understands: SHA-1, six digits, 30 seconds. */
const shape = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** As long as SHA-1's own result [RFC 4226 §4, R6]. */
export const totpSecretBytes = 20;
/** Steps before and after the current one: clocks of phones are some seconds off, and typing takes some. */
const window = 1;

/** For people and for a QR code: the secret as base32, and the address that apps read. */
export function totpSetup(
  secret: Uint8Array,
  names: { issuer: string; email: string },
): { secret: string; uri: string } {
  const totp = new TOTP({ ...shape, issuer: names.issuer, label: names.email, secret: secretOf(secret) });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The 30 s step whose code this is, if it is one of now; whoever takes a code takes its step, and none that is not later. */
export function totpStep(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const totp = new TOTP({ ...shape, secret: secretOf(secret) });
  const off = totp.validate({ token: code, timestamp: nowMs, window });
  return off === null ? undefined : TOTP.counter({ period: shape.period, timestamp: nowMs }) + off;
}

/** Six digits, however they were grouped; undefined for anything else. */
export function totpCodeIn(typed: string): string | undefined {
  const code = typed.replaceAll(/\s/g, '');
  return /^\d{6}$/.test(code) ? code : undefined;
}

const secretOf = (bytes: Uint8Array): Secret => new Secret({ buffer: new Uint8Array(bytes).buffer });
