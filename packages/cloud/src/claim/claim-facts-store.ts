// What a claim is judged by, read from the tables in the claim's transaction.

import type { ClaimId, SpaceId } from '@claimstead/wire/ids';
import { isAdmittedByHand } from '../admission/admission-store.ts';
import type { Room } from '../room/room.ts';
import type { Queries } from '../storage/storage.ts';
import { claimTokenState } from '../token/claim-token.ts';
import { findClaimToken } from '../token/claim-token-store.ts';
import { comesFrom } from '../token/source-networks.ts';
import type { CheckedClaim } from './checked-claim.ts';
import type { ClaimFacts, ClaimSource, KnownNode } from './claim.ts';

/** The nil UUID, which no Space has. */
const noSpace = '00000000-0000-0000-0000-000000000000' as SpaceId;

export async function readFacts(
  queries: Queries,
  claim: CheckedClaim,
  source: ClaimSource | undefined,
  nowMs: number,
): Promise<ClaimFacts> {
  const token = await findClaimToken(queries, claim.tokenHash);
  // Read with every token, also with none: a used-up one admits its own repeats, and the time must not tell which it was.
  const machine = await knownNodes(queries)
    .where('node.spaceId', '=', token?.spaceId ?? noSpace)
    .where('node.machineGuid', '=', claim.machineGuid)
    .executeTakeFirst();
  const state = token === undefined ? 'unknown' : claimTokenState(token, nowMs);
  const mayRepeat = machine?.publicKeyHash === claim.publicKeyHash;
  const about = { token, nowMs, machine, address: source?.address };
  // Without a good token nothing else is looked at: the answer cannot depend on it, in words or in time.
  if (
    token === undefined ||
    !comesFrom(token.sourceNetworks, about.address) ||
    !(state === 'valid' || (state === 'used-up' && mayRepeat))
  )
    return { ...about, rooms: [], holder: undefined, keyIsElsewhere: false, spaceAdmitsByHand: false };
  const { spaceId } = token;
  const holder = await nodeOfClaim(queries, claim.claimId);
  const elsewhere = await queries
    .selectFrom('node')
    .select('nodeId')
    .where('publicKeyHash', '=', claim.publicKeyHash)
    .where('spaceId', '!=', spaceId)
    .executeTakeFirst();
  const rooms = await roomsOf(queries, spaceId);
  const spaceAdmitsByHand = await isAdmittedByHand(queries, spaceId);
  return { ...about, rooms, holder, keyIsElsewhere: elsewhere !== undefined, spaceAdmitsByHand };
}

const knownNodes = (queries: Queries) =>
  queries
    .selectFrom('node')
    .leftJoin('claim', 'claim.claimId', 'node.claimId')
    .select([
      'node.nodeId',
      'node.spaceId',
      'node.machineGuid',
      'node.claimId',
      'node.publicKeyHash',
      'node.waitsSinceMs',
      'claim.tokenId',
    ]);

async function nodeOfClaim(queries: Queries, claimId: ClaimId): Promise<KnownNode | undefined> {
  const row = await queries.selectFrom('claim').select('nodeId').where('claimId', '=', claimId).executeTakeFirst();
  if (row === undefined || row.nodeId === null) return undefined;
  return knownNodes(queries).where('node.nodeId', '=', row.nodeId).executeTakeFirst();
}

async function roomsOf(queries: Queries, spaceId: SpaceId): Promise<Room[]> {
  const rows = await queries.selectFrom('room').selectAll().where('spaceId', '=', spaceId).execute();
  return rows.map((row) => ({ ...row, holdsAllNodes: row.holdsAllNodes === 1 }));
}
