import type { AccountId, InvitationId, SpaceId } from '@claimstead/wire/ids';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { insertAccount } from '../account/account-store.ts';
import { insertMember } from '../member/member-store.ts';
import { insertSpace } from '../space/space-store.ts';
import { openSqlite } from '../storage/sqlite.ts';
import type { Storage } from '../storage/storage.ts';
import { createInvitationStore } from './invitation-store.ts';
import type { InvitationStore } from './invitation.ts';

const spaceId = 'space' as SpaceId;
const [ada, bob] = ['ada' as AccountId, 'bob' as AccountId];
const at = { atMs: 5, sourceNetwork: '::' };
let folder: string;
let storage: Storage;
let invitations: InvitationStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-invitations-'));
  storage = await openSqlite({ file: join(folder, 'x.db'), now: () => 1, synchronous: 'OFF', lockWaitMs: 1000 });
  await storage.write(async (tx) => {
    for (const accountId of [ada, bob])
      await insertAccount(tx, {
        accountId,
        email: `${accountId}@x`,
        name: accountId,
        passwordHash: '-',
        passwordIsInitial: false,
        createdAtMs: 1,
      });
    await insertSpace(tx, { spaceId, name: 'S', namedAtMs: 1, createdAtMs: 1 });
    await insertMember(tx, { spaceId, accountId: ada, role: 'admin', joinedAtMs: 1 });
  });
  invitations = createInvitationStore(storage);
  const promise = { spaceId, email: 'bob@x', role: 'admin', roomIds: [], invitedBy: ada } as const;
  const invitation = { ...promise, roomIds: [], createdAtMs: 1, expiresAtMs: 10 };
  await invitations.add(
    { ...invitation, invitationId: 'i' as InvitationId, secretHash: 'hash' },
    { sourceNetwork: '::', atMost: null },
  );
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const acceptedBy = (accountId: AccountId): Promise<string> =>
  invitations.accept('hash', { accountId }, at).then(
    () => 'accepted',
    (error: { kind: string }) => error.kind,
  );

it('asks what its inviter may promise when it is accepted, whatever became of the withdrawing', async () => {
  // As a hand in the database, or a change that forgot to withdraw, would leave it.
  const setRole = (role: 'manager' | 'admin') =>
    storage.write((tx) => tx.updateTable('spaceMember').set({ role }).execute());
  await setRole('manager');
  expect(await invitations.bySecret('hash', 5)).toBeUndefined();
  expect(await acceptedBy(bob)).toBe('invitation-refused');
  await setRole('admin');
  await storage.write((tx) => tx.deleteFrom('spaceMember').execute());
  expect(await acceptedBy(bob)).toBe('invitation-refused');
  await storage.write((tx) => insertMember(tx, { spaceId, accountId: ada, role: 'admin', joinedAtMs: 1 }));
  expect(await acceptedBy(ada)).toBe('invitation-for-another');
  expect(await acceptedBy(bob)).toBe('accepted');
});

it('is over in the very millisecond in which it expires, and is swept', async () => {
  expect(await invitations.bySecret('hash', 9)).toMatchObject({ spaceName: 'S', hasAccount: true });
  expect(await invitations.bySecret('hash', 10)).toBeUndefined();
  await invitations.sweep(9);
  expect(await storage.read.selectFrom('invitation').selectAll().execute()).toHaveLength(1);
  await invitations.sweep(10);
  expect(await storage.read.selectFrom('invitation').selectAll().execute()).toEqual([]);
});
