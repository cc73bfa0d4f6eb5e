// The gateway of a Cloud with two links on it: one that is honest and must notice nothing, and one after the other that says whatever a
// mutated recording has. In memory up to the sockets, so that hundreds of thousands of sessions take minutes.

import type { IncomingMessage } from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';
import { createLiveAlerts } from '@claimstead/cloud/alert/live-alerts';
import { createInProcessBus } from '@claimstead/cloud/bus/in-process-bus';
import { createManualClock } from '@claimstead/cloud/clock';
import { createLiveContexts } from '@claimstead/cloud/context/live-contexts';
import { createContests } from '@claimstead/cloud/gateway/contests';
import { createGateway } from '@claimstead/cloud/gateway/gateway';
import { newChildrenLimit } from '@claimstead/cloud/gateway/link-nodes';
import { createRateLimit } from '@claimstead/cloud/limit/rate-limit';
import { createLiveLinks } from '@claimstead/cloud/gateway/live-links';
import { createPresence } from '@claimstead/cloud/node/live-presence';
import { unclaimedOrigin, type ClaimedNode, type Node } from '@claimstead/cloud/node/node';
import { createNodeTold } from '@claimstead/cloud/node/node-told';
import { createRelay } from '@claimstead/cloud/relay/link-relay';
import { sharedAsker } from '@claimstead/cloud/relay/relay';
import type { ClaimId, MachineGuid, NodeId, SpaceId } from '@claimstead/wire/ids';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import { createPacketReader, encodePacket, type Packet } from '@claimstead/wire/mqtt/packet';
import { decodeLinkRequest, encodeLinkReply } from '@claimstead/wire/link/http-over-link';
import { inboxFilters, upstreamTopics } from '@claimstead/wire/link/topics';
import { cutStream, maskedFrame } from './cut-stream.ts';

/** Ids of a recorded agent. */
export interface RecordedIds {
  claimId: string;
  nodeId: string;
  machineGuid: string;
}

export interface FuzzWorld {
  /** Sends the bytes of one session as that agent, and ends it; resolves when nothing is left of it. */
  session(ids: RecordedIds, bytes: readonly Buffer[]): Promise<void>;
  /** The same, piece by piece as they come: each has been heard when the next is asked for. */
  longSession(ids: RecordedIds, pieces: Iterable<readonly Buffer[]>): Promise<void>;
  /** Alerts that are raised by the word of that agent. */
  raised(ids: RecordedIds): number;
  /** What the honest link noticed of it all, in words; undefined = nothing. */
  harm(): Promise<string | undefined>;
  /** Faults of the Cloud's own while it worked on a message. */
  readonly faults: unknown[];
  /** Sessions whose CONNECT was accepted, messages that were refused, children that were told of. */
  readonly seen: { opened: number; refused: number; children: number };
}

const spaceId = '3f0c1a52-4c0f-4f5e-9e0c-000000000001' as SpaceId;
const honest: ClaimedNode = nodeOf({
  claimId: '3f0c1a52-4c0f-4f5e-9e0c-0000000000c1',
  nodeId: '3f0c1a52-4c0f-4f5e-9e0c-0000000000d1',
  machineGuid: '3f0c1a52-4c0f-4f5e-9e0c-0000000000e1',
});

