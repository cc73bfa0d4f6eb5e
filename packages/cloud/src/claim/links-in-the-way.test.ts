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
  // An agent up to v1.47 now points here, under the claim that it had: whoever looks at the node learns why.
  const cookie = await cloud.signIn();
  const { spaces } = (await cloud.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  const listed = await cloud.ask({ path: `spaces/${spaces[0]?.id ?? ''}/nodes`, cookie });
  const [node] = listed.json<{ nodes: { lastLinkError: string }[] }>().nodes;
  expect(node?.lastLinkError).toMatch(/^a claim of this machine from 127\.0\.0\.1 was refused/);
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

it('is shown why a node does not appear whose agent holds another key than it was claimed with', async () => {
  const cookie = await cloud.signIn();
  const { spaces } = (await cloud.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  const lastLinkError = async (): Promise<string | null | undefined> => {
    const listed = await cloud.ask({ path: `spaces/${spaces[0]?.id ?? ''}/nodes`, cookie });
    return listed.json<{ nodes: { lastLinkError: string | null }[] }>().nodes[0]?.lastLinkError;
  };
  const challenge = { path: `/api/v1/auth/node/${identity.claimId}/challenge` };
  for (let times = 0; times < 3; times++) await cloud.ask(challenge);
  expect(await lastLinkError()).toBeNull();
  await cloud.ask(challenge);
  expect(await lastLinkError()).toMatch(/answers none; .* restart the agent$/);
  await link(cloud, identity);
  expect(await lastLinkError()).toBeNull();
});
