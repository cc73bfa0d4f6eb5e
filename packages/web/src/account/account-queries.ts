// What the account page asks and changes.

import { AccountView, RecoveryCodes, SessionList, TwoStepSetup } from '@claimstead/wire/cloud-api/account';
import { ApiTokenList, ApiTokenMade, type ApiTokenMake } from '@claimstead/wire/cloud-api/api-tokens';
import { PasskeyList, PasskeyOptions } from '@claimstead/wire/cloud-api/passkeys';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

const id = encodeURIComponent;

export const accountKeys = {
  account: ['account'],
  sessions: ['account', 'sessions'],
  passkeys: ['account', 'passkeys'],
  tokens: ['account', 'tokens'],
} as const;

export const accountQuery = queryOptions({
  queryKey: accountKeys.account,
  queryFn: ({ signal }) => call({ path: '/account', schema: AccountView, signal }),
});
export const accountSessionsQuery = queryOptions({
  queryKey: accountKeys.sessions,
  queryFn: async ({ signal }) => (await call({ path: '/account/sessions', schema: SessionList, signal })).sessions,
});
export const passkeysQuery = queryOptions({
  queryKey: accountKeys.passkeys,
  queryFn: async ({ signal }) => (await call({ path: '/account/passkeys', schema: PasskeyList, signal })).passkeys,
});
export const apiTokensQuery = queryOptions({
  queryKey: accountKeys.tokens,
  queryFn: async ({ signal }) => (await call({ path: '/account/tokens', schema: ApiTokenList, signal })).tokens,
});

export const renameAccount = (name: string) => call({ method: 'PATCH', path: '/account', body: { name } });

export const endSession = (sessionId: string) => call({ method: 'DELETE', path: `/account/sessions/${id(sessionId)}` });
export const endSessions = (which: 'others' | 'all') =>
  call({ method: 'DELETE', path: `/account/sessions?which=${which}` });

export const beginTwoStep = (password: string) =>
  call({ method: 'POST', path: '/account/two-step', body: { password }, schema: TwoStepSetup });
export const confirmTwoStep = async (code: string): Promise<string[]> =>
  (await call({ method: 'POST', path: '/account/two-step/confirm', body: { code }, schema: RecoveryCodes }))
    .recoveryCodes;
export const endTwoStep = (password: string) =>
  call({ method: 'POST', path: '/account/two-step/off', body: { password } });
export const newRecoveryCodes = async (password: string): Promise<string[]> =>
  (await call({ method: 'POST', path: '/account/recovery-codes', body: { password }, schema: RecoveryCodes }))
    .recoveryCodes;

export const passkeyOptions = (password: string) =>
  call({ method: 'POST', path: '/account/passkeys/options', body: { password }, schema: PasskeyOptions });
export const addPasskey = (name: string, credential: unknown) =>
  call({ method: 'POST', path: '/account/passkeys', body: { name, credential } });
export const removePasskey = (passkeyId: string) =>
  call({ method: 'DELETE', path: `/account/passkeys/${id(passkeyId)}` });

export const makeApiToken = (body: ApiTokenMake) =>
  call({ method: 'POST', path: '/account/tokens', body, schema: ApiTokenMade });
export const revokeApiToken = (tokenId: string) => call({ method: 'DELETE', path: `/account/tokens/${id(tokenId)}` });
