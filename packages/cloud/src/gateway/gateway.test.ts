import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { generate, parser, type Packet } from 'mqtt-packet';
import type { AccountId, ClaimId, MachineGuid, NodeId, SpaceId } from '@claimstead/wire/ids';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import { encodeLinkReply } from '@claimstead/wire/link/http-over-link';
import { replyTopic, topicTable, upstreamTopics, type UpstreamName } from '@claimstead/wire/link/topics';
import { upstreamCodecs } from '@claimstead/wire/link/upstream';
import { createInProcessBus } from '../bus/in-process-bus.ts';
import { systemClock } from '../clock.ts';
import { createPresence } from '../node/live-presence.ts';
import type { ClaimedNode } from '../node/node.ts';
import { createRelay } from '../relay/link-relay.ts';
import type { Asker } from '../relay/relay.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createLiveLinks, type LiveLinks } from './live-links.ts';

const uuid = (n: number): string => `3f0c1a52-4c0f-4f5e-9e0c-${String(n).padStart(12, '0')}`;
const nodeOf = (n: number): ClaimedNode => ({
  nodeId: uuid(n + 100) as NodeId,
  spaceId: uuid(1) as SpaceId,
  claimId: uuid(n + 200) as ClaimId,
  machineGuid: uuid(n + 300) as MachineGuid,
  hostname: `host-${n}`,
  publicKeyPem: '',
  claimedAtMs: 0,
  firstLiveAtMs: null,
  firstSampleAtMs: null,
  lastLiveAtMs: null,
});
const a = nodeOf(1);
const b = nodeOf(2);
const asker: Asker = { accountId: uuid(9) as AccountId, name: 'ada@example', role: 'admin' };

let server: Server;
let gateway: Gateway;
let links: LiveLinks;
let presence: ReturnType<typeof createPresence>;
let refused: string[];
let changes: { nodeId: NodeId; becameLive: boolean }[];
let waiters: (() => void)[];
const clients: Client[] = [];

/** Resolves when `seen` holds; looked at after everything that the gateway reports. */
async function until(seen: () => boolean): Promise<void> {
  while (!seen()) await new Promise<void>((resolve) => waiters.push(resolve));
}
const stirred = (): void => {
  for (const wake of waiters.splice(0)) wake();
};

beforeEach(async () => {
  refused = [];
  changes = [];
  waiters = [];
  links = createLiveLinks();
  presence = createPresence({
    clock: systemClock,
    onChange: (nodeId, becameLive) => {
      changes.push({ nodeId, becameLive });
      stirred();
    },
  });
  gateway = createGateway({
    clock: systemClock,
    // The password is the claim id: how it is earned is challenge.test.ts.
    challenges: {
      issue: () => '',
      answer: () => ({ clientID: '', username: '', password: '' }),
      redeem: ({ username, password }) => (password !== username ? undefined : [a, b].find((node) => node.claimId === username)),
      forget: () => undefined,
    },
    links,
    presence,
    bus: createInProcessBus(() => undefined),
    events: { linkOpened: stirred, linkClosed: stirred, linkRefused: (_, why) => {
        refused.push(why);
        stirred();
      } },
    onHostname: () => undefined,
  });
  server = createServer();
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await gateway.stop();
  server.close();
});

