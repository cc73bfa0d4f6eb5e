// The first start on an empty database: an administrator, a Space and its room of all nodes. There is no default password and no
// page that lets the first visitor become administrator.

import type { AccountId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import { insertMember } from '../member/member-store.ts';
import { insertAllNodesRoom } from '../room/room-store.ts';
import { insertSpace } from '../space/space-store.ts';
import type { Storage } from '../storage/storage.ts';
import { anyAccountExists, insertAccount } from './account-store.ts';
import type { PasswordHasher } from './password.ts';
import { readableSecret } from './readable-secret.ts';

export const firstAdministratorEmail = 'admin@localhost';

export interface FirstAdministratorParts {
  storage: Storage;
  hasher: PasswordHasher;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  /**
   * Hands the password over, inside the transaction: where that fails, the account is not made either, and the next start tries
   * anew. Otherwise a full disk could leave a Cloud that nobody can sign in to.
   */
  handOver: (password: string) => void;
}

/** Undefined where an account exists already; else the password, which is kept nowhere. */
export async function createFirstAdministrator(parts: FirstAdministratorParts): Promise<string | undefined> {
  const { storage, hasher, now, random, newId, handOver } = parts;
  const someone = await storage.read.selectFrom('account').select('accountId').limit(1).executeTakeFirst();
  if (someone !== undefined) return undefined;
  const password = oneTimePassword(random);
  const passwordHash = await hasher.hash(password);
  return storage.write(async (tx) => {
    if (await anyAccountExists(tx)) return undefined;
    const createdAtMs = now();
    const accountId = newId() as AccountId;
    const spaceId = newId() as SpaceId;
    await insertAccount(tx, {
      accountId,
      email: firstAdministratorEmail,
      name: 'admin',
      passwordHash,
      passwordIsInitial: true,
      createdAtMs,
    });
    await insertSpace(tx, { spaceId, name: "admin's Space", namedAtMs: null, createdAtMs });
    await insertMember(tx, { spaceId, accountId, role: 'admin', joinedAtMs: createdAtMs });
    await insertAllNodesRoom(tx, { roomId: newId() as RoomId, spaceId, createdAtMs });
    await insertAudit(tx, { kind: 'space-made', atMs: createdAtMs, spaceId });
    handOver(password);
    return password;
  });
}

/** 25 characters of 31 kinds = 123 bits: `7k2mq-…`. */
export const oneTimePassword = (random: (bytes: number) => Uint8Array): string => readableSecret(random, 5, 5);
