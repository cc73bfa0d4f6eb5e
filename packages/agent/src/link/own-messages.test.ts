// Everything that a Cloud can ask of this agent, over a link, answered from a store and from this machine.

import { setTimeout as wait } from 'node:timers/promises';
import type WebSocket from 'ws';
import { afterEach, expect, test } from 'vitest';
import type { DownstreamMessages } from '@claimstead/wire/link/downstream';
import { decodeUpstream, encodeDownstream } from '@claimstead/wire/link/envelope';
import { decodeLinkReply, encodeLinkRequest } from '@claimstead/wire/link/http-over-link';
import { commandTopic, requestTopic, upstreamTopics } from '@claimstead/wire/link/topics';
import type { Upstream } from '@claimstead/wire/link/upstream';
import { encodePacket, type Packet } from '@claimstead/wire/mqtt/packet';
import type { AgentFunction } from '../functions/agent-function.ts';
import { machineFunctions } from '../functions/machine-functions.ts';
import { answer } from '../http/routes.ts';
import { testNode } from '../http/testing.ts';
import { collectorsStream } from './streams/collectors-stream.ts';
import { contextsStream } from './streams/contexts-stream.ts';
import { claimId, startLink, type LinkWorld } from './testing/scripted-link-cloud.ts';

const nodeId = '7b5c5a52-1b0c-4f3c-9a35-6a3f1f2f9a11';

let world: LinkWorld;
afterEach(() => world.close());

interface Conversation {
  tell<Name extends keyof DownstreamMessages>(name: Name, fields: Partial<DownstreamMessages[Name]>): void;
  ask(messageId: string, target: string, headers?: Record<string, string>): void;
  /** The next message of this name that was not taken yet. */
  heard<Name extends Upstream['name']>(name: Name): Promise<Extract<Upstream, { name: Name }>['message']>;
  reply(messageId: string): Promise<{ status: number; json: Record<string, unknown> }>;
}

/** A node with an id on a link, and what the Cloud says and hears there. */
async function converse(functions: readonly AgentFunction[]): Promise<Conversation & ReturnType<typeof testNode>> {
  const node = testNode([], functions);
  const topics = upstreamTopics(claimId);
  const messages: Upstream[] = [];
  const replies = new Map<string, { status: number; json: Record<string, unknown> }>();
  let socket: WebSocket | undefined;
  const later = (act: () => void): (() => void) => {
    const immediate = setImmediate(act);
    return () => clearImmediate(immediate);
  };
  const parts = { store: node.store, nowMs: Date.now, later, log: () => undefined };
  world = await startLink({
    answer: async (request) => answer(node.routes, request),
    streams: [contextsStream(parts), collectorsStream(parts)],
    onPacket: (packet, webSocket) => {
      socket = webSocket;
      if (packet.cmd !== 'publish') return;
      const payload = Buffer.from(packet.payload);
      const name = topics.get(packet.topic);
      const reply = packet.topic === '/reply' ? decodeLinkReply(payload) : undefined;
      if (reply !== undefined && !('malformed' in reply)) {
        const json = reply.body.toString().startsWith('{') ? reply.body.toString() : '{}';
        replies.set(reply.messageId, {
          status: reply.status,
          json: JSON.parse(json) as Record<string, unknown>,
        });
      }
      if (name === undefined || name === 'unused') return;
      const decoded = decodeUpstream(name, payload);
      if (decoded.outcome === 'message') messages.push(decoded.message);
    },
  });
  const send = (topic: string, payload: Buffer): void => {
    const packet: Packet = { cmd: 'publish', topic, payload, qos: 1, messageId: 9, dup: false, retain: false };
    socket?.send(encodePacket(packet, 5));
  };
  await world.logged(/connected to the Cloud/);
  const conversation: Conversation = {
    tell: (name, fields) => send(commandTopic(claimId, name), Buffer.from(encodeDownstream(name, fields))),
    ask: (messageId, target, headers = {}) =>
      send(
        requestTopic(claimId),
        encodeLinkRequest({ messageId, callbackTopic: '/reply', timeoutMs: 20_000, target, headers }),
      ),
    async heard(name) {
      await expect.poll(() => messages.some((message) => message.name === name), { timeout: 10_000 }).toBe(true);
      const [taken] = messages.splice(
        messages.findIndex((message) => message.name === name),
        1,
      );
      return taken?.message as never;
    },
    async reply(messageId) {
      await expect.poll(() => replies.has(messageId), { timeout: 10_000 }).toBe(true);
      return replies.get(messageId) as never;
    },
  };
  await conversation.heard('UpdateAgentConnection');
  conversation.tell('CreateNodeInstanceResult', { machineGuid: 'm', nodeId });
  return { ...conversation, ...node };
}

