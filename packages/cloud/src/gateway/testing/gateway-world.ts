// A gateway on a plain socket and MQTT clients that say whatever they are told to, also what no honest agent would.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach } from 'vitest';
import WebSocket from 'ws';
import { generate, parser, type Packet } from 'mqtt-packet';
import type { AccountId, ClaimId, MachineGuid, NodeId, SpaceId } from '@claimstead/wire/ids';
import { inboxFilters } from '@claimstead/wire/link/topics';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import { createInProcessBus } from '../../bus/in-process-bus.ts';
import { systemClock } from '../../clock.ts';
import { createPresence } from '../../node/live-presence.ts';
import type { Bus } from '../../bus/bus.ts';
import { createLiveAlerts, type LiveAlerts } from '../../alert/live-alerts.ts';
import { createLiveContexts, type LiveContexts } from '../../context/live-contexts.ts';
import { createNodeTold, type NodeTold } from '../../node/node-told.ts';
import { unclaimedOrigin, type Child, type ClaimedNode, type Node } from '../../node/node.ts';
import type { Asker } from '../../relay/relay.ts';
import { createContests, type Contest, type Contests } from '../contests.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { newChildrenLimit } from '../link-nodes.ts';
import { createAddressOf } from '../../limit/client-address.ts';
import { createRateLimit } from '../../limit/rate-limit.ts';
import { createLiveLinks, type LiveLinks } from '../live-links.ts';

export const uuid = (n: number): string => `3f0c1a52-4c0f-4f5e-9e0c-${String(n).padStart(12, '0')}`;
export const nodeOf = (n: number): ClaimedNode => ({
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
  ...unclaimedOrigin,
});
export const a = nodeOf(1);
export const b = nodeOf(2);
/** Of another Space. */
export const elsewhere: ClaimedNode = { ...nodeOf(3), spaceId: uuid(2) as SpaceId };
export const asker: Asker = { accountId: uuid(9) as AccountId, name: 'ada@example', role: 'admin' };

export let server: Server;
export let gateway: Gateway;
export let links: LiveLinks;
export let presence: ReturnType<typeof createPresence>;
export let contests: Contests;
export let contested: (Contest | null)[];
export let unclaimed: ClaimId[];
export let letGo: NodeId[];
export let told: NodeTold;
export let contexts: LiveContexts;
export let alerts: LiveAlerts;
export let bus: Bus;
/** Every node that there is: those with an agent, and what parents told of. */
export let stored: Node[];

function storedChild({ spaceId }: Node, { machineGuid, hostname }: Child): Node {
  const known = stored.find((node) => node.spaceId === spaceId && node.machineGuid === machineGuid);
  if (known !== undefined) return known;
  const nodeId = uuid(1000 + stored.length) as NodeId;
  const child: Node = { ...a, nodeId, spaceId, machineGuid, hostname, claimId: null, publicKeyPem: null };
  stored.push(child);
  return child;
}
/** What an unclaimed farewell waits for, and the fault that a test makes it meet. */
let write: () => Promise<void>;
export const holdWrites = (written: Promise<void>): void => void (write = () => written);
let expectedFault: unknown;
export const failWrites = (fault: Error): void => {
  expectedFault = fault;
  write = () => Promise.reject(fault);
};
export let refused: string[];
export let changes: { nodeId: NodeId; becameLive: boolean }[];
export let waiters: (() => void)[];
export const clients: Client[] = [];

/** Resolves when `seen` holds; looked at after everything that the gateway reports. */
export async function until(seen: () => boolean): Promise<void> {
  while (!seen()) await new Promise<void>((resolve) => waiters.push(resolve));
}
export const stirred = (): void => {
  for (const wake of waiters.splice(0)) wake();
};

