// Sign-in: GET /session/ways, POST /session, POST /session/second-factor, GET /session, DELETE /session, PUT /account/password.

import { z } from 'zod';

/** By password, or by the one-use code that the Cloud's private socket hands out to who has the data folder. */
export const SignInRequest = z.union([
  z.strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(1024) }),
  z.strictObject({ oneUseCode: z.string().min(20).max(100) }),
]);
export type SignInRequest = z.infer<typeof SignInRequest>;

export const SessionView = z.object({
  account: z.object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    /** True until the one-time password printed at the first start has been replaced. */
    passwordIsInitial: z.boolean(),
  }),
  expiresAt: z.iso.datetime(),
});
export type SessionView = z.infer<typeof SessionView>;

/** What the sign-in page may offer beside the password. */
export const SignInWays = z.object({
  /** The host name that passkeys belong to; null = the Cloud is reached by an address, and there are none. */
  passkeyHost: z.string().nullable(),
  /** Whether a link for a new password can be sent by mail. */
  passwordReset: z.boolean(),
  /** The issuer that people may sign in at, as its button calls it. */
  oidc: z.object({ label: z.string() }).nullable(),
});
export type SignInWays = z.infer<typeof SignInWays>;

/** POST /session/oidc: the browser goes there, and comes back signed in, or to the sign-in page with `refused=KIND` or `#second-step=CHALLENGE`. */
export const OidcBegin = z.object({ url: z.url() });

/** POST /password-resets: the answer does not tell whether there is such an account. */
export const PasswordResetAsk = z.strictObject({ email: z.string().min(1).max(254) });
/** POST /password-resets/redeem: the secret stands in the fragment of the link. */
export const PasswordResetRedeem = z.strictObject({
  secret: z.string().min(20).max(100),
  newPassword: z.string().min(1).max(1024),
});
export type PasswordResetRedeem = z.infer<typeof PasswordResetRedeem>;

/** 202 of POST /session: the password is right, and the account wants a second proof. Nobody is signed in yet. */
export const SecondFactorNeeded = z.object({
  needs: z.literal('second-factor'),
  /** Stands for the first proof in POST /session/second-factor; good once, until then. */
  challenge: z.string(),
  expiresAt: z.iso.datetime(),
});
export type SecondFactorNeeded = z.infer<typeof SecondFactorNeeded>;

/** `code`: six digits of the authenticator app, or a recovery code. */
export const SecondFactorProof = z.strictObject({
  challenge: z.string().min(20).max(100),
  code: z.string().min(1).max(100),
});
export type SecondFactorProof = z.infer<typeof SecondFactorProof>;

export const PasswordChange = z.strictObject({
  currentPassword: z.string().min(1).max(1024),
  newPassword: z.string().min(1).max(1024),
});
export type PasswordChange = z.infer<typeof PasswordChange>;

export const minimumPasswordCharacters = 12;
