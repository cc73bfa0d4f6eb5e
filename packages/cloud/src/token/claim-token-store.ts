// Claiming tokens in SQL.

import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { sql } from 'kysely';
import type { AuditKind } from '../audit/audit.ts';
import { insertAudit } from '../audit/audit-store.ts';
import { roomsOfSpace } from '../room/room-store.ts';
import { anyOf } from '../storage/any-of.ts';
import type { ClaimTokenTable } from '../storage/schema.ts';
import type { Queries, Storage, Tx } from '../storage/storage.ts';
import {
  claimTokenState,
  endedTokenKeptMs,
  mostWorkingTokens,
  type ClaimToken,
  type ClaimTokenSettings,
  type ClaimTokenStore,
  type TokenDecision,
} from './claim-token.ts';

export function createClaimTokenStore(storage: Storage): ClaimTokenStore {
  /** Changes one token that is not revoked, and says so in the audit. */
  const change = (
    { spaceId, tokenId, kind, by }: { spaceId: SpaceId; tokenId: string; kind: AuditKind; by: TokenDecision },
    write: (tx: Tx) => Promise<void>,
  ): Promise<ClaimToken | undefined> =>
    storage.write(async (tx) => {
      const before = await oneToken(tx, tokenId);
      if (before === undefined || before.spaceId !== spaceId || before.revokedAtMs !== null) return undefined;
      await write(tx);
      const after = await oneToken(tx, tokenId);
      if (after === undefined) return undefined;
      if (claimTokenState(before, by.atMs) !== 'valid') await boundWorkingTokens(tx, after, by.atMs);
      await insertAudit(tx, { kind, tokenId, spaceId, ...by, details: auditDetails(after) });
      return after;
    });

  const withRooms = async (rows: readonly ClaimTokenTable[]): Promise<ClaimToken[]> => {
    const byToken = new Map<string, RoomId[]>(rows.map(({ tokenId }) => [tokenId, []]));
    const rooms = storage.read.selectFrom('claimTokenRoom').selectAll().orderBy('roomId');
    for (const { tokenId, roomId } of await rooms.where('tokenId', 'in', anyOf([...byToken.keys()])).execute())
      byToken.get(tokenId)?.push(roomId);
    return rows.map((row) => fromRow(row, byToken.get(row.tokenId) ?? []));
  };

  return {
    add: (token, by) =>
      storage.write(async (tx) => {
        await tx.insertInto('claimToken').values(toRow(token)).execute();
        await insertRooms(tx, token, token.roomIds);
        const { tokenId, spaceId, createdAtMs: atMs } = token;
        await boundWorkingTokens(tx, token, atMs);
        await insertAudit(tx, { kind: 'token-made', atMs, tokenId, spaceId, ...by, details: auditDetails(token) });
      }),
    async all(spaceId) {
      const tokens = storage.read.selectFrom('claimToken').selectAll().orderBy('createdAtMs').orderBy('tokenId');
      return withRooms(await (spaceId === undefined ? tokens : tokens.where('spaceId', '=', spaceId)).execute());
    },
    pageInSpace: async (spaceId, after, count) =>
      withRooms(
        await storage.read
          .selectFrom('claimToken')
          .selectAll()
          .where('spaceId', '=', spaceId)
          .$if(after !== undefined, (page) =>
            page.where(sql<boolean>`(created_at_ms, token_id) > (${after?.atMs ?? 0}, ${after?.id ?? ''})`),
          )
          .orderBy('createdAtMs')
          .orderBy('tokenId')
          .limit(count)
          .execute(),
      ),
    async byId(spaceId, tokenId) {
      const token = await oneToken(storage.read, tokenId);
      return token?.spaceId === spaceId ? token : undefined;
    },
    change: (spaceId, tokenId, { roomIds, ...settings }, by) =>
      change({ spaceId, tokenId, kind: 'token-changed', by }, async (tx) => {
        const columns = settingsToRow(settings);
        if (Object.keys(columns).length > 0)
          await tx.updateTable('claimToken').set(columns).where('tokenId', '=', tokenId).execute();
        if (roomIds === undefined) return;
        await tx.deleteFrom('claimTokenRoom').where('tokenId', '=', tokenId).execute();
        await insertRooms(tx, { spaceId, tokenId }, roomIds);
      }),
    regenerate: (spaceId, tokenId, text, by) =>
      change({ spaceId, tokenId, kind: 'token-regenerated', by }, async (tx) => {
        await tx.updateTable('claimToken').set(text).where('tokenId', '=', tokenId).execute();
      }),
    viewSealed: (spaceId, tokenId, by) =>
      storage.write(async (tx) => {
        const token = await oneToken(tx, tokenId);
        if (token === undefined || token.spaceId !== spaceId || token.sealedToken === null) return undefined;
        await insertAudit(tx, { kind: 'token-viewed', tokenId, spaceId, ...by, details: { name: token.name } });
        return token;
      }),
    async regeneratedSince(spaceId, atMs) {
      const rows = await storage.read
        .selectFrom('audit')
        .select('tokenId')
        .where('kind', '=', 'token-regenerated')
        .where('atMs', '>=', atMs)
        .$if(spaceId !== undefined, (some) => some.where('spaceId', '=', spaceId ?? null))
        .execute();
      return new Set(rows.flatMap(({ tokenId }) => tokenId ?? []));
    },
    async anySealed() {
      const row = await storage.read
        .selectFrom('claimToken')
        .select('sealedToken')
        .where('sealedToken', 'is not', null)
        .limit(1)
        .executeTakeFirst();
      return row?.sealedToken ?? undefined;
    },
    revoke: (tokenId, by) =>
      storage.write(async (tx) => {
        const token = await oneToken(tx, tokenId);
        if (token === undefined || token.revokedAtMs !== null) return token;
        return { ...token, ...(await revokeToken(tx, token, by)) };
      }),
    sweep: (nowMs) =>
      storage.write(async (tx) => {
        const before = nowMs - endedTokenKeptMs;
        const result = await tx
          .deleteFrom('claimToken')
          .where((e) => e.or([e('expiresAtMs', '<=', before), e('revokedAtMs', '<=', before)]))
          .executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}

/** Of a token that begins to work in this transaction: throws `forbidden` where the Space has more such tokens than it may. */
async function boundWorkingTokens(tx: Tx, token: ClaimToken, nowMs: number): Promise<void> {
  if (claimTokenState(token, nowMs) !== 'valid') return;
  // What `claimTokenState` calls valid, in SQL: a Space may have far more that have ended.
  const { count } = await tx
    .selectFrom('claimToken')
    .select((e) => e.fn.countAll().as('count'))
    .where('spaceId', '=', token.spaceId)
    .where('revokedAtMs', 'is', null)
    .where((e) => e.or([e('expiresAtMs', 'is', null), e('expiresAtMs', '>', nowMs)]))
    .where((e) => e.or([e('usesLeft', 'is', null), e('usesLeft', '>', 0)]))
    .executeTakeFirstOrThrow();
  if (Number(count) > mostWorkingTokens)
    throw new CloudError('forbidden', {
      detail: `A Space has ${mostWorkingTokens.toLocaleString('en')} claiming tokens at most that work; revoke some that nobody needs any more.`,
    });
}

function auditDetails(token: ClaimToken) {
  const { name, expiresAtMs, usesLeft, roomIds, sourceNetworks, admitsByHand, ephemeralAfterMs } = token;
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs).toISOString();
  return { name, expiresAt, uses: usesLeft, roomIds, sourceNetworks, admitsByHand, ephemeralAfterMs };
}

function settingsToRow({ sourceNetworks, admitsByHand, ...plain }: Partial<Omit<ClaimTokenSettings, 'roomIds'>>) {
  return {
    ...plain,
    ...(sourceNetworks !== undefined && { sourceNetworks: JSON.stringify(sourceNetworks) }),
    ...(admitsByHand !== undefined && { admitsByHand: admitsByHand ? (1 as const) : (0 as const) }),
  };
}

function toRow({ roomIds: _roomIds, sourceNetworks, admitsByHand, ...plain }: ClaimToken): ClaimTokenTable {
  return { ...plain, sourceNetworks: JSON.stringify(sourceNetworks), admitsByHand: admitsByHand ? 1 : 0 };
}

function fromRow({ sourceNetworks, admitsByHand, ...plain }: ClaimTokenTable, roomIds: RoomId[]): ClaimToken {
  const networks = JSON.parse(sourceNetworks) as string[];
  return { ...plain, sourceNetworks: networks, admitsByHand: admitsByHand === 1, roomIds };
}

/** Throws `invalid-request`: a room may be gone since the request was looked at. */
async function insertRooms(
  tx: Tx,
  { spaceId, tokenId }: { spaceId: SpaceId; tokenId: string },
  roomIds: readonly RoomId[],
): Promise<void> {
  const rooms = (await roomsOfSpace(tx, spaceId, roomIds)).map((roomId) => ({ tokenId, roomId }));
  if (rooms.length > 0) await tx.insertInto('claimTokenRoom').values(rooms).execute();
}

async function oneToken(queries: Queries, tokenId: string): Promise<ClaimToken | undefined> {
  const row = await queries.selectFrom('claimToken').selectAll().where('tokenId', '=', tokenId).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row, await roomIdsOf(queries, tokenId));
}

async function roomIdsOf(queries: Queries, tokenId: string): Promise<RoomId[]> {
  const rooms = await queries.selectFrom('claimTokenRoom').select('roomId').where('tokenId', '=', tokenId).execute();
  return rooms.map((room) => room.roomId);
}

/** The token under a hash, in whatever state; part of the claim's transaction. */
export async function findClaimToken(queries: Queries, tokenHash: string): Promise<ClaimToken | undefined> {
  const token = await queries
    .selectFrom('claimToken')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst();
  // Asked for also where there is no token: how long the answer takes must not tell whether there is one.
  const roomIds = await roomIdsOf(queries, token?.tokenId ?? '');
  return token === undefined ? undefined : fromRow(token, roomIds);
}

/** Part of the transaction in which their maker's place in the Space changes: those that work are revoked. Answers their ids. */
export async function revokeTokensMadeBy(
  tx: Tx,
  maker: { spaceId: SpaceId; accountId: AccountId },
  by: Required<TokenDecision>,
): Promise<string[]> {
  const made = await tx
    .selectFrom('claimToken')
    .select(['tokenId', 'name', 'revokedAtMs', 'expiresAtMs', 'usesLeft'])
    .where('spaceId', '=', maker.spaceId)
    .where('madeByAccountId', '=', maker.accountId)
    .orderBy('createdAtMs')
    .orderBy('tokenId')
    .execute();
  const working = made.filter((token) => claimTokenState(token, by.atMs) === 'valid');
  for (const { tokenId, name } of working) await revokeToken(tx, { tokenId, spaceId: maker.spaceId, name }, by);
  return working.map(({ tokenId }) => tokenId);
}

/** Nobody needs to view it any more, either. */
async function revokeToken(
  tx: Tx,
  { tokenId, spaceId, name }: Pick<ClaimToken, 'tokenId' | 'spaceId' | 'name'>,
  by: TokenDecision,
): Promise<{ revokedAtMs: number; sealedToken: null }> {
  const ended = { revokedAtMs: by.atMs, sealedToken: null };
  await tx.updateTable('claimToken').set(ended).where('tokenId', '=', tokenId).execute();
  await insertAudit(tx, { kind: 'token-revoked', tokenId, spaceId, ...by, details: { name } });
  return ended;
}

/** Takes one use in the claim's transaction. False = none was left. */
export async function useClaimToken(tx: Tx, tokenId: string, atMs: number): Promise<boolean> {
  const result = await tx
    .updateTable('claimToken')
    .set((e) => ({ usesLeft: e('usesLeft', '-', 1), usesTaken: e('usesTaken', '+', 1), lastUsedAtMs: atMs }))
    .where('tokenId', '=', tokenId)
    .where((e) => e.or([e('usesLeft', 'is', null), e('usesLeft', '>', 0)]))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
