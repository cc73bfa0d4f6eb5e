import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { encodeUpstream } from '@claimstead/wire/link/envelope';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  askPassword,
  claimIdentity,
  link,
  newIdentity,
  type Identity,
  type LinkedAgent,
} from '../gateway/testing/linked-agent.ts';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let running: RunningCloud;
let cookie: string;
let spaceId: string;
const agents: LinkedAgent[] = [];
beforeEach(async () => {
  running = await startRunningCloud();
  cookie = await running.signIn();
  spaceId = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.socket.terminate();
  await running.close();
});

const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
  running.ask({ method, path, cookie, ...(body && { body }) });
const nodes = async (): Promise<NodeView[]> =>
  (await ask('GET', `spaces/${spaceId}/nodes`)).json<{ nodes: NodeView[] }>().nodes;
const find = async (hostname: string): Promise<NodeView | undefined> =>
  (await nodes()).find((node) => node.hostname === hostname);
const managed = async (hostname: string): Promise<ClaimedNodeView | undefined> => {
  const nodeId = (await find(hostname))?.nodeId;
  const { nodes: list } = (await ask('GET', `spaces/${spaceId}/claimed-nodes`)).json<{ nodes: ClaimedNodeView[] }>();
  return list.find((node) => node.nodeId === nodeId);
};
const leavesInMs = async (hostname: string): Promise<number> =>
  Date.parse((await managed(hostname))?.ephemeral?.leavesAt ?? '') - running.clock.nowMs();
const setAfter = async (hostname: string, afterMs: number | null): Promise<HttpAnswer> =>
  ask('PUT', `nodes/${(await find(hostname))?.nodeId ?? randomUUID()}/ephemeral`, { afterMs });
const audit = async (kind: string) =>
  (await running.admin<{ kind: string; accountId: string | null; details: object }[]>('audit', { space: null })).filter(
    (row) => row.kind === kind,
  );

const token = async (ephemeralAfterMs: number | null): Promise<string> => {
  const wanted = { name: 'Pods', lifetimeMs: 24 * hourMs, usesLeft: null, roomIds: [], sourceNetworks: [] };
  const body = { ...wanted, admitsByHand: false, ephemeralAfterMs };
  const made = await ask('POST', `spaces/${spaceId}/claim-tokens`, body);
  return made.json<{ command: { token: string } }>().command.token;
};
const claimed = async (hostname: string, afterMs: number | null, identity = newIdentity()): Promise<Identity> => {
  expect((await claimIdentity(running, identity, { hostname, token: await token(afterMs) })).status).toBe(204);
  return identity;
};
const linked = async (identity: Identity, hostname: string): Promise<LinkedAgent> => {
  const agent = await link(running, identity, { hostname });
  agents.push(agent);
  return agent;
};
/** Ends the link, and waits until the Cloud has seen it. */
const cut = async (agent: LinkedAgent, hostname: string): Promise<void> => {
  agent.socket.terminate();
  while ((await find(hostname))?.state === 'live') running.clock.advance(1);
};
/** In steps, so that links are heard between them; agents that are there go on speaking. */
async function pass(ms: number, alive: readonly LinkedAgent[] = []): Promise<void> {
  for (let left = ms; left > 0; left -= minuteMs) {
    for (const agent of alive) {
      const before = agent.packets.filter(({ cmd }) => cmd === 'pingresp').length;
      agent.send({ cmd: 'pingreq' });
      await agent.until(() => agent.closed || agent.packets.filter(({ cmd }) => cmd === 'pingresp').length > before);
    }
    running.clock.advance(Math.min(minuteMs, left));
    await running.admin('audit', { space: null });
  }
}
/** The round that the clock has begun is over when its removal shows. */
async function gone(hostname: string): Promise<void> {
  for (let turn = 0; turn < 300; turn++) if ((await find(hostname)) === undefined) return;
  throw new Error(`${hostname} stays`);
}

it('lets a node go that was offline for as long as its token said, and tells its agent that it was removed', async () => {
  const identity = await claimed('pod-1', 2 * hourMs);
  const agent = await linked(identity, 'pod-1');
  expect((await managed('pod-1'))?.ephemeral).toEqual({ afterMs: 2 * hourMs, leavesAt: null });
  await pass(3 * hourMs, [agent]);
  expect((await find('pod-1'))?.state).toBe('live');
  await cut(agent, 'pod-1');
  expect(await leavesInMs('pod-1')).toBeGreaterThan(119 * minuteMs);
  await pass(118 * minuteMs);
  expect(await find('pod-1')).toBeDefined();
  await pass(3 * minuteMs);
  await gone('pod-1');
  const [removed] = await audit('node-removed');
  expect(removed).toMatchObject({ accountId: null, details: { hostname: 'pod-1', because: 'ephemeral' } });
  const { offlineForMs } = (removed?.details ?? {}) as { offlineForMs: number };
  expect(offlineForMs / minuteMs).toBeGreaterThanOrEqual(120);
  expect(offlineForMs / minuteMs).toBeLessThan(123);
  expect((await askPassword(running, identity)).json()).toMatchObject({
    errorMsgKey: 'ErrNodeRemoved',
    errorNonRetryable: true,
  });
});

