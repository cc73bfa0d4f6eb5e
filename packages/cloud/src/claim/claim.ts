// A claim, decided. Reading order of this folder: claim.ts (what a claim must be and who may claim what; no I/O), claim-store.ts
// (the one transaction), claim-routes.ts (HTTP). What is said on the wire: wire/claim/claim-request.ts. Why the rules are as
// they are: docs/decisions/0003-who-may-claim-a-node.md.

import { ClaimRequest } from '@claimstead/wire/claim/claim-request';
import { hashClaimToken, isClaimToken } from '@claimstead/wire/claim/claim-token';
import { CloudError, type ErrorKind } from '@claimstead/wire/errors';
import { parseClaimId, parseMachineGuid, type ClaimId, type MachineGuid, type NodeId, type RoomId, type SpaceId } from '@claimstead/wire/ids';
import { createHash, createPublicKey } from 'node:crypto';
import { findRoom, type Room } from '../room/room.ts';
import type { ClaimToken } from '../token/claim-token.ts';

/** A claim whose parts are each what they must be. */
export interface CheckedClaim {
  claimId: ClaimId;
  machineGuid: MachineGuid;
  hostname: string;
  /** What is looked up; the token itself goes no further than `checkClaim`. */
  tokenHash: string;
  /** Ids or slugs, as they were asked for. */
  rooms: readonly string[];
  /** SubjectPublicKeyInfo, PEM, as this program writes it. */
  publicKeyPem: string;
  /** SHA-256 of its DER bytes, hex. */
  publicKeyHash: string;
}

/** What is known of a node that a claim may be about. */
export interface KnownNode {
  nodeId: NodeId;
  spaceId: SpaceId;
  machineGuid: MachineGuid;
  /** The claim that holds it now, and the token that admitted that claim (null: swept since). */
  claimId: ClaimId;
  tokenId: string | null;
  publicKeyHash: string;
}

/** Everything that the decision rests on, read in the transaction that will carry it out. */
export interface ClaimFacts {
  /** Undefined: unknown or expired. */
  token: ClaimToken | undefined;
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
  /** The claim that held the node until now, if another. */
  retiredClaimId: ClaimId | null;
  /** Rooms to join, beside those it is in. */
  roomIds: readonly RoomId[];
  tokenId: string;
  /** False where this is a repeat of a claim that the same token admitted. */
  takesUse: boolean;
}

export interface AcceptedClaim extends Admission {
  nodeId: NodeId;
}

/** Carries a claim out: reads the facts, asks `decide`, writes, all in one transaction. What `decide` throws writes nothing. */
export interface ClaimStore {
  admit(claim: CheckedClaim, decide: (facts: ClaimFacts) => Admission): Promise<AcceptedClaim>;
}

/**
 * May this claim be, and what does it change? `isLinkUp` tells whether an agent is connected under a claim id right now.
 * Throws `claim-token-refused`, `claim-invalid-room-id` or `claim-taken`.
 */
export function decideClaim(claim: CheckedClaim, facts: ClaimFacts, isLinkUp: (claimId: ClaimId) => boolean): Admission {
  const { token, machine, holder } = facts;
  if (token === undefined) throw new CloudError('claim-token-refused');

  // The agent never saw our answer and asks again: nothing more may be asked of the token. [lost reply, row 27]
  const isRepeat = machine?.publicKeyHash === claim.publicKeyHash && machine.tokenId === token.tokenId;
  if (token.usesLeft === 0 && !isRepeat) throw new CloudError('claim-token-refused');

  const roomIds = roomsToJoin(claim, token, facts.rooms);

  if (holder !== undefined && holder.spaceId !== token.spaceId) throw new CloudError('claim-taken');
  if (facts.keyIsElsewhere) throw new CloudError('claim-taken');
  // The claim id belongs to another machine of this Space.
  if (holder !== undefined && machine !== undefined && holder.nodeId !== machine.nodeId) throw new CloudError('claim-taken');
  // The same agent under a new machine GUID shows it by its key; anybody else would take over a node by knowing its claim id.
  if (holder !== undefined && machine === undefined && holder.publicKeyHash !== claim.publicKeyHash) throw new CloudError('claim-taken');

  const node = machine ?? holder;
  const keyReplaced = node !== undefined && node.publicKeyHash !== claim.publicKeyHash;
  // A machine that lost its key is let in again by a token of its Space, but not while somebody with the old key is connected.
  if (keyReplaced && isLinkUp(node.claimId)) throw new CloudError('claim-taken');

  return {
    spaceId: token.spaceId,
    node,
    keyReplaced,
    retiredClaimId: node === undefined || node.claimId === claim.claimId ? null : node.claimId,
    roomIds,
    tokenId: token.tokenId,
    takesUse: !isRepeat,
  };
}

