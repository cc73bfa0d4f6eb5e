import { makeClaimToken } from '@claimstead/wire/claim/claim-token';
import { CloudError, type ErrorKind } from '@claimstead/wire/errors';
import type { ClaimId, MachineGuid, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import fc from 'fast-check';
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Room } from '../room/room.ts';
import { keptToken } from '../token/testing/kept-token.ts';
import { checkClaim, type CheckedClaim } from './checked-claim.ts';
import { decideClaim, type ClaimFacts, type KnownNode } from './claim.ts';

const space = 'space-a' as SpaceId;
const otherSpace = 'space-b' as SpaceId;
const claimId = '11111111-1111-4111-8111-111111111111' as ClaimId;
const earlierClaimId = '22222222-2222-4222-8222-222222222222' as ClaimId;
const guid = '33333333-3333-4333-8333-333333333333' as MachineGuid;

const endMs = 1;
const token = keptToken({ tokenId: 'token-1', tokenHash: 'hash', spaceId: space, expiresAtMs: endMs });
const room = (roomId: string, slug: string, holdsAllNodes = false): Room => ({
  roomId: roomId as RoomId,
  spaceId: space,
  slug,
  name: slug,
  holdsAllNodes,
  createdAtMs: 0,
});
const rooms = [room('r0', 'all-nodes', true), room('r1', 'database'), room('r2', 'web')];

const claim = (change: Partial<CheckedClaim> = {}): CheckedClaim => ({
  claimId,
  machineGuid: guid,
  hostname: 'h',
  tokenHash: 'hash',
  rooms: [],
  publicKeyPem: 'pem',
  publicKeyHash: 'key',
  ...change,
});
const node = (change: Partial<KnownNode> = {}): KnownNode => ({
  nodeId: 'node-1' as NodeId,
  spaceId: space,
  machineGuid: guid,
  claimId,
  tokenId: 'token-1',
  publicKeyHash: 'key',
  waitsSinceMs: null,
  ...change,
});
const facts = (change: Partial<ClaimFacts> = {}): ClaimFacts => ({
  token,
  nowMs: 0,
  address: '192.0.2.7',
  spaceAdmitsByHand: false,
  rooms,
  machine: undefined,
  holder: undefined,
  keyIsElsewhere: false,
  ...change,
});

const outcomeOf = (
  asked: CheckedClaim,
  known: ClaimFacts,
  linkUp: boolean,
): ErrorKind | ReturnType<typeof decideClaim> => {
  try {
    return decideClaim(asked, known, () => linkUp);
  } catch (error) {
    if (error instanceof CloudError) return error.kind;
    throw error;
  }
};