export async function createFuzzWorld(): Promise<FuzzWorld> {
  const clock = createManualClock(1_700_000_000_000);
  const links = createLiveLinks();
  const faults: unknown[] = [];
  const seen = { opened: 0, refused: 0, children: 0 };
  const presence = createPresence({ clock, onChange: () => undefined });
  const told = createNodeTold({ onChange: () => undefined, onInfo: () => undefined });
  const contexts = createLiveContexts();
  const alerts = createLiveAlerts({ nowMs: () => clock.nowMs(), onChange: () => undefined });
  const bus = createInProcessBus((_, cause) => void faults.push(cause));
  const recorded = new Map<string, ClaimedNode>([[honest.claimId, honest]]);
  const children = new Map<string, Node>();
  const gateway = createGateway({
    clock,
    links,
    presence,
    told,
    contexts,
    alerts,
    bus,
    addressOf: () => '192.0.2.1',
    contests: createContests({ clock, linkOf: (claimId) => links.of(claimId), onChange: () => undefined }),
    challenges: {
      issue: () => '',
      answer: () => ({ clientID: '', username: '', password: '' }),
      redeem: ({ username }) => recorded.get(username),
      forget: () => undefined,
    },
    events: {
      linkOpened: () => void seen.opened++,
      linkClosed: () => undefined,
      linkFailed: (cause) => void faults.push(cause),
      linkRefused: () => void seen.refused++,
    },
    nodes: {
      byNodeId: async (nodeId) => [...recorded.values(), ...children.values()].find((node) => node.nodeId === nodeId),
      adopt: async (_, wanted) =>
        wanted.map((child) => {
          const known = [...recorded.values()].find(({ machineGuid }) => machineGuid === child.machineGuid);
          const node = known ?? children.get(child.machineGuid) ?? { ...honest, ...child, ...unclaimed(children.size) };
          if (known === undefined) children.set(child.machineGuid, node);
          return node;
        }),
    },
    newChildren: createRateLimit({ ...newChildrenLimit, now: Date.now }),
    onHostname: () => undefined,
    onAdopted: () => void seen.children++,
    letGo: async () => undefined,
    unclaim: async () => () => undefined,
  });
  const relay = createRelay({ links, pathsTo: (nodeId) => presence.pathsTo(nodeId) });
  const own = honestAgent(connect());
  await own.live;
  const link = links.of(honest.claimId);

  function connect(): Duplex {
    const [theirs, ours] = duplexPair();
    // A pair in memory has no network that tells the other side of a loss.
    theirs.once('close', () => ours.destroy());
    const request = {
      method: 'GET',
      url: '/mqtt',
      socket: { remoteAddress: '127.0.0.1' },
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'AAECAwQFBgcICQoLDA0ODw==',
        'sec-websocket-version': '13',
        'sec-websocket-protocol': 'mqtt',
      },
    };
    gateway.upgrade(request as unknown as IncomingMessage, ours, Buffer.alloc(0));
    return theirs;
  }

  const longSession: FuzzWorld['longSession'] = async (ids, pieces) => {
    const node = nodeOf(ids);
    recorded.set(node.claimId, node);
    const socket = connect();
    socket.on('error', () => undefined);
    socket.resume();
    for (const bytes of pieces) {
      if (socket.destroyed || !socket.writable) break;
      for (const one of bytes) if (socket.writable) socket.write(one);
      await turns();
    }
    socket.end();
    socket.destroy();
    await turns();
    // Sockets that were told to close are cut a second later; what was never told is given up after ten.
    clock.advance(11_000);
    await turns();
    for (const { nodeId } of [...children.values(), node]) {
      bus.publish('node-removed', { nodeId, spaceId, claimId: nodeId === node.nodeId ? node.claimId : null });
      told.forgetNode(nodeId);
      contexts.forgetNode(nodeId);
      alerts.forgetNode(nodeId);
    }
    children.clear();
    recorded.delete(node.claimId);
    own.ping();
    await turns();
  };

  return {
    faults,
    seen,
    session: (ids, bytes) => longSession(ids, [bytes]),
    longSession,
    raised: ({ claimId, nodeId }) => alerts.raisedOf(claimId as ClaimId, nodeId as NodeId).length,
    async harm() {
      if (links.of(honest.claimId) !== link) return 'its link is gone';
      if (presence.of(honest).state !== 'live') return 'it is not live';
      if (presence.pathsTo(honest.nodeId)[0]?.claimId !== honest.claimId) return 'another agent is asked for it';
      if (told.of(honest.nodeId).info !== null) return 'another agent told what it is';
      if (alerts.countsOf(honest.claimId, honest.nodeId) !== undefined) return 'another agent told its alerts';
      const answer = relay.ask({ nodeId: honest.nodeId, target: '/api/v1/info', asker: sharedAsker });
      await turns();
      if ((await answer).body.toString() !== 'honest') return 'another agent answered for it';
      return links.size === 1 ? undefined : `${links.size - 1} other links are left`;
    },
  };
}

/** Until everything that is under way in this process has come to rest. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise(setImmediate);
}

function nodeOf({ claimId, nodeId, machineGuid }: RecordedIds): ClaimedNode {
  return {
    nodeId: nodeId as NodeId,
    spaceId,
    claimId: claimId as ClaimId,
    machineGuid: machineGuid as MachineGuid,
    hostname: 'host',
    publicKeyPem: '',
    claimedAtMs: 0,
    firstLiveAtMs: null,
    firstSampleAtMs: null,
    lastLiveAtMs: null,
    ...unclaimedOrigin,
  };
}

const unclaimed = (n: number) => ({
  nodeId: `3f0c1a52-4c0f-4f5e-9e0c-1${String(n).padStart(11, '0')}` as NodeId,
  claimId: null,
  publicKeyPem: null,
});

/** Connects as agents do, answers every question with one word, and acknowledges nothing else. */
function honestAgent(socket: Duplex): { live: Promise<void>; ping: () => void } {
  const key = Buffer.from([9, 9, 9, 9]);
  const send = (packet: Packet): void => void socket.write(maskedFrame(2, encodePacket(packet, 5), key));
  const publish = (topic: string, payload: Uint8Array): void =>
    send({ cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, dup: false, retain: false, messageId: 7 });
  let live: () => void = () => undefined;
  const isLive = new Promise<void>((resolve) => (live = resolve));
  const hear = (packet: Packet): void => {
    if (packet.cmd !== 'publish') return;
    if (packet.topic.endsWith('/SendNodeInstances')) live();
    const request = packet.topic.endsWith('/inbound/cmd') ? decodeLinkRequest(packet.payload as Buffer) : undefined;
    if (request === undefined) return;
    const { messageId, callbackTopic } = request;
    const answer = { messageId, status: 200, contentType: 'text/plain', contentEncoding: undefined };
    const body = Buffer.from('honest');
    publish(callbackTopic, encodeLinkReply({ ...answer, body }, { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 }));
  };
  const reader = createPacketReader(hear, { maxPacketBytes: 128 * 1024, protocolVersion: 5 });
  const cutter = cutStream(
    () => cutter.upgrade(),
    (opcode, payload) => {
      if (opcode === 2) reader.push(payload);
    },
  );
  socket.on('data', (bytes: Buffer) => cutter.push(bytes));
  const { claimId } = honest;
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 5,
    clean: true,
    keepalive: 60,
    clientId: claimId,
    username: claimId,
    password: Buffer.from('x'),
    properties: {},
  });
  send({ cmd: 'subscribe', messageId: 1, subscriptions: inboxFilters(claimId).map((topic) => ({ topic, qos: 1 })) });
  const topic = [...upstreamTopics(claimId)].find(([, carries]) => carries === 'UpdateAgentConnection')?.[0] ?? '';
  publish(topic, encodeUpstream('UpdateAgentConnection', { claimId, reachable: true, sessionId: 1n, updateSource: 1 }));
  return { live: isLive, ping: () => send({ cmd: 'pingreq' }) };
}
