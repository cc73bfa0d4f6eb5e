// An agent in a test of a whole Cloud: claimed with a key of its own or of another, linked as real ones are, saying what it is told to.

import { constants, generateKeyPairSync, privateDecrypt, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { generate, parser, type Packet } from 'mqtt-packet';
import WebSocket from 'ws';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import { decodeLinkRequest, encodeLinkReply } from '@claimstead/wire/link/http-over-link';
import { inboxFilters, upstreamTopics, type UpstreamName } from '@claimstead/wire/link/topics';

interface Answer {
  status: number;
  text: string;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each test says which shape it expects
  json<T = Record<string, unknown>>(): T;
}

/** A running Cloud, as far as an agent sees it. */
interface RunningCloud {
  cloud: { url: URL; caPem: string | null };
  ask(asked: { method?: string; path: string; body?: string }): Promise<Answer>;
  claimToken(): Promise<string>;
}

export interface Identity {
  claimId: string;
  machineGuid: string;
  privateKey: KeyObject;
  publicKey: string;
}

/** A new machine. */
export function newIdentity(): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const id = randomUUID();
  return {
    claimId: id,
    machineGuid: id,
    privateKey,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

export async function claimIdentity(
  cloud: RunningCloud,
  { claimId, machineGuid, publicKey }: Identity,
  wanted: { hostname?: string; token?: string } = {},
): Promise<Answer> {
  const token = wanted.token ?? (await cloud.claimToken());
  const hostname = wanted.hostname ?? 'web-1';
  const node = { id: claimId, hostname };
  const body = JSON.stringify({ node, token, rooms: [], publicKey, mGUID: machineGuid });
  return cloud.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${claimId}`, body });
}

/** Proves the key; the answer to the password step, whatever it is. */
export async function askPassword(cloud: RunningCloud, { claimId, privateKey }: Identity): Promise<Answer> {
  const base = `/api/v1/auth/node/${claimId}`;
  const asked = await cloud.ask({ path: `${base}/challenge` });
  if (asked.status !== 200) return asked;
  const { challenge } = asked.json<{ challenge: string }>();
  const oaep = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  const response = privateDecrypt(oaep, Buffer.from(challenge, 'base64')).toString('base64');
  return cloud.ask({ method: 'POST', path: `${base}/password`, body: JSON.stringify({ response }) });
}

export class LinkedAgent {
  readonly packets: Packet[] = [];
  readonly socket: WebSocket;
  readonly identity: Identity;
  readonly sessionId: bigint;
  /** Targets of relayed questions, in order. */
  readonly asked: string[] = [];
  closed = false;
  /** Answers relayed questions; null = with silence. */
  body: string | null = null;
  #waiting: (() => void)[] = [];

  /** Of a password's answer; `autoPong` false = a connection that is dead without knowing. */
  constructor(cloud: RunningCloud, identity: Identity, sessionId: bigint, autoPong: boolean) {
    this.identity = identity;
    this.sessionId = sessionId;
    const options = { ca: cloud.cloud.caPem ?? '', perMessageDeflate: false, autoPong };
    this.socket = new WebSocket(`wss://localhost:${cloud.cloud.url.port}/mqtt`, 'mqtt', options);
    const read = parser({ protocolVersion: 5 });
    read.on('packet', (packet) => {
      this.packets.push(packet);
      if (packet.cmd === 'publish' && packet.topic.endsWith('/cmd')) this.#answer(packet.payload as Buffer);
      this.#wake();
    });
    this.socket.on('message', (data) => read.parse(data as Buffer));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #answer(payload: Buffer): void {
    const request = decodeLinkRequest(payload);
    if (request !== undefined) this.asked.push(request.target);
    if (request === undefined || this.body === null) return;
    const { messageId, callbackTopic } = request;
    const reply = { messageId, status: 200, contentType: 'application/json', contentEncoding: undefined };
    const stamps = { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 };
    this.publish(callbackTopic, encodeLinkReply({ ...reply, body: Buffer.from(this.body) }, stamps));
  }

  async until(seen: () => boolean): Promise<void> {
    while (!seen()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  send(packet: Packet): void {
    this.socket.send(generate(packet, { protocolVersion: 5 }));
  }

  publish(topic: string, payload: Uint8Array): void {
    this.send({
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos: 1,
      dup: false,
      retain: false,
      messageId: 7,
    });
  }

  say<Name extends UpstreamName>(name: Name, fields: Parameters<typeof encodeUpstream<Name>>[1]): void {
    const topic = [...upstreamTopics(this.identity.claimId)].find(([, carries]) => carries === name)?.[0] ?? '';
    this.publish(topic, encodeUpstream(name, fields));
  }

  /** The Cloud's words on ending the link, or undefined. */
  get disconnectReason(): number | undefined {
    const packet = this.packets.find((one) => one.cmd === 'disconnect');
    return packet?.cmd === 'disconnect' ? packet.reasonCode : undefined;
  }
}

let sessions = 0n;

/** Links and is live; `hostname` is what it tells of itself. Throws when it gets no password. */
export async function link(
  cloud: RunningCloud,
  identity: Identity,
  wanted: { hostname?: string; autoPong?: boolean; body?: string; onStart?: (agent: LinkedAgent) => void } = {},
): Promise<LinkedAgent> {
  const answer = await askPassword(cloud, identity);
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  const { password } = answer.json<{ password: string }>();
  const agent = new LinkedAgent(cloud, identity, ++sessions, wanted.autoPong ?? true);
  agent.body = wanted.body ?? null;
  wanted.onStart?.(agent);
  const { claimId, machineGuid } = identity;
  await once(agent.socket, 'open');
  const who = { clientId: claimId, username: claimId, password: Buffer.from(password) };
  agent.send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 5,
    clean: true,
    keepalive: 60,
    properties: {},
    ...who,
  });
  await agent.until(() => agent.closed || agent.packets.some(({ cmd }) => cmd === 'connack'));
  const subscriptions = inboxFilters(claimId).map((topic) => ({ topic, qos: 1 as const }));
  agent.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  agent.say('UpdateAgentConnection', { claimId, reachable: true, sessionId: agent.sessionId, updateSource: 1 });
  if (wanted.hostname !== undefined)
    agent.say('UpdateNodeInfo', { claimId, machineGuid, data: infoOf(wanted.hostname) });
  const told = wanted.hostname === undefined ? 1 : 2;
  await agent.until(() => agent.closed || agent.packets.filter(({ cmd }) => cmd === 'puback').length >= told);
  return agent;
}

type NodeInfoFields = NonNullable<Parameters<typeof encodeUpstream<'UpdateNodeInfo'>>[1]['data']>;
const infoOf = (name: string): NodeInfoFields => ({ name }) as NodeInfoFields;
