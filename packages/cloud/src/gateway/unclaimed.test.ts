// The farewell of an agent whose claim was deleted. [docs/decisions/0008]

import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import type { AdminAuditRow } from '../control/audit-commands.ts';
import type { AdminNode } from '../control/control-commands.ts';
import { startRunningCloud, type RunningCloud } from '../main-in-tests.ts';
import {
  a,
  announce,
  b,
  Client,
  connectionTopic,
  failWrites,
  holdWrites,
  links,
  live,
  stateOf,
  unclaimed,
  until,
  useGateway,
  willOf,
} from './testing/gateway-world.ts';
import { askPassword, claimIdentity, link, newIdentity, type LinkedAgent } from './testing/linked-agent.ts';

describe('a farewell for ever', () => {
  useGateway();
  const farewell = (claimId: string, sessionId: bigint, more: object = {}): Uint8Array =>
    encodeUpstream('UpdateAgentConnection', { claimId, sessionId, updateSource: 1, unclaimed: true, ...more });

  test('is acknowledged when it is durable, and the link ends after that', async () => {
    const client = await live(a);
    let written = (): void => undefined;
    holdWrites(new Promise<void>((resolve) => (written = resolve)));
    const before = client.packets.length;
    client.publish(connectionTopic(a), farewell(a.claimId, 1n));
    await until(() => stateOf(a) === 'offline');
    client.send({ cmd: 'pingreq' });
    await client.until(() => client.packets.some(({ cmd }) => cmd === 'pingresp'));
    expect(client.packets.slice(before).map(({ cmd }) => cmd)).toEqual(['pingresp']);
    written();
    await client.until(() => client.closed);
    expect(client.packets.slice(before).map(({ cmd }) => cmd)).toEqual(['pingresp', 'puback', 'disconnect']);
    expect(client.packets.at(-1)).toMatchObject({ reasonCode: 0x98 });
    expect(unclaimed).toEqual([a.claimId]);
  });

  test('is refused where it cannot be written, and the link stays', async () => {
    const client = await live(a);
    failWrites(new Error('disk full'));
    const outcome = client.outcome();
    client.publish(connectionTopic(a), farewell(a.claimId, 1n));
    expect(await outcome).toBe(0x80);
    expect([unclaimed, links.size]).toEqual([[], 1]);
  });

  test.each([
    ['of another claim', b.claimId, 1n, {}, 0x87],
    ['of an older connection', a.claimId, 0n, {}, 0],
    ['of who says that it is there', a.claimId, 1n, { reachable: true }, 0],
  ])('%s ends nothing', async (_, claimId, sessionId, more, reasonCode) => {
    await live(b);
    const client = await live(a);
    const outcome = client.outcome();
    client.publish(connectionTopic(a), farewell(claimId, sessionId, more));
    expect(await outcome).toBe(reasonCode);
    expect([stateOf(a), stateOf(b), unclaimed]).toEqual(['live', 'live', []]);
  });

  test('of a link that was taken over ends nothing', async () => {
    const older = await live(a);
    older.socket.pause();
    await live(a, 2n);
    older.publish(connectionTopic(a), farewell(a.claimId, 3n));
    older.socket.resume();
    await older.until(() => older.closed);
    expect([stateOf(a), unclaimed]).toEqual(['live', []]);
  });

  test('is no will: to be cut off is no wish', async () => {
    const client = new Client();
    await client.connect(a, { ...willOf(a, 1n), payload: Buffer.from(farewell(a.claimId, 1n)) });
    expect(client.packets.find(({ cmd }) => cmd === 'connack')).toMatchObject({ reasonCode: 0x87 });
    const plain = await live(a);
    plain.publish(connectionTopic(a), announce(a, false, 1n));
    await until(() => stateOf(a) === 'offline');
    expect(unclaimed).toEqual([]);
  });
});

