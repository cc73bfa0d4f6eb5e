// Parents: an agent that tells of machines which stream to it, and what becomes of their nodes.

import { beforeEach, describe, expect, test } from 'vitest';
import { decodeDownstream, encodeUpstream } from '@claimstead/wire/link/envelope';
import { decodeLinkRequest, encodeLinkReply } from '@claimstead/wire/link/http-over-link';
import { replyTopic, upstreamTopics, type UpstreamName } from '@claimstead/wire/link/topics';
import type { Downstream } from '@claimstead/wire/link/downstream';
import type { NodeId } from '@claimstead/wire/ids';
import type { UpstreamMessages } from '@claimstead/wire/link/upstream';
import type { ClaimedNode } from '../node/node.ts';
import { createRelay } from '../relay/link-relay.ts';
import {
  a,
  announce,
  asker,
  b,
  bus,
  connectionTopic,
  contexts,
  letGo,
  links,
  live,
  presence,
  refused,
  stateOf,
  stored,
  told,
  until,
  useGateway,
  uuid,
  type Client,
} from './testing/gateway-world.ts';

useGateway();

const child = { machineGuid: uuid(401), hostname: 'cellar' };
let parent: Client;
beforeEach(async () => {
  parent = await live(a);
});

const topicOf = (node: ClaimedNode, name: UpstreamName): string =>
  [...upstreamTopics(node.claimId)].find(([, carries]) => carries === name)?.[0] ?? '';
const say = async <Name extends UpstreamName>(
  client: Client,
  node: ClaimedNode,
  name: Name,
  fields: Partial<UpstreamMessages[Name]>,
): Promise<'closed' | number> => {
  client.publish(topicOf(node, name), encodeUpstream(name, { claimId: node.claimId, ...fields }));
  return client.outcome();
};
const heardBy = (client: Client): Downstream[] =>
  client.packets.flatMap((packet) => {
    if (packet.cmd !== 'publish') return [];
    const decoded = decodeDownstream(packet.topic.split('/').at(-1) ?? '', packet.payload as Buffer);
    return decoded.outcome === 'message' ? [decoded.message] : [];
  });
const childNode = () => stored.find(({ machineGuid }) => machineGuid === child.machineGuid);
const childId = (): NodeId => childNode()?.nodeId ?? (uuid(0) as NodeId);
const adopt = async (client = parent, of: ClaimedNode = a): Promise<NodeId> => {
  expect(await say(client, of, 'CreateNodeInstance', { ...child, hops: 1 })).toBe(0);
  return childId();
};
const report = (
  nodeId: string,
  liveness: boolean,
  queryable: boolean,
  hops = 1,
  client = parent,
  of: ClaimedNode = a,
) => say(client, of, 'UpdateNodeInstanceConnection', { nodeId, liveness, queryable, hops });
const announceContexts = (sessionId: bigint) => {
  const capabilities = [{ name: 'ctx', version: 1, enabled: true }];
  return say(parent, a, 'UpdateAgentConnection', { reachable: true, sessionId, capabilities });
};
const childState = () =>
  presence.of({ nodeId: childId(), claimId: null, claimedAtMs: 0, firstLiveAtMs: null, lastLiveAtMs: null });

