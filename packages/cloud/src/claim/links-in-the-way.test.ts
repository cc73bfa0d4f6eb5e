// A machine that lost its key comes back with another one, while the link of the old one counts as up. [docs/decisions/0003]

import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerWithinMs } from '../gateway/probe.ts';
import { claimIdentity, link, newIdentity, type Identity } from '../gateway/testing/linked-agent.ts';
import { startRunningCloud, type RunningCloud } from '../main-in-tests.ts';

let cloud: RunningCloud;
let identity: Identity;
let again: Identity;
beforeEach(async () => {
  cloud = await startRunningCloud();
  identity = newIdentity();
  again = { ...newIdentity(), claimId: identity.claimId, machineGuid: identity.machineGuid };
  await claimIdentity(cloud, identity);
});
afterEach(() => cloud.close());

it('is refused while the old link answers, which stays', async () => {
  const old = await link(cloud, identity);
  expect((await claimIdentity(cloud, again)).status).toBe(409);
  expect(old.closed).toBe(false);
});

it('is let in when nobody answers on the old link, which is ended', async () => {
  const dead = await link(cloud, identity, { autoPong: false });
  const pinged = once(dead.socket, 'ping');
  const claimed = claimIdentity(cloud, again);
  await pinged;
  cloud.clock.advance(answerWithinMs);
  expect((await claimed).status).toBe(204);
  await dead.until(() => dead.closed);
  expect(dead.disconnectReason).toBe(0x8d);
  const back = await link(cloud, again);
  expect(back.closed).toBe(false);
});
