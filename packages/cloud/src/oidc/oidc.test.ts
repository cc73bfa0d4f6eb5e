import type { AccountId } from '@claimstead/wire/ids';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAccountStore } from '../account/account-store.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { createOidcStore } from './oidc-store.ts';
import { admit, type IssuerClaims, type OidcParts } from './oidc.ts';

let folder = '';
let storage: Storage;
let parts: OidcParts;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-oidc-'));
  storage = await openStorage(join(folder, 'cloud.db'), () => 1000);
  const accounts = createAccountStore(storage);
  parts = {
    store: createOidcStore(storage),
    accountById: accounts.byId,
    accountByEmail: accounts.byEmail,
    isInvited: async () => false,
    unknownPassword: async () => 'hash',
    domains: [],
    createAccounts: true,
    now: () => 1000,
    newId: () => randomUUID(),
  };
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const claims: IssuerClaims = {
  issuer: 'https://issuer.example.net',
  subject: 'ada',
  email: 'ada@example.net',
  emailIsVerified: true,
  name: 'Ada',
};
const come = (change: Partial<IssuerClaims> = {}): Promise<{ accountId: AccountId }> =>
  admit(parts, { ...claims, ...change }, '192.0.2.1');

it('lets a new person in who comes back several times at once, as one account', async () => {
  const came = await Promise.all([come(), come(), come()]);
  expect(new Set(came.map(({ accountId }) => accountId)).size).toBe(1);
  expect(await storage.read.selectFrom('account').select('email').execute()).toEqual([{ email: 'ada@example.net' }]);
});

it('links an account once for a person who comes back several times at once, and to nobody else', async () => {
  const { accountId } = await come();
  await storage.write(async (tx) => void (await tx.deleteFrom('oidcIdentity').execute()));
  const came = await Promise.all([come(), come()]);
  expect(came.map((account) => account.accountId)).toEqual([accountId, accountId]);
  await expect(come({ subject: 'eve' })).rejects.toMatchObject({ kind: 'oidc-refused' });
});

it('refuses the slower of two identities that show one new address at once', async () => {
  const came = await Promise.allSettled([come(), come({ subject: 'eve' })]);
  expect(came.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(came.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'oidc-refused' } });
});
