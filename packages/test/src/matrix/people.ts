// People for the matrix, written into the database as they are kept: what makes them in the product is on trial itself.

import type SqliteDatabase from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import type { Role } from '@claimstead/wire/cloud-api/roles';
import { createPasswordHasher } from '@claimstead/cloud/account/password';
import type { RunningCloud } from '@claimstead/cloud/main-in-tests';

export interface People {
  /** A new account, signed in. */
  signedIn(email: string): Promise<{ accountId: string; cookie: string }>;
  /** A new account. */
  make(email: string): string;
  join(accountId: string, spaceId: string, role: Role): void;
  joinAllNodes(accountId: string, spaceId: string): void;
  leave(accountId: string, spaceId: string): void;
}

const password = 'matrix password';

export async function createPeople(running: RunningCloud, database: SqliteDatabase.Database): Promise<People> {
  const hash = await (await createPasswordHasher()).hash(password);
  const make = (email: string): string => {
    const accountId = randomUUID();
    database
      .prepare(
        `insert into account (account_id, email, name, password_hash, password_is_initial, created_at_ms)
         values (?, ?, 'Somebody', ?, 0, ?)`,
      )
      .run(accountId, email, hash, running.clock.nowMs());
    return accountId;
  };
  return {
    make,
    async signedIn(email) {
      const accountId = make(email);
      return { accountId, cookie: await running.signIn(email, password) };
    },
    join(accountId, spaceId, role) {
      database
        .prepare('insert into space_member (space_id, account_id, role, joined_at_ms) values (?, ?, ?, 1)')
        .run(spaceId, accountId, role);
    },
    joinAllNodes(accountId, spaceId) {
      database
        .prepare(
          'insert into room_member (room_id, account_id) select room_id, ? from room where space_id = ? and holds_all_nodes = 1',
        )
        .run(accountId, spaceId);
    },
    leave(accountId, spaceId) {
      database.prepare('delete from space_member where space_id = ? and account_id = ?').run(spaceId, accountId);
    },
  };
}
