// A claim, decided. Reading order of this folder: claim.ts (who may claim what; no I/O), checked-claim.ts (what a claim must be),
// claim-store.ts (the one transaction), claim-facts-store.ts (what it reads first), claim-routes.ts (HTTP), claim-check-routes.ts (the same
// question without a claim), links-in-the-way.ts (connections that are dead without knowing it). What is said on the wire: wire/claim/claim-request.ts. Why
// the rules are as they are: docs/decisions/0003-who-may-claim-a-node.md.

import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId, MachineGuid, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { findRoom, type Room } from '../room/room.ts';
import { claimTokenState, type ClaimToken } from '../token/claim-token.ts';
import { comesFrom } from '../token/source-networks.ts';
import type { CheckedClaim } from './checked-claim.ts';

/** What is known of a node that a claim may be about. */
export interface KnownNode {
  nodeId: NodeId;
  spaceId: SpaceId;
  machineGuid: MachineGuid;
  /** The claim that holds it now (null: a parent streams it, nobody claimed it), and the token that admitted that claim (null: swept since). */
  claimId: ClaimId | null;
  tokenId: string | null;
  publicKeyHash: string | null;
  /** Since when it waits to be admitted; null = it does not. */
  waitsSinceMs: number | null;
}

/** Where a claim comes from. */
export interface ClaimSource {
  /** The address itself, which a token's networks are judged by. */
  address: string;
  /** An IPv4 address or an IPv6 /64, as it is kept. */
  network: string;
}

/** Everything that the decision rests on, read in the transaction that will carry it out. */
export interface ClaimFacts {
  /** In whatever state; undefined: unknown. */
  token: ClaimToken | undefined;
  /** What the token's state is judged at, milliseconds since 1970. */
  nowMs: number;
  /** The address that the claim comes from; undefined only where no network is between, in tests. */
  address: string | undefined;
  /** Nodes that are claimed to the token's Space wait until an administrator admits them. */
  spaceAdmitsByHand: boolean;
  /** Rooms of the token's Space. */
  rooms: readonly Room[];
  /** The node of this machine in the token's Space. */
  machine: KnownNode | undefined;
  /** The node, of whatever Space, that this claim id holds or held. Undefined also after that node was removed. */
  holder: KnownNode | undefined;
  /** A node of another Space has the same key. */
  keyIsElsewhere: boolean;
}

export interface Admission {
  spaceId: SpaceId;
  /** Undefined: the machine becomes a new node. */
  node: KnownNode | undefined;
  keyReplaced: boolean;
  /** The key that the node had until now, if it had one; of the audit. */
  earlierKeyHash: string | null;
  /** The claim that held the node until now, if another. */
  retiredClaimId: ClaimId | null;
  /** Rooms to join, beside those it is in. */
  roomIds: readonly RoomId[];
  token: Pick<ClaimToken, 'tokenId' | 'name' | 'madeByAccountId'>;
  /** A node that is new to the Space, or was only streamed until now, leaves after so long offline; null = it stays, or stays what it is. */
  ephemeralAfterMs: number | null;
  /** False where this is a repeat of a claim that the same token admitted. */
  takesUse: boolean;
  /** The node waits from now on, or goes on waiting, until an administrator admits it. */
  waits: boolean;
}

export interface AcceptedClaim extends Admission {
  nodeId: NodeId;
}

export interface ClaimStore {
  /** Carries a claim out: reads the facts, asks `decide`, writes, all in one transaction. What `decide` throws writes nothing. */
  admit(
    claim: CheckedClaim,
    decide: (facts: ClaimFacts) => Admission,
    source: ClaimSource | undefined,
  ): Promise<AcceptedClaim>;
  /** What `admit` would hand to `decide` right now; nothing is written and no use is taken. */
  facts(claim: CheckedClaim, source: ClaimSource): Promise<ClaimFacts>;
}

