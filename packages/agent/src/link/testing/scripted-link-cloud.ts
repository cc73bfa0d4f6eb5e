// A Cloud that is honest up to CONNACK and scripted to the byte from there on, and a link to it.

import { constants, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { environmentFor } from '@claimstead/wire/link/environment';
import { topicTemplates } from '@claimstead/wire/link/topics';
import { createPacketReader, encodePacket, type Packet } from '@claimstead/wire/mqtt/packet';
import { WebSocketServer, type WebSocket } from 'ws';
import { farAhead, longAgo, makeCa } from '../../claim/testing/certificates.ts';
import { direct } from '../../config/proxy.ts';
import type { LinkIdentity } from '../identity.ts';
import { createLink, type Link, type LinkParts } from '../link.ts';
import type { OpenStream } from '../stream.ts';

export const claimId = '3f0c1a52-4c0f-4f5e-9e0c-000000000001';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export interface LinkScript {
  /** Called with the second SUBACK, to be sent by the test; every other packet is answered as it should be. */
  onSubscribed: (socket: WebSocket, suback: Buffer) => void;
  onPacket: (packet: Packet, socket: WebSocket) => void;
  /** What the password request is answered with; undefined: a password. */
  refusal: { status: number; body: object } | undefined;
  /** What the link is told to think of itself. */
  identity: Partial<LinkIdentity>;
  streams: readonly OpenStream[];
  answer: LinkParts['answer'];
}

export interface LinkWorld {
  /** What the link was given. */
  identity: LinkIdentity;
  link: Link;
  url: string;
  /** Lines of the log. */
  lines: string[];
  /** Every line as it comes. */
  logged(pattern: RegExp): Promise<string>;
  close(): Promise<void>;
}

const sendAtOnce = (socket: WebSocket, suback: Buffer): void => socket.send(suback);

export async function startLink(given: Partial<LinkScript>): Promise<LinkWorld> {
  const script: LinkScript = {
    onSubscribed: sendAtOnce,
    onPacket: () => undefined,
    refusal: undefined,
    identity: {},
    streams: [],
    answer: async () => ({ status: 200, contentType: 'text/plain', body: 'answered' }),
    ...given,
  };
  const folder = mkdtempSync(join(tmpdir(), 'link-'));
  const ca = makeCa(folder);
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer({ ...ca.issue('cloud', 'DNS:localhost', longAgo, farAhead) }, (request, response) => {
    const { port } = server.address() as AddressInfo;
    const answer = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url?.startsWith('/api/v1/env') === true)
      return answer(200, environmentFor(new URL(`https://localhost:${port}`)));
    if (request.method === 'POST') {
      if (script.refusal !== undefined) return answer(script.refusal.status, script.refusal.body);
      return answer(201, { clientID: claimId, username: claimId, password: 'x', topics: topicTemplates });
    }
    const key = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
    return answer(200, { challenge: publicEncrypt(key, randomBytes(32)).toString('base64') });
  });
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => serveMqtt(webSocket, script));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  const secureContext = createSecureContext({ ca: ca.ca });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const log = (_: unknown, line: string): void => {
    lines.push(line);
    for (const look of waiting) look();
  };
  const link = createLink({
    facts: {
      machineGuid: 'm',
      hostname: 'h',
      version: 'v',
      os: '',
      osName: '',
      osVersion: '',
      kernelName: '',
      kernelVersion: '',
      architecture: '',
      cpus: 1,
      cpuFrequency: '',
      memory: '',
      diskSpace: '',
      timezone: '',
      virtualization: '',
      container: '',
      labels: {},
    },
    answer: script.answer,
    streams: script.streams,
    random: () => 0,
    nowMs: Date.now,
    log: { info: log, error: log },
  });
  const identity: LinkIdentity = {
    claimId,
    cloudUrl: new URL(url),
    hostname: undefined,
    privateKey,
    proxyWords: 'none',
    otherClaimProxy: undefined,
    route: async () => ({
      proxy: direct,
      trust: { tlsOptions: () => ({ secureContext, rejectUnauthorized: true, checkServerIdentity: () => undefined }) },
    }),
    ...script.identity,
  };
  link.reload(identity, { isGone: false });
  return {
    link,
    identity,
    url,
    lines,
    logged: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      await link.stop({ isGone: false });
      for (const client of sockets.clients) client.terminate();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serveMqtt(webSocket: WebSocket, script: LinkScript): void {
  let subscribed = 0;
  const reader = createPacketReader(
    (packet) => {
      script.onPacket(packet, webSocket);
      if (packet.cmd === 'connect')
        webSocket.send(encodePacket({ cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }, 5));
      if (packet.cmd === 'publish' && packet.qos === 1)
        webSocket.send(encodePacket({ cmd: 'puback', messageId: packet.messageId ?? 0 }, 5));
      if (packet.cmd !== 'subscribe') return;
      const suback = encodePacket({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [1] }, 5);
      if (++subscribed === 2) script.onSubscribed(webSocket, suback);
      else webSocket.send(suback);
    },
    { maxPacketBytes: 1024 * 1024, protocolVersion: 5 },
  );
  webSocket.on('message', (data) => reader.push(data as Buffer));
  webSocket.on('error', () => undefined);
}