test('a checkpoint brings the snapshot, a new context an update, and the node who collects there', async () => {
  const { tell, heard, store } = await converse([]);
  await heard('UpdateNodeInfo');
  expect((await heard('UpdateNodeCollectors')).collectors).toEqual([{ module: '/proc/stat', plugin: 'proc.plugin' }]);
  tell('ContextsCheckpoint', { claimId, nodeId, versionHash: 0n });
  const snapshot = await heard('ContextsSnapshot');
  expect(snapshot).toMatchObject({ claimId, nodeId });
  expect(snapshot.contexts.map(({ id }) => id)).toEqual(['disk.io', 'net.net', 'system.cpu']);
  const second = store.lastSecond + 1;
  store.beginTick(second);
  const shape = { family: 'f', title: 'T', units: 'u', chartType: 'line', priority: 7, module: 'agent' } as const;
  const chart = store.openChart({ id: 'new.one', context: 'new.one', updateEverySeconds: 1, ...shape });
  store.openDimension(chart, 'x', 'x', false)?.ring.write(second, 1);
  store.touch(chart, second);
  store.endTick(second);
  const update = await heard('ContextsUpdated');
  expect(update.contextUpdates.map(({ id }) => id)).toEqual(['new.one']);
  expect((await heard('UpdateNodeCollectors')).collectors.at(-1)).toEqual({ module: 'agent', plugin: 'netdata' });
});

test('functions answer with rows of this machine, to who may see them', async () => {
  const node = testNode();
  const { ask, reply } = await converse(machineFunctions('/', node.store));
  ask('list', `/node/${nodeId}/api/v1/functions`);
  const { functions } = (await reply('list')).json as { functions: object };
  expect(Object.keys(functions)).toEqual(['processes', 'network-connections', 'mount-points']);
  ask('p', `/node/${nodeId}/api/v1/function?function=processes&timeout=20`, { 'X-Netdata-Permissions': '1b' });
  const { status, json } = await reply('p');
  expect(status).toBe(200);
  const { data, columns } = json as { data: unknown[][]; columns: Record<string, { index: number }> };
  expect(data.map((row) => row[columns['PID']?.index ?? -1])).toContain(process.pid);
  ask('n', '/api/v1/function?function=network-connections');
  const connections = await reply('n');
  expect(connections.status).toBe(200);
  expect((connections.json['data'] as unknown[]).length).toBeGreaterThan(0);
  for (const [i, header] of ['8', '0', 'garbage'].entries()) {
    ask(`refused${i}`, '/api/v1/function?function=processes', { 'X-Netdata-Permissions': header });
    expect(await reply(`refused${i}`)).toMatchObject({ status: 403, json: { status: 403 } });
  }
});

test('a function that runs ends when the Cloud cancels it', async () => {
  const ended: string[] = [];
  const endless: AgentFunction = {
    name: 'endless',
    help: '',
    timeoutSeconds: 10,
    updateEverySeconds: 1,
    priority: 1,
    run: async (signal) => {
      ended.push('started');
      await wait(60_000, undefined, { signal }).finally(() => ended.push('ended'));
      throw new Error('nobody gets here');
    },
  };
  const { ask, tell, reply } = await converse([endless]);
  ask('e', '/api/v1/function?function=endless');
  await expect.poll(() => ended).toEqual(['started']);
  tell('CancelPendingRequest', { requestId: 'e' });
  expect((await reply('e')).status).toBe(499);
  expect(ended).toEqual(['started', 'ended']);
});