describe('a node that its agent gave up', () => {
  let cloud: RunningCloud;
  beforeEach(async () => {
    cloud = await startRunningCloud();
  });
  afterEach(() => cloud.close());

  it('is gone, is told why, and may be claimed by any Space under the same id', async () => {
    const identity = newIdentity();
    const { claimId } = identity;
    const { spaceId } = await cloud.admin<{ spaceId: string }>('space-create', { name: 'Other' });
    for (const space of [null, spaceId, spaceId, null]) {
      const token = await cloud.claimToken({ space });
      expect((await claimIdentity(cloud, identity, { token })).status).toBe(204);
      const agent = await link(cloud, identity);
      const nodes = await cloud.admin<AdminNode[]>('nodes');
      expect(nodes).toMatchObject([{ claimId, state: 'live', space: space === null ? "admin's Space" : 'Other' }]);
      agent.say('UpdateAgentConnection', { claimId, reachable: false, unclaimed: true, sessionId: agent.sessionId });
      await agent.until(() => agent.closed);
      const ending = agent.packets.filter(({ cmd }) => cmd !== 'publish').slice(-2);
      expect(ending).toMatchObject([{ cmd: 'puback' }, { cmd: 'disconnect', reasonCode: 0x98 }]);
      expect(await cloud.admin<AdminNode[]>('nodes')).toEqual([]);
      const [last] = (await cloud.admin<AdminAuditRow[]>('audit', { space: null })).slice(-1);
      expect(last).toMatchObject({
        kind: 'node-unclaimed',
        claimId,
        nodeId: nodes[0]?.nodeId,
        sourceNetwork: '127.0.0.1',
      });
      const refusal = await askPassword(cloud, identity);
      expect(refusal.json()).toMatchObject({
        errorCode: 'link-unclaimed',
        errorMsgKey: 'ErrNodeRemoved',
        errorNonRetryable: true,
      });
    }
  });
});

it('asks a node for a sample when it becomes live after a claim, though nobody watches', async () => {
  const cloud = await startRunningCloud();
  const identity = newIdentity();
  await claimIdentity(cloud, identity);
  const row = JSON.stringify({ labels: ['time', 'user'], data: [[1, 2]] });
  const first = await link(cloud, identity, { body: row });
  const cookie = await cloud.signIn();
  const { spaces } = (await cloud.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  const firstSampleMs = async (): Promise<number | null | undefined> => {
    const answer = await cloud.ask({ path: `spaces/${spaces[0]?.id}/nodes`, cookie });
    return answer.json<{ nodes: { claimToFirstSampleMs: number | null }[] }>().nodes[0]?.claimToFirstSampleMs;
  };
  // It is written beside the work.
  while ((await firstSampleMs()) === null);
  expect(await firstSampleMs()).toBe(0);

  // Whoever claims it once more waits for a sample once more; one that merely reconnects is left alone.
  const isAsked = (agent: LinkedAgent): boolean =>
    agent.packets.some((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd'));
  const returns = async (before: LinkedAgent): Promise<LinkedAgent> => {
    before.socket.terminate();
    await before.until(() => before.closed);
    return link(cloud, identity, { body: row });
  };
  const second = await returns(first);
  await claimIdentity(cloud, identity);
  const third = await returns(second);
  await third.until(() => isAsked(third));
  expect([isAsked(second), isAsked(third)]).toEqual([false, true]);
  await cloud.close();
});

it('asks a parent for a first sample of a machine that it streams, also when it has long had one of its own', async () => {
  const cloud = await startRunningCloud();
  const parent = newIdentity();
  await claimIdentity(cloud, parent);
  const row = JSON.stringify({ labels: ['time', 'user'], data: [[1, 2]] });
  const cookie = await cloud.signIn();
  const { spaces } = (await cloud.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  interface Shown {
    nodeId: string;
    machineGuid: string;
    claimToFirstSampleMs: number | null;
  }
  const shown = async (machineGuid: string): Promise<Shown | undefined> => {
    const answer = await cloud.ask({ path: `spaces/${spaces[0]?.id}/nodes`, cookie });
    return answer.json<{ nodes: Shown[] }>().nodes.find((node) => node.machineGuid === machineGuid);
  };
  const first = await link(cloud, parent, { body: row });
  while (typeof (await shown(parent.machineGuid))?.claimToFirstSampleMs !== 'number');
  first.socket.terminate();
  await first.until(() => first.closed);

  const second = await link(cloud, parent, { body: row });
  const { claimId } = parent;
  const { machineGuid } = newIdentity();
  second.say('CreateNodeInstance', { claimId, machineGuid, hostname: 'child-1', hops: 1 });
  let child: Shown | undefined;
  while (child === undefined) child = await shown(machineGuid);
  const { nodeId } = child;
  second.say('UpdateNodeInstanceConnection', { claimId, nodeId, liveness: true, queryable: true, hops: 1 });
  while (typeof (await shown(machineGuid))?.claimToFirstSampleMs !== 'number');
  await cloud.close();
});