export function useGateway(): void {
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
    contested = [];
    unclaimed = [];
    write = () => Promise.resolve();
    expectedFault = undefined;
    contests = createContests({
      clock: systemClock,
      linkOf: (claimId) => links.of(claimId),
      onChange: (_, contest) => {
        contested.push(contest);
        stirred();
      },
    });
    stored = [a, b, elsewhere];
    letGo = [];
    told = createNodeTold({ onChange: stirred, onInfo: () => undefined });
    contexts = createLiveContexts();
    alerts = createLiveAlerts({ nowMs: Date.now, onChange: stirred });
    bus = createInProcessBus(() => undefined);
    gateway = createGateway({
      clock: systemClock,
      // The password is the claim id: how it is earned is challenge.test.ts.
      challenges: {
        issue: () => '',
        answer: () => ({ clientID: '', username: '', password: '' }),
        redeem: ({ username, password }) =>
          password !== username ? undefined : [a, b, elsewhere].find((node) => node.claimId === username),
        forget: () => undefined,
      },
      links,
      presence,
      contests,
      addressOf: createAddressOf([{ address: '127.0.0.1', prefix: 32 }]),
      bus,
      events: {
        linkOpened: stirred,
        linkClosed: stirred,
        linkFailed: (cause) => {
          if (cause !== expectedFault) throw cause;
        },
        linkRefused: (_, why) => {
          refused.push(why);
          stirred();
        },
      },
      told,
      contexts,
      alerts,
      nodes: {
        byNodeId: async (nodeId) => stored.find((node) => node.nodeId === nodeId),
        adopt: async (parent, children) => children.map((child) => storedChild(parent, child)),
      },
      newChildren: createRateLimit({ ...newChildrenLimit, now: Date.now }),
      onHostname: () => undefined,
      onAdopted: stirred,
      letGo: async (_, nodeId) => {
        letGo.push(nodeId);
        stirred();
      },
      unclaim: async ({ node: { nodeId, spaceId, claimId } }) => {
        await write();
        return () => {
          unclaimed.push(claimId);
          bus.publish('node-removed', { nodeId, spaceId, claimId });
          stirred();
        };
      },
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
}

/** An MQTT client that says whatever it is told to, also what no honest agent would. */
export class Client {
  readonly socket: WebSocket;
  readonly packets: Packet[] = [];
  #waiting: (() => void)[] = [];
  closed = false;
  constructor(headers: Record<string, string> = {}) {
    const { port } = server.address() as AddressInfo;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt', { perMessageDeflate: false, headers });
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
    this.send({
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos: 1,
      dup: false,
      retain: false,
      messageId: 77,
      ...more,
    });
  }
  async connect(
    node: ClaimedNode,
    will?: { topic: string; payload: Buffer },
    password: string = node.claimId,
  ): Promise<void> {
    await once(this.socket, 'open');
    this.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      keepalive: 60,
      clientId: node.claimId,
      username: node.claimId,
      password: Buffer.from(password),
      properties: {},
      ...(will === undefined ? {} : { will: { ...will, qos: 2, retain: false } }),
    });
    await this.until(() => this.closed || this.packets.some((packet) => packet.cmd === 'connack'));
  }
  /** Closed, or told 0x87 in a PUBACK. */
  async outcome(): Promise<'closed' | number> {
    const from = this.packets.length;
    await this.until(
      () =>
        this.closed || this.packets.slice(from).some((packet) => packet.cmd === 'puback' || packet.cmd === 'suback'),
    );
    const answer = this.packets.slice(from).find((packet) => packet.cmd === 'puback' || packet.cmd === 'suback');
    if (answer?.cmd === 'suback') return Number(answer.granted[0]);
    return answer?.cmd === 'puback' ? (answer.reasonCode ?? 0) : 'closed';
  }
}

export const connectionTopic = (node: ClaimedNode): string => `/agent/${node.claimId}/outbound/v1/connection`;
export const announce = (node: ClaimedNode, reachable: boolean, sessionId: bigint): Uint8Array =>
  encodeUpstream('UpdateAgentConnection', { claimId: node.claimId, reachable, sessionId, updateSource: 1 });
export const willOf = (node: ClaimedNode, sessionId: bigint) => ({
  topic: connectionTopic(node),
  payload: Buffer.from(encodeUpstream('UpdateAgentConnection', { claimId: node.claimId, sessionId, updateSource: 2 })),
});

export async function live(node: ClaimedNode, sessionId = 1n): Promise<Client> {
  const client = new Client();
  await client.connect(node, willOf(node, sessionId));
  client.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: inboxFilters(node.claimId).map((topic) => ({ topic, qos: 1 as const })),
  });
  client.publish(connectionTopic(node), announce(node, true, sessionId));
  await client.until(() => client.closed || client.packets.filter((packet) => packet.cmd === 'publish').length >= 2);
  return client;
}
export const stateOf = (node: ClaimedNode) => presence.of(node).state;