/** Those of the claim and those of the token. The room of all nodes needs no joining. */
function roomsToJoin(claim: CheckedClaim, token: ClaimToken, rooms: readonly Room[]): RoomId[] {
  const asked = claim.rooms.map((text) => {
    const room = findRoom(rooms, text);
    if (room === undefined) throw new CloudError('claim-invalid-room-id');
    return room;
  });
  const given = rooms.filter((room) => token.roomIds.includes(room.roomId));
  return [...new Set([...asked, ...given].filter((room) => !room.holdsAllNodes).map((room) => room.roomId))];
}

/**
 * Reads a claim: `urlId` is the last part of the address, `text` the body. Parts are checked in the order shape, ids, name, key,
 * token, rooms, and the first that fails is told. Throws the CloudErrors of `claim-…`; none of them carries input.
 */
export function checkClaim(urlId: string, text: string): CheckedClaim {
  const request = readShape(text);
  const claimId = parseClaimId(urlId);
  const bodyId = parseClaimId(request.node.id);
  // Agents older than v1.27 send no mGUID: there the id of the claim is the machine GUID.
  const machineGuid = parseMachineGuid(request.mGUID ?? request.node.id);
  if (claimId === undefined || bodyId !== claimId || machineGuid === undefined) throw new CloudError('claim-invalid-node-id');
  const hostname = request.node.hostname.trim();
  if (!isHostname(hostname)) throw new CloudError('claim-invalid-node-name');
  const key = readPublicKey(request.publicKey);
  if (!isClaimToken(request.token)) throw new CloudError('claim-token-refused');
  return {
    claimId,
    machineGuid,
    hostname,
    tokenHash: hashClaimToken(request.token),
    rooms: request.rooms.map((room) => room.trim()).filter((room) => room !== ''),
    ...key,
  };
}

/** Which key of the body is at fault decides what the agent is told; in this order. */
const refusalByField: readonly [path: string, kind: ErrorKind][] = [
  ['node.id', 'claim-invalid-node-id'],
  ['mGUID', 'claim-invalid-node-id'],
  ['node.hostname', 'claim-invalid-node-name'],
  ['publicKey', 'claim-invalid-public-key'],
  ['token', 'claim-token-refused'],
  ['rooms', 'claim-invalid-room-id'],
];

function readShape(text: string): ClaimRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CloudError('claim-invalid-request');
  }
  const parsed = ClaimRequest.safeParse(value);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.'));
  const isPartOf = (path: string, field: string): boolean => path === field || path.startsWith(`${field}.`);
  // `node` itself being wrong is a matter of shape.
  const refusal = paths.includes('node') ? undefined : refusalByField.find(([field]) => paths.some((path) => isPartOf(path, field)));
  throw new CloudError(refusal?.[1] ?? 'claim-invalid-request');
}

/** Longest name that Linux and DNS take is shorter; this one still fits everywhere. */
export const maxHostnameCharacters = 255;

/** One printable line. Any script and any symbol is welcome; who shows it isolates its direction. */
export const isHostname = (text: string): boolean =>
  text.length > 0 && text.length <= maxHostnameCharacters && /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(text);

/** The link's challenge is one block of RSA-2048, so no other size can ever connect. */
const modulusBits = 2048;

function readPublicKey(pem: string): { publicKeyPem: string; publicKeyHash: string } {
  // Node would also take a certificate or, worse, a private key here.
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) throw new CloudError('claim-invalid-public-key');
  try {
    const key = createPublicKey(pem);
    const { modulusLength, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
    // With exponent 1 the challenge would travel in the clear; 3 has a history of its own. Every agent's is 65,537.
    if (key.asymmetricKeyType !== 'rsa' || modulusLength !== modulusBits || publicExponent < 65_537n) {
      throw new CloudError('claim-invalid-public-key');
    }
    const der = key.export({ type: 'spki', format: 'der' });
    return {
      publicKeyPem: key.export({ type: 'spki', format: 'pem' }).toString(),
      publicKeyHash: createHash('sha256').update(der).digest('hex'),
    };
  } catch (cause) {
    throw cause instanceof CloudError ? cause : new CloudError('claim-invalid-public-key', { cause });
  }
}