/**
 * May this claim be, and what does it change? `isLinkUp` tells whether an agent is connected under a claim id right now.
 * Throws `claim-token-…`, `claim-invalid-room-id`, `claim-taken` or `claim-key-in-use`.
 */
export function decideClaim(
  claim: CheckedClaim,
  facts: ClaimFacts,
  isLinkUp: (claimId: ClaimId) => boolean,
): Admission {
  const { token, machine, holder } = facts;
  if (token === undefined) throw new CloudError('claim-token-refused');
  // Before its state: from elsewhere a token is unknown, whatever it is.
  if (!comesFrom(token.sourceNetworks, facts.address))
    throw new CloudError('claim-token-elsewhere', { token: { tokenId: token.tokenId, spaceId: token.spaceId } });
  const state = claimTokenState(token, facts.nowMs);
  // The agent never saw our answer and asks again: nothing more may be asked of the token. [lost reply, row 27]
  const isRepeat = machine?.publicKeyHash === claim.publicKeyHash && machine.tokenId === token.tokenId;
  if (state !== 'valid' && !(state === 'used-up' && isRepeat)) throw new CloudError(`claim-token-${state}`);

  const roomIds = roomsToJoin(claim, token, facts.rooms);

  if (holder !== undefined && holder.spaceId !== token.spaceId) throw taken(holder);
  if (facts.keyIsElsewhere) throw taken(machine);
  // The claim id belongs to another machine of this Space.
  if (holder !== undefined && machine !== undefined && holder.nodeId !== machine.nodeId) throw taken(holder);
  // The same agent under a new machine GUID shows it by its key; anybody else would take over a node by knowing its claim id.
  if (holder !== undefined && machine === undefined && holder.publicKeyHash !== claim.publicKeyHash)
    throw taken(holder);

  const node = machine ?? holder;
  const keyReplaced = node !== undefined && node.publicKeyHash !== null && node.publicKeyHash !== claim.publicKeyHash;
  // A machine that lost its key is let in again by a token of its Space, but not while somebody with the old key is connected.
  if (keyReplaced && node.claimId !== null && isLinkUp(node.claimId))
    throw new CloudError('claim-key-in-use', { nodeId: node.nodeId });

  // Whoever was let in with its key is let in again; a machine that is new, or comes with another key, is not known yet.
  const isKnown = node !== undefined && node.claimId !== null && !keyReplaced;
  const asksAdmission = facts.spaceAdmitsByHand || token.admitsByHand;

  return {
    spaceId: token.spaceId,
    node,
    keyReplaced,
    earlierKeyHash: node?.publicKeyHash ?? null,
    retiredClaimId: node === undefined || node.claimId === claim.claimId ? null : node.claimId,
    roomIds,
    token: { tokenId: token.tokenId, name: token.name, madeByAccountId: token.madeByAccountId },
    // What a node is that was claimed before, people have decided: a token cannot make it leave.
    ephemeralAfterMs: node === undefined || node.claimId === null ? token.ephemeralAfterMs : null,
    takesUse: !isRepeat,
    waits: isKnown ? node.waitsSinceMs !== null : asksAdmission || (node?.waitsSinceMs ?? null) !== null,
  };
}

const taken = (node?: KnownNode) => new CloudError('claim-taken', node === undefined ? {} : { nodeId: node.nodeId });

/** Those of the claim and those of the token. The room of all nodes needs no joining. */
function roomsToJoin(claim: CheckedClaim, token: ClaimToken, rooms: readonly Room[]): RoomId[] {
  const asked = claim.rooms.flatMap((text, roomIndex) => {
    if (text === '') return [];
    const room = findRoom(rooms, text);
    if (room !== undefined) return [room];
    const detail = `Room ${roomIndex + 1} of the claim is not a room of this Space; check its id or slug.`;
    throw new CloudError('claim-invalid-room-id', { roomIndex, detail });
  });
  const given = rooms.filter((room) => token.roomIds.includes(room.roomId));
  return [...new Set([...asked, ...given].filter((room) => !room.holdsAllNodes).map((room) => room.roomId))];
}
