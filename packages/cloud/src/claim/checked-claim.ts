// What a claim must be before anybody asks who it is from: each part checked, none of it trusted.

import { ClaimRequest } from '@claimstead/wire/claim/claim-request';
import {
  hashClaimToken,
  isClaimToken,
  isMistypedClaimToken,
  mistypedTokenWords,
} from '@claimstead/wire/claim/claim-token';
import { CloudError, type ErrorKind } from '@claimstead/wire/errors';
import { parseClaimId, parseMachineGuid, type ClaimId, type MachineGuid } from '@claimstead/wire/ids';
import { createHash, createPublicKey } from 'node:crypto';

/** A claim whose parts are each what they must be. */
export interface CheckedClaim {
  claimId: ClaimId;
  machineGuid: MachineGuid;
  hostname: string;
  /** What is looked up; the token itself goes no further than `checkClaim`. */
  tokenHash: string;
  /** Ids or slugs, as they were asked for and in that order; an empty one asks for nothing. */
  rooms: readonly string[];
  /** SubjectPublicKeyInfo, PEM, as this program writes it. */
  publicKeyPem: string;
  /** SHA-256 of its DER bytes, hex. */
  publicKeyHash: string;
}

/**
 * Reads a claim: `urlId` is the last part of the address, undefined where the address names none; `text` is the body. Parts are checked in
 * the order shape, ids, name, key, token, rooms, and the first that fails is told. Throws the CloudErrors of `claim-…`; none of them
 * carries input.
 */
export function checkClaim(urlId: string | undefined, text: string): CheckedClaim {
  const request = readShape(text);
  const bodyId = parseClaimId(request.node.id);
  const claimId = urlId === undefined ? bodyId : parseClaimId(urlId);
  // Agents older than v1.27 send no mGUID: there the id of the claim is the machine GUID.
  const machineGuid = parseMachineGuid(request.mGUID ?? request.node.id);
  if (claimId === undefined || bodyId !== claimId || machineGuid === undefined)
    throw new CloudError('claim-invalid-node-id');
  const hostname = request.node.hostname.trim();
  if (!isHostname(hostname)) throw new CloudError('claim-invalid-node-name');
  const key = readPublicKey(request.publicKey);
  // Told apart from one that is unknown: its checksum is known to everybody, so nothing is given away.
  if (!isClaimToken(request.token))
    throw new CloudError(
      'claim-token-refused',
      isMistypedClaimToken(request.token) ? { detail: mistypedTokenWords } : undefined,
    );
  return {
    claimId,
    machineGuid,
    hostname,
    tokenHash: hashClaimToken(request.token),
    rooms: request.rooms.map((room) => room.trim()),
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
  const refusal = paths.includes('node')
    ? undefined
    : refusalByField.find(([field]) => paths.some((path) => isPartOf(path, field)));
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