/** An MQTT client that says whatever it is told to, also what no honest agent would. */
class Client {
  readonly socket: WebSocket;
  readonly packets: Packet[] = [];
  #waiting: (() => void)[] = [];
  closed = false;
  constructor() {
    const { port } = server.address() as AddressInfo;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt', { perMessageDeflate: false });
    const read = parser({ protocolVersion: 5 });
    read.on('packet', (packet) => {
      this.packets.push(packet);
      this.#wake();
    });
    this.socket.on('message', (data) => read.parse(data as Buffer));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
    clients.push(this);
  }
  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
  async until(seen: () => boolean): Promise<void> {
    while (!seen()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  send(packet: Packet): void {
    this.socket.send(generate(packet, { protocolVersion: 5 }));
  }
  publish(topic: string, payload: Uint8Array, more: object = {}): void {
    this.send({ cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, dup: false, retain: false, messageId: 77, ...more });
  }
  async connect(node: ClaimedNode, will?: { topic: string; payload: Buffer }, password: string = node.claimId): Promise<void> {
    await once(this.socket, 'open');
    this.send({
      cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 60, clientId: node.claimId, username: node.claimId, password: Buffer.from(password), properties: {},
      ...(will === undefined ? {} : { will: { ...will, qos: 2, retain: false } }),
    });
    await this.until(() => this.closed || this.packets.some((packet) => packet.cmd === 'connack'));
  }
  /** Closed, or told 0x87 in a PUBACK. */
  async outcome(): Promise<'closed' | number> {
    const from = this.packets.length;
    await this.until(() => this.closed || this.packets.slice(from).some((packet) => packet.cmd === 'puback' || packet.cmd === 'suback'));
    const answer = this.packets.slice(from).find((packet) => packet.cmd === 'puback' || packet.cmd === 'suback');
    if (answer?.cmd === 'suback') return Number(answer.granted[0]);
    return answer?.cmd === 'puback' ? (answer.reasonCode ?? 0) : 'closed';
  }
}

const connectionTopic = (node: ClaimedNode): string => `/agent/${node.claimId}/outbound/v1/connection`;
const announce = (node: ClaimedNode, reachable: boolean, sessionId: bigint): Uint8Array => encodeUpstream('UpdateAgentConnection', { claimId: node.claimId, reachable, sessionId, updateSource: 1 });
const willOf = (node: ClaimedNode, sessionId: bigint) => ({ topic: connectionTopic(node), payload: Buffer.from(encodeUpstream('UpdateAgentConnection', { claimId: node.claimId, sessionId, updateSource: 2 })) });

async function live(node: ClaimedNode, sessionId = 1n): Promise<Client> {
  const client = new Client();
  await client.connect(node, willOf(node, sessionId));
  client.publish(connectionTopic(node), announce(node, true, sessionId));
  await client.until(() => client.closed || client.packets.filter((packet) => packet.cmd === 'publish').length >= 2);
  return client;
}
const stateOf = (node: ClaimedNode) => presence.of(node).state;

describe('a link', () => {
  test('makes its node live, tells it its node id first, then asks for its nodes', async () => {
    const client = await live(a);
    expect(stateOf(a)).toBe('live');
    const told = client.packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic.split('/').at(-1)] : []));
    expect(told).toEqual(['CreateNodeInstanceResult', 'SendNodeInstances']);
    expect(client.packets.find((packet) => packet.cmd === 'connack')).toMatchObject({ reasonCode: 0, properties: { topicAliasMaximum: 100 } });
  });

  test('relays a request, with who asks in four headers, and gives back the answer', async () => {
    const client = await live(a);
    const relay = createRelay({ links, pathTo: (nodeId) => presence.pathTo(nodeId) });
    const asked = relay.ask({ nodeId: a.nodeId, target: '/api/v1/data?chart=system.cpu', asker });
    await client.until(() => client.packets.some((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd')));
    const request = client.packets.find((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd'));
    const text = request?.cmd === 'publish' ? request.payload.toString() : '';
    for (const header of ['X-Netdata-Role: admin', 'X-Netdata-Permissions: 7ff', 'X-Netdata-User-Name: ada@example', `X-Netdata-Account-Id: ${asker.accountId}`]) {
      expect(text.split(header)).toHaveLength(2);
    }
    const { 'msg-id': messageId, 'callback-topic': callback } = JSON.parse(text.split('\r\n')[0] ?? '') as { 'msg-id': string; 'callback-topic': string };
    client.publish(callback, encodeLinkReply({ messageId, status: 200, contentType: 'application/json', contentEncoding: undefined, body: Buffer.from('{"a":1}') }, { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 }));
    expect((await asked).body.toString()).toBe('{"a":1}');
  });

  test('is told to stop when nobody waits any more, and when the deadline passes', async () => {
    const client = await live(a);
    const relay = createRelay({ links, pathTo: (nodeId) => presence.pathTo(nodeId) });
    const abort = new AbortController();
    const asked = relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker, signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'relay-cancelled' });
    await expect(relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker, timeoutMs: 20 })).rejects.toMatchObject({ kind: 'relay-timeout' });
    await client.until(() => client.packets.filter((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/CancelPendingRequest')).length === 2);
  });

  test('fails what waits when it breaks, and its node is offline with the reason', async () => {
    const client = await live(a);
    const relay = createRelay({ links, pathTo: (nodeId) => presence.pathTo(nodeId) });
    const asked = relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker });
    client.socket.terminate();
    await expect(asked).rejects.toMatchObject({ kind: 'relay-link-lost' });
    await until(() => stateOf(a) === 'offline');
    expect(presence.of(a).lastLinkError).toMatch(/broke/);
    await expect(relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker })).rejects.toMatchObject({ kind: 'node-offline' });
  });

