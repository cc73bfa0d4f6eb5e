// A process that claims nodes as fast as it can, through the product's own store, and says of each that it is done. The power-cut
// test traces its system calls. Reading order of this folder: claim-writer.ts, system-calls.ts (what the kernel was asked),
// disk-images.ts (what a disk would hold), power-cut.test.ts.
//
// Arguments: folder, number of claims, FULL or OFF. Nothing here runs in a thread of its own, so tracing the main thread suffices.

import { makeClaimToken } from '@claimstead/wire/claim/claim-token';
import type { NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { checkClaim } from '../../claim/checked-claim.ts';
import { decideClaim } from '../../claim/claim.ts';
import { createClaimStore } from '../../claim/claim-store.ts';
import { insertRoom } from '../../room/room-store.ts';
import { insertSpace } from '../../space/space-store.ts';
import { hashClaimToken } from '@claimstead/wire/claim/claim-token';
import { createClaimTokenStore } from '../../token/claim-token-store.ts';
import { keptToken } from '../../token/testing/kept-token.ts';
import { openSqlite } from '../sqlite.ts';

const [folder = '', countText = '', synchronous = ''] = process.argv.slice(2);
const now = (): number => Date.now();
const storage = await openSqlite({
  file: join(folder, 'claimstead.db'),
  now,
  synchronous: synchronous === 'OFF' ? 'OFF' : 'FULL',
  lockWaitMs: 0,
});

const spaceId = randomUUID() as SpaceId;
const roomId = randomUUID() as RoomId;
await storage.write(async (tx) => {
  await insertSpace(tx, { spaceId, name: 'Space', namedAtMs: null, createdAtMs: 0 });
  await insertRoom(tx, { roomId, spaceId, slug: 'room', name: 'Room', holdsAllNodes: false, createdAtMs: 0 });
});
const token = makeClaimToken((bytes) => randomBytes(bytes));
const kept = keptToken({
  tokenHash: hashClaimToken(token),
  spaceId,
  expiresAtMs: now() + 3600_000,
  usesLeft: Number(countText),
});
await createClaimTokenStore(storage).add(kept, {});

const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
const store = createClaimStore({ storage, now, newNodeId: () => randomUUID() as NodeId });
writeSync(1, 'ACK 0\n');
for (let done = 1; done <= Number(countText); done++) {
  const id = randomUUID();
  const claim = checkClaim(
    id,
    JSON.stringify({ node: { id, hostname: `node-${done}` }, token, rooms: ['room'], publicKey, mGUID: randomUUID() }),
  );
  await store.admit(claim, (facts) => decideClaim(claim, facts, () => false), undefined);
  // As soon as this is out, somebody knows of the claim.
  writeSync(1, `ACK ${done}\n`);
}
// No orderly close: the power goes now.
process.kill(process.pid, 'SIGKILL');