describe('a machine that a parent streams', () => {
  test('is a node of its own: told its id, live, stale and offline by the two flags and the link', async () => {
    const nodeId = await adopt();
    expect(heardBy(parent)).toContainEqual({
      name: 'CreateNodeInstanceResult',
      message: { nodeId, machineGuid: child.machineGuid },
    });
    expect(childNode()).toMatchObject({ claimId: null, spaceId: a.spaceId, hostname: 'cellar' });
    expect(childState().state).toBe('unseen');
    await report(nodeId, true, true, 2);
    expect(childState().state).toBe('live');
    expect(presence.pathsTo(nodeId)).toMatchObject([{ claimId: a.claimId, isOwn: false, hops: 2 }]);
    await report(nodeId, false, true);
    expect(childState().state).toBe('stale');
    parent.socket.terminate();
    await until(() => childState().state === 'offline');
    expect(childState().lastLinkError).toMatch(/parent that streams it/);
  });

  test('that was let go and comes back is asked anew for what it has', async () => {
    await announceContexts(5n);
    const nodeId = await adopt();
    const checkpoints = () =>
      heardBy(parent).filter(({ name, message }) => name === 'ContextsCheckpoint' && message.nodeId === nodeId);
    await report(nodeId, true, true);
    await report(nodeId, false, true);
    await report(nodeId, true, true);
    expect(checkpoints()).toHaveLength(1);
    await report(nodeId, false, false);
    await report(nodeId, true, true);
    expect(checkpoints()).toHaveLength(2);
  });

  test('is asked of the parent by its node id, and of another parent when that link breaks', async () => {
    const nodeId = await adopt();
    await report(nodeId, true, true);
    const second = await live(b);
    await adopt(second, b);
    await report(nodeId, true, true, 2, second, b);
    const relay = createRelay({ links, pathsTo: (id) => presence.pathsTo(id) });
    const asked = relay.ask({ nodeId, target: '/api/v1/info', asker });
    const questionOf = (client: Client) =>
      client.packets.flatMap((packet) =>
        packet.cmd === 'publish' && packet.topic.endsWith('/inbound/cmd') ? [packet.payload as Buffer] : [],
      )[0];
    await parent.until(() => questionOf(parent) !== undefined);
    expect(decodeLinkRequest(questionOf(parent) ?? Buffer.alloc(0))?.target).toBe(`/node/${nodeId}/api/v1/info`);
    parent.socket.terminate();
    await second.until(() => questionOf(second) !== undefined);
    const { messageId = '' } = decodeLinkRequest(questionOf(second) ?? Buffer.alloc(0)) ?? {};
    const answer = {
      messageId,
      status: 200,
      contentType: 'text/plain',
      contentEncoding: undefined,
      body: Buffer.from('b'),
    };
    second.publish(replyTopic(b.claimId), encodeLinkReply(answer, { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 }));
    expect((await asked).body.toString()).toBe('b');
  });

  test('is asked for contexts and alerts once per connection, with what is known of it', async () => {
    await announceContexts(1n);
    const nodeId = await adopt();
    await report(nodeId, true, true);
    await report(nodeId, false, true);
    await report(nodeId, true, true);
    const started = () =>
      heardBy(parent).filter(
        ({ name, message }) => name !== 'CreateNodeInstanceResult' && 'nodeId' in message && message.nodeId === nodeId,
      );
    expect(started()).toMatchObject([
      { name: 'ContextsCheckpoint', message: { claimId: a.claimId, versionHash: 0n } },
      { name: 'StartAlarmStreaming', message: { resets: true, version: 0n, batchId: 1n, startSequnceId: 1n } },
    ]);
    const context = { id: 'system.cpu', version: 7n };
    await say(parent, a, 'ContextsSnapshot', { nodeId, version: 99n, contexts: [context as never] });
    expect(contexts.has(a.claimId, nodeId, 'system.cpu')).toBe(true);
    parent.socket.terminate();
    await until(() => links.size === 0);
    parent = await live(a, 2n);
    await announceContexts(2n);
    // It knows the node id from before and does not ask for one.
    await report(nodeId, true, true);
    expect(started()[0]).toMatchObject({ name: 'ContextsCheckpoint', message: { versionHash: 99n } });
  });

  test('may be told of before it has an id, by what it is', async () => {
    const data = { name: 'cellar', osName: 'Debian', hostLabels: { room: 'x' } };
    expect(
      await say(parent, a, 'UpdateNodeInfo', { machineGuid: child.machineGuid, child: true, data: data as never }),
    ).toBe(0);
    expect(told.of(childId())).toMatchObject({ info: { osName: 'Debian' }, labels: { room: 'x' } });
    expect(heardBy(parent).at(-1)).toMatchObject({ name: 'CreateNodeInstanceResult', message: { nodeId: childId() } });
  });

  test('under the node id of another Cloud is asked for and told its own', async () => {
    expect(await report(uuid(777), true, true)).toBe(0);
    await parent.until(() =>
      parent.packets.some((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/inbound/cmd')),
    );
    const packet = parent.packets.find((one) => one.cmd === 'publish' && one.topic.endsWith('/inbound/cmd'));
    const request = packet?.cmd === 'publish' ? decodeLinkRequest(packet.payload as Buffer) : undefined;
    expect(request?.target).toBe('/api/v1/aclk');
    const instances = [
      { mguid: a.machineGuid, hostname: 'host-1' },
      { mguid: child.machineGuid, hostname: 'cellar' },
      7,
      { mguid: 'x' },
    ];
    const body = Buffer.from(JSON.stringify({ 'node-instances': instances }));
    const answer = {
      messageId: request?.messageId ?? '',
      status: 200,
      contentType: 'application/json',
      contentEncoding: undefined,
      body,
    };
    parent.publish(replyTopic(a.claimId), encodeLinkReply(answer, { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 }));
    await parent.until(() =>
      heardBy(parent).some(({ message }) => 'machineGuid' in message && message.machineGuid === child.machineGuid),
    );
    expect(await report(childId(), true, true)).toBe(0);
    expect(childState().state).toBe('live');
  });

  test('is let go when the parent says that it cannot answer any more', async () => {
    const nodeId = await adopt();
    await report(nodeId, true, true);
    await report(nodeId, false, false);
    expect(letGo).toEqual([nodeId]);
    expect(presence.pathsTo(nodeId)).toEqual([]);
  });

  test('does not come back through messages after it was removed', async () => {
    const nodeId = await adopt();
    await report(nodeId, true, true);
    bus.publish('node-removed', { nodeId, spaceId: a.spaceId, claimId: null });
    await new Promise(setImmediate);
    stored.splice(
      stored.findIndex((node) => node.nodeId === nodeId),
      1,
    );
    const before = refused.length;
    expect(await say(parent, a, 'UpdateNodeCollectors', { nodeId, collectors: [{ module: 'm', plugin: 'p' }] })).toBe(
      0,
    );
    expect(told.of(nodeId).collectors).toEqual([]);
    expect(refused).toHaveLength(before);
  });

  test('with an agent of its own is live by its own link first, and through the parent when that is down', async () => {
    const own = await live(b);
    expect(await say(parent, a, 'CreateNodeInstance', { machineGuid: b.machineGuid, hostname: 'x', hops: 1 })).toBe(0);
    await report(b.nodeId, true, true);
    expect(presence.pathsTo(b.nodeId).map(({ claimId }) => claimId)).toEqual([b.claimId, a.claimId]);
    own.publish(connectionTopic(b), announce(b, false, 1n));
    await own.outcome();
    expect(stateOf(b)).toBe('live');
    expect(presence.pathsTo(b.nodeId)).toMatchObject([{ claimId: a.claimId, isOwn: false }]);
  });
});

test('what a parent said is not heard any more once its link was ended', async () => {
  const before = stored.length;
  parent.socket.pause();
  const created = (n: number): Uint8Array =>
    encodeUpstream('CreateNodeInstance', {
      claimId: a.claimId,
      machineGuid: uuid(500 + n),
      hostname: `m${n}`,
      hops: 1,
    });
  let left = 50;
  stored.push = (...items) => {
    // An administrator removes the parent while its children are being written.
    if (--left === 40) links.end(a.claimId, 'removed');
    return Array.prototype.push.apply(stored, items);
  };
  for (let n = 0; n < 50; n++) parent.publish(topicOf(a, 'CreateNodeInstance'), created(n));
  parent.socket.resume();
  await parent.until(() => parent.closed);
  expect(stored.length - before).toBeLessThan(12);
});

test('a parent says nothing of the state of a machine whose own agent is connected, also while that one only answers', async () => {
  const own = await live(b);
  await report(b.nodeId, true, true);
  await report(b.nodeId, false, true, 0, own, b);
  expect(stateOf(b)).toBe('stale');
  expect(presence.pathsTo(b.nodeId)[0]?.claimId).toBe(b.claimId);
});
