// The link's shell against a Cloud that is scripted to the byte.

import { generateKeyPairSync, publicEncrypt, constants, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { environmentFor } from '@claimstead/wire/link/environment';
import { encodeLinkRequest } from '@claimstead/wire/link/http-over-link';
import { requestTopic, topicTemplates } from '@claimstead/wire/link/topics';
import { createPacketReader, encodePacket, type Packet } from '@claimstead/wire/mqtt/packet';
import { farAhead, longAgo, makeCa } from '../claim/testing/certificates.ts';
import { direct } from '../config/proxy.ts';
import type { LinkIdentity } from './identity.ts';
import { createLink, type Link } from './link.ts';

const claimId = '3f0c1a52-4c0f-4f5e-9e0c-000000000001';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const folder = mkdtempSync(join(tmpdir(), 'link-'));
const ca = makeCa(folder);
const { key, cert } = ca.issue('cloud', 'DNS:localhost', longAgo, farAhead);
const sockets = new WebSocketServer({ noServer: true });
let server: Server;
let link: Link;

afterEach(async () => {
  await link.stop({ isGone: false });
  for (const client of sockets.clients) client.terminate();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything up to CONNACK is honest; `onSubscribed` is called with the second SUBACK, to be sent by the test. */
async function start(
  onSubscribed: (socket: WebSocket, suback: Buffer) => void,
  onPacket: (packet: Packet, socket: WebSocket) => void,
): Promise<Link> {
  server = createServer({ key, cert }, (request, response) => {
    const { port } = server.address() as AddressInfo;
    const answer = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url?.startsWith('/api/v1/env') === true)
      return answer(200, environmentFor(new URL(`https://localhost:${port}`)));
    if (request.method === 'POST')
      return answer(201, { clientID: claimId, username: claimId, password: 'x', topics: topicTemplates });
    const challenge = publicEncrypt(
      { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      randomBytes(32),
    );
    return answer(200, { challenge: challenge.toString('base64') });
  });
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      let subscribed = 0;
      const reader = createPacketReader(
        (packet) => {
          onPacket(packet, webSocket);
          if (packet.cmd === 'connect')
            webSocket.send(encodePacket({ cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }, 5));
          if (packet.cmd !== 'subscribe') return;
          const suback = encodePacket({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [1] }, 5);
          if (++subscribed === 2) onSubscribed(webSocket, suback);
          else webSocket.send(suback);
        },
        { maxPacketBytes: 1024 * 1024, protocolVersion: 5 },
      );
      webSocket.on('message', (data) => reader.push(data as Buffer));
      webSocket.on('error', () => undefined);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const secureContext = createSecureContext({ ca: ca.ca });
  const identity: LinkIdentity = {
    claimId,
    cloudUrl: new URL(`https://localhost:${(server.address() as AddressInfo).port}`),
    privateKey,
    proxyWords: 'none',
    otherClaimProxy: undefined,
    route: async () => ({
      proxy: direct,
      trust: {
        tlsOptions: () => ({ secureContext, rejectUnauthorized: true, checkServerIdentity: () => undefined }),
      },
    }),
  };
  const known = {
    machineGuid: 'm',
    hostname: 'h',
    version: 'v',
    os: '',
    osName: '',
    osVersion: '',
    kernelName: '',
    kernelVersion: '',
    architecture: '',
  };
  link = createLink({
    facts: {
      ...known,
      cpus: 1,
      cpuFrequency: '',
      memory: '',
      diskSpace: '',
      timezone: '',
      virtualization: '',
      container: '',
      labels: {},
    },
    answer: async () => ({ status: 200, contentType: 'text/plain', body: 'answered' }),
    random: () => 0,
    nowMs: Date.now,
    log: { info: () => undefined, error: () => undefined },
  });
  link.reload(identity, { isGone: false });
  return link;
}

test('a request in the same breath as the last SUBACK is answered, and a session that ends in it is dialled again', async () => {
  let dials = 0;
  const replied = new Promise<string>((resolve) => {
    void start(
      (socket, suback) => {
        dials += 1;
        const next: Packet =
          dials === 1
            ? { cmd: 'disconnect', reasonCode: 0x8b, properties: {} }
            : {
                cmd: 'publish',
                topic: requestTopic(claimId),
                payload: encodeLinkRequest({
                  messageId: 'm1',
                  callbackTopic: '/reply',
                  timeoutMs: 1000,
                  target: '/api/v1/info',
                  headers: {},
                }),
                qos: 1,
                messageId: 9,
                dup: false,
                retain: false,
              };
        socket.send(Buffer.concat([suback, encodePacket(next, 5)]));
      },
      (packet) => {
        if (packet.cmd === 'publish' && packet.topic === '/reply') resolve(packet.payload.toString());
      },
    );
  });
  expect(await replied).toMatch(/answered$/);
  expect(dials).toBe(2);
  expect(link.status()).toMatchObject({ online: true, state: 'connected' });
});
