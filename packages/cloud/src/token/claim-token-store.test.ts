import type { AccountId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStorage } from '../storage/open-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { createClaimTokenStore } from './claim-token-store.ts';
import { mostWorkingTokens } from './claim-token.ts';
import { keptToken } from './testing/kept-token.ts';

const spaceId = 'space' as SpaceId;
const gone = 'gone' as RoomId;
let folder = '';
let storage: Storage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-tokens-'));
  storage = await openStorage(join(folder, 'cloud.db'), () => 1000);
  await storage.write(
    async (tx) =>
      void (await tx.insertInto('space').values({ spaceId, name: 'Home', namedAtMs: 1, createdAtMs: 1 }).execute()),
  );
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

it('refuses a room that was deleted while the request was on its way, and keeps nothing of it', async () => {
  const tokens = createClaimTokenStore(storage);
  const token = keptToken({ tokenId: 't1', tokenHash: 'hash', spaceId, expiresAtMs: 9000 });
  const refused = { kind: 'invalid-request', detail: 'roomIds names a room that is not in this Space.' };
  await expect(tokens.add({ ...token, roomIds: [gone] }, {})).rejects.toMatchObject(refused);
  expect(await tokens.all(undefined)).toEqual([]);
  await tokens.add(token, {});
  const by = { atMs: 2, accountId: 'a' as AccountId, sourceNetwork: '192.0.2.1' };
  await expect(tokens.change(spaceId, 't1', { name: 'other', roomIds: [gone] }, by)).rejects.toMatchObject(refused);
  expect(await tokens.byId(spaceId, 't1')).toEqual(token);
  const kinds = await storage.read.selectFrom('audit').select('kind').execute();
  expect(kinds).toEqual([{ kind: 'token-made' }]);
});

it('keeps no more tokens of a Space that work than people can look after; what has ended is not counted', async () => {
  const tokens = createClaimTokenStore(storage);
  const token = (n: number) =>
    keptToken({ tokenId: `t${n}`, tokenHash: `hash ${n}`, spaceId, createdAtMs: 1000, expiresAtMs: 9000, usesLeft: 1 });
  const ended = [{ revokedAtMs: 500 }, { expiresAtMs: 1000 }, { usesLeft: 0 }];
  for (const [index, how] of ended.entries()) await tokens.add({ ...token(mostWorkingTokens + 1 + index), ...how }, {});
  await storage.write(async (tx) => {
    const row = await tx.selectFrom('claimToken').selectAll().where('usesLeft', '=', 0).executeTakeFirstOrThrow();
    for (let n = 1; n < mostWorkingTokens; n++) {
      const open = { ...row, tokenId: `t${n}`, tokenHash: `hash ${n}`, usesLeft: 1 };
      await tx.insertInto('claimToken').values(open).execute();
    }
  });
  await tokens.add(token(mostWorkingTokens), {});
  const refused = {
    kind: 'forbidden',
    detail: expect.stringMatching(/^A Space has 2,000 claiming tokens at most that work; /) as string,
  };
  await expect(tokens.add(token(0), {})).rejects.toMatchObject(refused);
  const usedUp = `t${mostWorkingTokens + 3}`;
  const change = (tokenId: string, settings: object) => tokens.change(spaceId, tokenId, settings, { atMs: 1001 });
  await expect(change(usedUp, { usesLeft: 1 })).rejects.toMatchObject(refused);
  expect(await change(usedUp, { name: 'ended' })).toMatchObject({ name: 'ended', usesLeft: 0 });
  expect(await change('t8', { usesLeft: 2 })).toMatchObject({ usesLeft: 2 });
  await tokens.revoke('t7', { atMs: 1001 });
  expect(await change(usedUp, { usesLeft: 1 })).toMatchObject({ usesLeft: 1 });
  await tokens.revoke('t8', { atMs: 1001 });
  await tokens.add(token(0), {});
});