  test('that says goodbye is offline without an error', async () => {
    const client = await live(a);
    client.publish(connectionTopic(a), announce(a, false, 1n));
    await until(() => stateOf(a) === 'offline');
    expect(presence.of(a).lastLinkError).toBeNull();
  });

  test('takes an alias before its definition, as two racing threads of an agent send it', async () => {
    const client = new Client();
    await client.connect(a);
    client.publish('', announce(a, true, 1n), { properties: { topicAlias: topicTable.findIndex(([name]) => name === 'agent-connection') + 1 } });
    await until(() => stateOf(a) === 'live');
  });

  test('may be spoken in MQTT 3.1.1', async () => {
    const client = new Client();
    await once(client.socket, 'open');
    client.socket.send(generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 60, clientId: a.claimId, username: a.claimId, password: Buffer.from(a.claimId) }));
    client.socket.send(generate({ cmd: 'publish', topic: connectionTopic(a), payload: Buffer.from(announce(a, true, 1n)), qos: 1, dup: false, retain: false, messageId: 5 }));
    await until(() => stateOf(a) === 'live');
  });
});

describe('the newest link of a claim wins', () => {
  test('the loss of the older one, and its will, mean nothing: 1,000 reconnects, 0 false offline', async () => {
    let current = await live(a, 1n);
    for (let i = 2; i <= 1000; i++) {
      const next = new Client();
      await next.connect(a, willOf(a, BigInt(i)));
      next.publish(connectionTopic(a), announce(a, true, BigInt(i)));
      await next.until(() => next.packets.some((packet) => packet.cmd === 'publish'));
      await current.until(() => current.closed);
      // A farewell of the old connection that comes late over the new one.
      if (i % 50 === 0) next.publish(connectionTopic(a), announce(a, false, BigInt(i - 1)));
      current = next;
    }
    await until(() => links.size === 1);
    expect(stateOf(a)).toBe('live');
    expect(changes.filter(({ nodeId }) => nodeId === a.nodeId)).toEqual([{ nodeId: a.nodeId, becameLive: true }]);
  });
});

