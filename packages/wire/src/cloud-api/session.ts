// Sign-in: POST /session, POST /session/second-factor, GET /session, DELETE /session, PUT /account/password.

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