describe('decideClaim', () => {
  it('makes a new node of a machine that nobody knows', () => {
    expect(outcomeOf(claim(), facts(), false)).toEqual({
      spaceId: space,
      node: undefined,
      keyReplaced: false,
      earlierKeyHash: null,
      retiredClaimId: null,
      roomIds: [],
      token: { tokenId: 'token-1', name: 'a token', madeByAccountId: null },
      ephemeralAfterMs: null,
      takesUse: true,
      waits: false,
    });
  });

  it('answers a repeat like the first time, and takes no use of the token', () => {
    const known = node();
    const repeated = outcomeOf(
      claim(),
      facts({ machine: known, holder: known, token: { ...token, usesLeft: 0 } }),
      true,
    );
    expect(repeated).toMatchObject({ node: known, keyReplaced: false, retiredClaimId: null, takesUse: false });
  });

  it('gives the node to a newer claim of the same machine and key: the answer to the earlier one was lost', () => {
    const known = node({ claimId: earlierClaimId });
    for (const linkUp of [true, false]) {
      const outcome = outcomeOf(claim(), facts({ machine: known, token: { ...token, usesLeft: 0 } }), linkUp);
      expect(outcome).toMatchObject({
        node: known,
        keyReplaced: false,
        retiredClaimId: earlierClaimId,
        takesUse: false,
      });
    }
  });

  it('counts a use where another token admitted the node before', () => {
    const known = node({ tokenId: 'token-0' });
    expect(outcomeOf(claim(), facts({ machine: known, holder: known }), false)).toMatchObject({ takesUse: true });
    expect(outcomeOf(claim(), facts({ machine: known, holder: known, token: { ...token, usesLeft: 0 } }), false)).toBe(
      'claim-token-used-up',
    );
  });

  it('replaces a lost key while nobody is connected with the old one, and not otherwise', () => {
    for (const held of [claimId, earlierClaimId]) {
      const known = node({ claimId: held, publicKeyHash: 'old key' });
      const holder = held === claimId ? known : undefined;
      expect(outcomeOf(claim(), facts({ machine: known, holder }), false)).toMatchObject({
        node: known,
        keyReplaced: true,
        takesUse: true,
      });
      expect(outcomeOf(claim(), facts({ machine: known, holder }), true)).toBe('claim-key-in-use');
    }
  });

  it('asks after the link of the claim that holds the node, not after the new one', () => {
    const asked: ClaimId[] = [];
    const known = node({ claimId: earlierClaimId, publicKeyHash: 'old key' });
    decideClaim(claim(), facts({ machine: known }), (id) => (asked.push(id), false));
    expect(asked).toEqual([earlierClaimId]);
  });

  it('keeps the node of an agent that has a new machine GUID but its old key and claim id', () => {
    const known = node({ machineGuid: 'other' as MachineGuid });
    expect(outcomeOf(claim(), facts({ holder: known }), true)).toMatchObject({ node: known, keyReplaced: false });
  });

  it('joins the rooms of claim and token, by id or slug, once each, and never the one of all nodes', () => {
    const asked = claim({ rooms: ['DATABASE', 'r1', 'all-nodes'] });
    const outcome = outcomeOf(asked, facts({ token: { ...token, roomIds: ['r2' as RoomId, 'r1' as RoomId] } }), false);
    expect(outcome).toMatchObject({ roomIds: ['r1', 'r2'] });
  });

  it('says which of the rooms it does not know, and passes over empty ones', () => {
    const ask = (asked: string[]) => () => decideClaim(claim({ rooms: asked }), facts(), () => false);
    expect(ask(['', 'database', '', 'elsewhere'])).toThrow(expect.objectContaining({ roomIndex: 3 }));
    expect(ask(['', ''])()).toMatchObject({ roomIds: [] });
  });

  it.each<[string, CheckedClaim, ClaimFacts, ErrorKind]>([
    ['a token that is unknown', claim(), facts({ token: undefined }), 'claim-token-refused'],
    ['a token that is used up', claim(), facts({ token: { ...token, usesLeft: 0 } }), 'claim-token-used-up'],
    ['a token in the very moment of its end', claim(), facts({ nowMs: endMs }), 'claim-token-expired'],
    [
      'a token that was revoked, whatever else has become of it',
      claim(),
      facts({ token: { ...token, revokedAtMs: 0, usesLeft: 0 }, nowMs: endMs }),
      'claim-token-revoked',
    ],
    [
      'a repeat with a token that was revoked since',
      claim(),
      facts({ token: { ...token, revokedAtMs: 0 }, machine: node(), holder: node() }),
      'claim-token-revoked',
    ],
    [
      'a repeat with a token that has expired since',
      claim(),
      facts({ nowMs: endMs, machine: node(), holder: node() }),
      'claim-token-expired',
    ],
    [
      'a used-up token that could otherwise tell of a taken node',
      claim(),
      facts({ token: { ...token, usesLeft: 0 }, keyIsElsewhere: true }),
      'claim-token-used-up',
    ],
    ['a room of another Space', claim({ rooms: ['elsewhere'] }), facts(), 'claim-invalid-room-id'],
    ['a claim id that another Space holds', claim(), facts({ holder: node({ spaceId: otherSpace }) }), 'claim-taken'],
    ['a key that another Space knows', claim(), facts({ keyIsElsewhere: true }), 'claim-taken'],
    [
      'the claim id of another machine',
      claim(),
      facts({
        machine: node({ claimId: earlierClaimId }),
        holder: node({ nodeId: 'node-2' as NodeId, machineGuid: 'other' as MachineGuid }),
      }),
      'claim-taken',
    ],
    [
      'a known claim id with neither its machine nor its key',
      claim(),
      facts({ holder: node({ machineGuid: 'other' as MachineGuid, publicKeyHash: 'other' }) }),
      'claim-taken',
    ],
  ])('refuses %s', (_name, asked, known, kind) => {
    expect(outcomeOf(asked, known, false)).toBe(kind);
  });

  it('never reaches into another Space, and never replaces a key under a living link', () => {
    const someNode = fc.record({
      nodeId: fc.constantFrom('node-1', 'node-2') as fc.Arbitrary<NodeId>,
      spaceId: fc.constantFrom(space, otherSpace),
      machineGuid: fc.constantFrom(guid, 'other' as MachineGuid),
      claimId: fc.constantFrom(claimId, earlierClaimId),
      tokenId: fc.constantFrom('token-1', 'token-0', null),
      publicKeyHash: fc.constantFrom('key', 'old key'),
      waitsSinceMs: fc.constantFrom(null, 5),
    });
    const someFacts = fc.record({
      token: fc.option(
        fc.constantFrom(token, { ...token, usesLeft: 0 }, { ...token, usesLeft: 1 }, { ...token, revokedAtMs: 0 }),
        {
          nil: undefined,
        },
      ),
      nowMs: fc.constantFrom(0, endMs),
      rooms: fc.constant(rooms),
      // The store looks for the machine in the token's Space alone.
      machine: fc.option(
        someNode.map((known) => ({ ...known, spaceId: space, machineGuid: guid })),
        { nil: undefined },
      ),
      holder: fc.option(someNode, { nil: undefined }),
      keyIsElsewhere: fc.boolean(),
      address: fc.constant('192.0.2.7'),
      spaceAdmitsByHand: fc.boolean(),
    });
    fc.assert(
      fc.property(someFacts, fc.boolean(), (known, linkUp) => {
        const outcome = outcomeOf(claim(), known, linkUp);
        if (typeof outcome === 'string') return;
        expect(known.token).toMatchObject({ revokedAtMs: null });
        expect(known.nowMs).toBeLessThan(known.token?.expiresAtMs ?? 0);
        expect(known.keyIsElsewhere).toBe(false);
        expect(outcome.spaceId).toBe(space);
        expect(outcome.node?.spaceId ?? space).toBe(space);
        expect(outcome.keyReplaced && linkUp).toBe(false);
        expect(known.token?.usesLeft === 0 && outcome.takesUse).toBe(false);
        if (outcome.node === undefined) expect(known.machine ?? known.holder).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });
});

const rsa = (modulusLength: number): KeyObject => generateKeyPairSync('rsa', { modulusLength }).publicKey;
const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const goodKey = pemOf(rsa(2048));
const goodToken = makeClaimToken((bytes) => randomBytes(bytes));

interface Body {
  node: { id: unknown; hostname: unknown };
  token: unknown;
  rooms?: unknown;
  publicKey: unknown;
  mGUID?: unknown;
  [key: string]: unknown;
}
const good: Body = {
  node: { id: claimId, hostname: 'web-1' },
  token: goodToken,
  rooms: [],
  publicKey: goodKey,
  mGUID: guid,
};
const check = (body: unknown, urlId: string = claimId): CheckedClaim => checkClaim(urlId, JSON.stringify(body));
const refusalOf = (run: () => unknown): ErrorKind => {
  try {
    run();
  } catch (error) {
    if (error instanceof CloudError) return error.kind;
    throw error;
  }
  throw new Error('was not refused');
};

describe('checkClaim', () => {
  it('reads what agents of every age send', () => {
    expect(check(good)).toMatchObject({ claimId, machineGuid: guid, hostname: 'web-1', rooms: [] });
    // Before v1.27 there was no mGUID; before keys were escaped with a last line break they had one.
    const old = {
      ...good,
      node: { id: claimId.toUpperCase(), hostname: 'web-1' },
      mGUID: undefined,
      publicKey: goodKey.trim(),
    };
    expect(check(old, claimId.toUpperCase())).toMatchObject({ claimId, machineGuid: claimId });
    expect(check({ ...good, rooms: [' database ', ''], somethingNew: { a: 1 } })).toMatchObject({
      rooms: ['database', ''],
    });
  });

  it('knows a key again however it is broken into lines', () => {
    const crlf = goodKey.replaceAll('\n', '\r\n');
    expect(check({ ...good, publicKey: crlf }).publicKeyHash).toBe(check(good).publicKeyHash);
  });

  it('keeps no token', () => {
    expect(JSON.stringify(check(good))).not.toContain(goodToken);
  });

  it.each<[string, unknown, ErrorKind]>([
    ['no object', 'text', 'claim-invalid-request'],
    ['null', null, 'claim-invalid-request'],
    ['an array', [good], 'claim-invalid-request'],
    ['no node', { ...good, node: undefined }, 'claim-invalid-request'],
    ['no id', { ...good, node: { hostname: 'h' } }, 'claim-invalid-node-id'],
    ['an id that is no UUID', { ...good, node: { id: '../../x', hostname: 'h' } }, 'claim-invalid-node-id'],
    [
      'another id than in the address',
      { ...good, node: { id: earlierClaimId, hostname: 'h' } },
      'claim-invalid-node-id',
    ],
    ['a GUID that is no UUID', { ...good, mGUID: 'x' }, 'claim-invalid-node-id'],
    ['an id of the wrong type', { ...good, node: { id: 7, hostname: 'h' } }, 'claim-invalid-node-id'],
    ['no host name', { ...good, node: { id: claimId } }, 'claim-invalid-node-name'],
    ['an empty host name', { ...good, node: { id: claimId, hostname: '  ' } }, 'claim-invalid-node-name'],
    ['a host name of two lines', { ...good, node: { id: claimId, hostname: 'a\nb' } }, 'claim-invalid-node-name'],
    [
      'a host name with an escape',
      { ...good, node: { id: claimId, hostname: 'a\u001b[2J' } },
      'claim-invalid-node-name',
    ],
    ['a very long host name', { ...good, node: { id: claimId, hostname: 'a'.repeat(256) } }, 'claim-invalid-node-name'],
    ['no key', { ...good, publicKey: undefined }, 'claim-invalid-public-key'],
    ['no PEM', { ...good, publicKey: 'MIIB' }, 'claim-invalid-public-key'],
    ['a key of 1,024 bits', { ...good, publicKey: pemOf(rsa(1024)) }, 'claim-invalid-public-key'],
    ['a key of 3,072 bits', { ...good, publicKey: pemOf(rsa(3072)) }, 'claim-invalid-public-key'],
    [
      'an elliptic key',
      { ...good, publicKey: pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey) },
      'claim-invalid-public-key',
    ],
    [
      'a PSS key',
      { ...good, publicKey: pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey) },
      'claim-invalid-public-key',
    ],
    [
      'a key with exponent 3',
      { ...good, publicKey: pemOf(generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey) },
      'claim-invalid-public-key',
    ],
    [
      'a private key',
      {
        ...good,
        publicKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
          type: 'pkcs8',
          format: 'pem',
        }),
      },
      'claim-invalid-public-key',
    ],
    ['no token', { ...good, token: undefined }, 'claim-token-refused'],
    [
      'a token with a typing error',
      { ...good, token: `${goodToken.slice(0, -1)}${goodToken.endsWith('0') ? '1' : '0'}` },
      'claim-token-refused',
    ],
    ['a token of another Cloud', { ...good, token: 'MYTOKEN1234567' }, 'claim-token-refused'],
    ['rooms that are no list', { ...good, rooms: 'r1' }, 'claim-invalid-room-id'],
    ['too many rooms', { ...good, rooms: Array.from({ length: 51 }, () => 'r') }, 'claim-invalid-room-id'],
    ['several faults: the first in order counts', { ...good, rooms: 1, token: 1, mGUID: 1 }, 'claim-invalid-node-id'],
  ])('refuses %s', (_name, body, kind) => {
    expect(refusalOf(() => check(body))).toBe(kind);
  });

  it('refuses whatever else comes with an error of the table, and never throws anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .record({ node: fc.anything(), token: fc.anything(), publicKey: fc.anything() })
            .map((v) => JSON.stringify(v) ?? ''),
        ),
        (text) => {
          expect(refusalOf(() => checkClaim(claimId, text))).toMatch(/^claim-/);
        },
      ),
    );
  });
});