describe('an agent that speaks for another', () => {
  test('with its topic, alias, filter or wildcard has no effect', async () => {
    await live(b);
    const attempts: ((client: Client) => void)[] = [
      ...[...upstreamTopics(b.claimId).keys(), replyTopic(b.claimId), `/agent/${b.claimId}/inbound/cmd`, '$SYS/x', '#', '+', `/agent/+/outbound/v1/connection`, `/agent/${a.claimId}/../${b.claimId}/outbound/v1/connection`].map(
        (topic) => (client: Client) => client.publish(topic, announce(b, false, 99n)),
      ),
      (client) => client.publish(connectionTopic(b), announce(b, false, 99n), { properties: { topicAlias: 3 } }),
      (client) => client.publish('', announce(b, false, 99n), { properties: { topicAlias: 900 } }),
      (client) => client.publish('', announce(b, false, 99n), { properties: { topicAlias: 5000 } }),
      ...['#', '+/+', '$SYS/#', `/agent/${b.claimId}/inbound/cmd`, `/agent/${b.claimId}/inbound/v1/cmd/#`, '/agent/#'].map(
        (topic) => (client: Client) => client.send({ cmd: 'subscribe', messageId: 3, subscriptions: [{ topic, qos: 1 }] }),
      ),
    ];
    const before = changes.length;
    for (const attempt of attempts) {
      const client = new Client();
      await client.connect(a);
      attempt(client);
      expect(['closed', 0x87]).toContain(await client.outcome());
    }
    expect(stateOf(b)).toBe('live');
    expect(changes).toHaveLength(before);
    expect(refused.length).toBeGreaterThanOrEqual(attempts.length);
  });

  test('with its ids in a payload, in every message there is, has no effect', async () => {
    await live(b);
    const client = await live(a);
    const before = changes.length;
    const names = Object.keys(upstreamCodecs) as UpstreamName[];
    for (const name of names.filter((one) => one !== 'ProvideAlarmConfiguration')) {
      const topic = [...upstreamTopics(a.claimId)].find(([, carries]) => carries === name)?.[0] ?? '';
      const codec = upstreamCodecs[name] as { create(fields: object): object; encode(message: never): { finish(): Uint8Array } };
      for (const ids of [{ claimId: b.claimId, nodeId: b.nodeId, machineGuid: b.machineGuid }, { claimId: a.claimId, nodeId: b.nodeId, machineGuid: b.machineGuid }]) {
        // One without a node is bound by its claim alone.
        if (name === 'UpdateAgentConnection' && ids.claimId === a.claimId) continue;
        client.publish(topic, codec.encode(codec.create({ ...ids, sessionId: 9_999n, reachable: false, liveness: false, data: { name: 'pwned' } }) as never).finish());
        expect(await client.outcome()).toBe(0x87);
      }
    }
    expect(stateOf(b)).toBe('live');
    expect(changes).toHaveLength(before);
  });

  test('with the id of a request to another answers nobody', async () => {
    const victim = await live(b);
    const thief = await live(a);
    const relay = createRelay({ links, pathTo: (nodeId) => presence.pathTo(nodeId) });
    const asked = relay.ask({ nodeId: b.nodeId, target: '/api/v1/info', asker });
    await victim.until(() => victim.packets.some((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd')));
    const request = victim.packets.find((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd'));
    const { 'msg-id': messageId } = JSON.parse((request?.cmd === 'publish' ? request.payload.toString() : '').split('\r\n')[0] ?? '') as { 'msg-id': string };
    const reply = (body: string): Buffer => encodeLinkReply({ messageId, status: 200, contentType: 'text/plain', contentEncoding: undefined, body: Buffer.from(body) }, { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 });
    thief.publish(replyTopic(a.claimId), reply('forged'));
    expect(await thief.outcome()).toBe(0x87);
    victim.publish(replyTopic(b.claimId), reply('true'));
    expect((await asked).body.toString()).toBe('true');
  });

  test.each([
    ['another topic', { topic: connectionTopic(b), payload: willOf(b, 1n).payload }],
    ['another claim', { topic: connectionTopic(a), payload: willOf(b, 1n).payload }],
    ['something else', { topic: connectionTopic(a), payload: Buffer.from([1, 2, 3]) }],
    ['a presence', { topic: connectionTopic(a), payload: Buffer.from(announce(a, true, 1n)) }],
  ])('in a will about %s is not let in', async (_, will) => {
    const client = new Client();
    await client.connect(a, will);
    expect(client.packets.find((packet) => packet.cmd === 'connack')).toMatchObject({ reasonCode: 0x87 });
    expect(links.size).toBe(0);
  });

  test.each(['+', '#', '../x', '', uuid(7), `${a.claimId} `])('as %j is not let in', async (name) => {
    const client = new Client();
    await once(client.socket, 'open');
    client.send({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 60, clientId: name, username: name, password: Buffer.from(name), properties: {} });
    await client.until(() => client.closed);
    expect(links.size).toBe(0);
  });
});

describe('what is not MQTT', () => {
  const firstPackets: [string, (client: Client) => void][] = [
    ['another first packet', (client) => client.send({ cmd: 'pingreq' })],
    ['a first packet of 256 MB', (client) => client.socket.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))],
    ['a length of five bytes', (client) => client.socket.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]))],
    ['5 KiB before CONNECT', (client) => client.socket.send(Buffer.concat([Buffer.from([0x10, 0x80, 0x28]), Buffer.alloc(5120)]))],
    ['text', (client) => client.socket.send('hello')],
    ['noise', (client) => client.socket.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
  ];
  test.each(firstPackets)('%s ends the connection, and nobody else notices', async (_, attack) => {
    const honest = await live(b);
    const client = new Client();
    await once(client.socket, 'open');
    attack(client);
    await client.until(() => client.closed);
    honest.send({ cmd: 'pingreq' });
    await honest.until(() => honest.packets.some((packet) => packet.cmd === 'pingresp'));
    expect(stateOf(b)).toBe('live');
  });

  test.each<[string, Packet]>([
    ['QoS 2', { cmd: 'publish', topic: connectionTopic(a), payload: '', qos: 2, dup: false, retain: false, messageId: 1 }],
    ['a second CONNECT', { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 60, clientId: a.claimId, username: a.claimId, password: Buffer.from(a.claimId), properties: {} }],
    ['UNSUBSCRIBE', { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['#'] }],
  ])('%s ends an open link', async (_, packet) => {
    const client = await live(a);
    client.send(packet);
    await client.until(() => client.closed);
    await until(() => stateOf(a) === 'offline');
  });
});
