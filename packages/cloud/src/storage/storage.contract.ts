// What every engine must do. Each engine runs the suite from its own test file with a function that opens an empty database.

import type { AccountId } from '@claimstead/wire/ids';
import { afterEach, describe, expect, it } from 'vitest';
import { UniqueViolation, type Storage } from './storage.ts';

export interface StorageUnderTest {
  storage: Storage;
  /** Closes and opens the same database anew. */
  reopen(): Promise<Storage>;
  /** Closes and destroys it. */
  destroy(): Promise<void>;
}

export function storageContract(engine: string, open: () => Promise<StorageUnderTest>): void {
  describe(`storage contract: ${engine}`, () => {
    let current: StorageUnderTest | undefined;
    const start = async (): Promise<StorageUnderTest> => (current = await open());
    afterEach(async () => {
      await current?.destroy();
      current = undefined;
    });

    const account = (id: string, email: string, createdAtMs = 1) => ({
      accountId: id as AccountId,
      email,
      name: email,
      passwordHash: 'x',
      passwordIsInitial: 0 as const,
      createdAtMs,
    });
    const emails = async (storage: Storage): Promise<string[]> =>
      (await storage.read.selectFrom('account').select('email').orderBy('email').execute()).map((row) => row.email);

    it('keeps what a transaction wrote, also after it is opened anew', async () => {
      const { storage, reopen } = await start();
      await storage.write((tx) => tx.insertInto('account').values(account('a', 'a@x')).execute());
      expect(await emails(storage)).toEqual(['a@x']);
      expect(await emails(await reopen())).toEqual(['a@x']);
    });

    it('keeps nothing of a transaction that throws, and passes the error on unchanged', async () => {
      const { storage } = await start();
      const reason = new Error('changed my mind');
      const attempt = storage.write(async (tx) => {
        await tx.insertInto('account').values(account('a', 'a@x')).execute();
        throw reason;
      });
      await expect(attempt).rejects.toBe(reason);
      expect(await emails(storage)).toEqual([]);
    });

    it('refuses a second row under a unique value, and the first stays', async () => {
      const { storage } = await start();
      await storage.write((tx) => tx.insertInto('account').values(account('a', 'a@x')).execute());
      const second = storage.write((tx) => tx.insertInto('account').values(account('b', 'a@x')).execute());
      await expect(second).rejects.toBeInstanceOf(UniqueViolation);
      expect(await emails(storage)).toEqual(['a@x']);
    });

    it('refuses a row that points at nothing, and takes dependent rows along', async () => {
      const { storage } = await start();
      const session = {
        sessionHash: 's',
        publicId: 'p',
        accountId: 'a' as AccountId,
        createdAtMs: 1,
        lastUsedAtMs: 1,
        sourceNetwork: null,
        browser: null,
      };
      await expect(storage.write((tx) => tx.insertInto('session').values(session).execute())).rejects.toThrow();
      await storage.write(async (tx) => {
        await tx.insertInto('account').values(account('a', 'a@x')).execute();
        await tx.insertInto('session').values(session).execute();
      });
      await storage.write((tx) =>
        tx
          .deleteFrom('account')
          .where('accountId', '=', 'a' as AccountId)
          .execute(),
      );
      expect(await storage.read.selectFrom('session').selectAll().execute()).toEqual([]);
    });

    it('answers whole numbers as numbers, up to the largest safe one', async () => {
      const { storage } = await start();
      const largest = Number.MAX_SAFE_INTEGER;
      await storage.write((tx) =>
        tx
          .insertInto('account')
          .values(account('a', 'a@x', largest))
          .execute(),
      );
      const row = await storage.read
        .selectFrom('account')
        .select(['createdAtMs', 'passwordIsInitial'])
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ createdAtMs: largest, passwordIsInitial: 0 });
      const counted = await storage.read
        .selectFrom('account')
        .select((e) => e.fn.countAll<number>().as('accounts'))
        .executeTakeFirstOrThrow();
      expect(Number(counted.accounts)).toBe(1);
    });

    it('keeps text as it is: every plane of Unicode, quotes, the empty text', async () => {
      const { storage } = await start();
      const texts = ['', `'"\\;--`, 'Zoë 日本 👩‍🚀', '\u202Eright to left'];
      for (const [index, text] of texts.entries()) {
        await storage.write((tx) =>
          tx
            .insertInto('account')
            .values({ ...account(`id-${index}`, `${index}@x`), name: text })
            .execute(),
        );
      }
      const rows = await storage.read.selectFrom('account').select('name').orderBy('email').execute();
      expect(rows.map((row) => row.name)).toEqual(texts);
    });

    it('runs transactions one after the other: no update is lost among fifty at once', async () => {
      const { storage } = await start();
      await storage.write((tx) =>
        tx
          .insertInto('account')
          .values(account('a', 'a@x', 0))
          .execute(),
      );
      const increase = () =>
        storage.write(async (tx) => {
          const row = await tx.selectFrom('account').select('createdAtMs').executeTakeFirstOrThrow();
          await tx
            .updateTable('account')
            .set({ createdAtMs: row.createdAtMs + 1 })
            .execute();
        });
      await Promise.all(Array.from({ length: 50 }, increase));
      const row = await storage.read.selectFrom('account').select('createdAtMs').executeTakeFirstOrThrow();
      expect(row.createdAtMs).toBe(50);
    });

    it('reads one moment in a snapshot, and refuses to write in it', async () => {
      const { storage } = await start();
      await storage.write((tx) => tx.insertInto('account').values(account('a', 'a@x')).execute());
      let written: Promise<unknown> = Promise.resolve();
      const seen = await storage.snapshot(async (queries) => {
        const before = await queries.selectFrom('account').select('email').execute();
        written = storage.write((tx) => tx.insertInto('account').values(account('b', 'b@x')).execute());
        return [before, await queries.selectFrom('account').select('email').execute()];
      });
      expect(seen).toEqual([[{ email: 'a@x' }], [{ email: 'a@x' }]]);
      await written;
      const attempt = storage.snapshot((queries) =>
        queries.insertInto('account').values(account('c', 'c@x')).execute(),
      );
      await expect(attempt).rejects.toThrow();
      await storage.write((tx) => tx.insertInto('account').values(account('d', 'd@x')).execute());
      expect(await emails(storage)).toEqual(['a@x', 'b@x', 'd@x']);
    });

    it('answers how many rows a condition found, so that a last use is used once', async () => {
      const { storage } = await start();
      await storage.write((tx) =>
        tx
          .insertInto('account')
          .values(account('a', 'a@x', 3))
          .execute(),
      );
      const use = async (): Promise<boolean> =>
        storage.write(async (tx) => {
          const result = await tx
            .updateTable('account')
            .set((e) => ({ createdAtMs: e('createdAtMs', '-', 1) }))
            .where('createdAtMs', '>', 0)
            .executeTakeFirst();
          return result.numUpdatedRows === 1n;
        });
      const outcomes = await Promise.all(Array.from({ length: 20 }, use));
      expect(outcomes.filter(Boolean)).toHaveLength(3);
    });
  });
}
