// Sessions in SQL.

import type { Storage } from '../storage/storage.ts';
import type { SessionStore } from './session.ts';

export function createSessionStore(storage: Storage): SessionStore {
  return {
    create: (session) =>
      storage.write(async (tx) => {
        await tx.insertInto('session').values(session).execute();
      }),
    byHash: (sessionHash) =>
      storage.read.selectFrom('session').selectAll().where('sessionHash', '=', sessionHash).executeTakeFirst(),
    touch: (sessionHash, atMs) =>
      storage.write(async (tx) => {
        await tx.updateTable('session').set({ lastUsedAtMs: atMs }).where('sessionHash', '=', sessionHash).execute();
      }),
    end: (sessionHash) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('session').where('sessionHash', '=', sessionHash).execute();
      }),
    endAllOf: (accountId) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('session').where('accountId', '=', accountId).execute();
      }),
    sweep: (createdBeforeMs, usedBeforeMs) =>
      storage.write(async (tx) => {
        await tx
          .deleteFrom('session')
          .where((e) => e.or([e('createdAtMs', '<', createdBeforeMs), e('lastUsedAtMs', '<', usedBeforeMs)]))
          .execute();
      }),
  };
}