it('counts anew for a node that was back in between, and lets one go that never came', async () => {
  const identity = await claimed('pod-1', hourMs);
  await claimed('never', hourMs);
  await claimed('stays', null);
  await cut(await linked(identity, 'pod-1'), 'pod-1');
  await pass(40 * minuteMs);
  await cut(await linked(identity, 'pod-1'), 'pod-1');
  await pass(40 * minuteMs);
  await gone('never');
  expect((await nodes()).map(({ hostname }) => hostname)).toEqual(['pod-1', 'stays']);
  await pass(25 * minuteMs);
  await gone('pod-1');
  await pass(2 * hourMs);
  expect((await nodes()).map(({ hostname }) => hostname)).toEqual(['stays']);
});

it('counts on after a restart, never the time in which no Cloud ran, and gives agents time to come back', async () => {
  const identity = await claimed('live', 5 * minuteMs);
  await claimed('away', 3 * hourMs);
  const agent = await linked(identity, 'live');
  await pass(2 * hourMs, [agent]);
  await running.cloud.close();
  // The clock of the machine jumps with it: the next one begins at the real time, hours back.
  running = await startRunningCloud({ folder: running.folder });
  const left = await leavesInMs('away');
  expect(left / minuteMs).toBeGreaterThan(58);
  expect(left / minuteMs).toBeLessThan(62);
  // Longer than its five minutes, and still not gone.
  await pass(29 * minuteMs);
  expect((await find('live'))?.state).toBe('offline');
  const back = await linked(identity, 'live');
  await pass(29 * minuteMs, [back]);
  expect((await nodes()).map(({ hostname }) => hostname)).toEqual(['away', 'live']);
  await pass(5 * minuteMs, [back]);
  await gone('away');
  expect((await find('live'))?.state).toBe('live');
});

it('is set and unset of a node by who may remove it; a token cannot make one leave that was claimed before', async () => {
  const identity = await claimed('web-1', null);
  expect((await setAfter('web-1', 4 * minuteMs)).status).toBe(400);
  expect((await setAfter('web-1', 31 * 24 * hourMs)).status).toBe(400);
  await claimed('web-1', 5 * minuteMs, identity);
  expect((await managed('web-1'))?.ephemeral).toBeNull();
  expect((await setAfter('web-1', hourMs)).json()).toMatchObject({ ephemeral: { afterMs: hourMs } });
  // And whoever claims it once more does not undo it.
  await claimed('web-1', null, identity);
  await pass(50 * minuteMs);
  expect((await setAfter('web-1', null)).json()).toEqual({ ephemeral: null });
  await pass(hourMs);
  expect(await find('web-1')).toBeDefined();
  const changes = await audit('node-ephemeral-changed');
  expect(changes.map(({ details }) => details)).toEqual([
    { hostname: 'web-1', beforeMs: null, afterMs: hourMs },
    { hostname: 'web-1', beforeMs: hourMs, afterMs: null },
  ]);
});

it('leaves a node alone that waits for admission', async () => {
  await ask('PUT', `spaces/${spaceId}/admission`, { isOn: true });
  await claimed('pod-1', 5 * minuteMs);
  expect((await managed('pod-1'))?.ephemeral).toEqual({ afterMs: 5 * minuteMs, leavesAt: null });
  await pass(2 * hourMs);
  await ask('POST', `nodes/${(await find('pod-1'))?.nodeId ?? ''}/admit`);
  await pass(2 * minuteMs);
  expect(await find('pod-1')).toBeDefined();
  await pass(10 * minuteMs);
  await gone('pod-1');
});

it('counts from its admission on, whenever in a minute that is', async () => {
  await ask('PUT', `spaces/${spaceId}/admission`, { isOn: true });
  const pods = Array.from({ length: 6 }, (_, n) => `pod-${n}`);
  for (const pod of pods) await claimed(pod, 5 * minuteMs);
  await pass(35 * minuteMs);
  for (const pod of pods) {
    await ask('POST', `nodes/${(await find(pod))?.nodeId ?? ''}/admit`);
    const left = await leavesInMs(pod);
    expect([pod, left]).toEqual([pod, 5 * minuteMs]);
    await pass(minuteMs);
  }
  await gone('pod-0');
  for (const pod of pods.slice(2)) expect(await find(pod)).toBeDefined();
  await pass(6 * minuteMs);
  for (const pod of pods) await gone(pod);
});

it('keeps a child while its parent streams it, and does not let that parent bring it back', async () => {
  const parent = await linked(await claimed('parent', null), 'parent');
  const machineGuid = randomUUID();
  const { claimId } = parent.identity;
  type Data = NonNullable<Parameters<typeof encodeUpstream<'UpdateNodeInfo'>>[1]['data']>;
  const tell = (): void => parent.say('UpdateNodeInfo', { claimId, machineGuid, data: { name: 'child' } as Data });
  tell();
  while ((await find('child')) === undefined) await pass(1000, [parent]);
  const nodeId = (await find('child'))?.nodeId ?? '';
  const stream = (liveness: boolean): void =>
    parent.say('UpdateNodeInstanceConnection', { claimId, nodeId, liveness, queryable: true, hops: 1, sessionId: 1n });
  stream(true);
  while ((await find('child'))?.state !== 'live') await pass(1000, [parent]);
  await setAfter('child', 5 * minuteMs);
  await pass(hourMs, [parent]);
  expect((await find('child'))?.state).toBe('live');
  // The parent answers for its past and does not stream it any more.
  stream(false);
  while ((await find('child'))?.state !== 'stale') await pass(1000, [parent]);
  await pass(7 * minuteMs, [parent]);
  await gone('child');
  tell();
  await pass(2 * minuteMs, [parent]);
  expect(await find('child')).toBeUndefined();
});
