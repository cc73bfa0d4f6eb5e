// What an idle link costs the Cloud: how much its memory grows by 500 links of our own agent's link code. Beside it a bare server
// that only accepts as many WebSockets over TLS, with the same certificate. The first links warm both up and are not counted: with
// them come compiled code, TLS contexts and a larger heap, which are there once.

import { createPrivateKey, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, checkServerIdentity } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import { makeKeyPair } from '@claimstead/agent/claim/key-pair';
import { direct } from '@claimstead/agent/config/proxy';
import { createLink, type Link } from '@claimstead/agent/link/link';
import type { NodeFacts } from '@claimstead/agent/link/announce';
import { claimPath } from '@claimstead/wire/claim/claim-request';
import { fetchCloud } from '../harness/cloud-client.ts';
import type { Cloud } from '../harness/cloud.ts';
import { eventually, start } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';
import { countFrom, pause, printFigure } from './figure.ts';
import { residentBytes } from './process-cost.ts';

const count = countFrom('BENCH_LINKS', 500);
const warmUpCount = 100;
/** Connections that are being made at once: handshakes, not memory, are what a burst would measure. */
const atOnce = 20;
const settleMs = 10_000;

/** Lowest of some readings: between two collections of garbage, memory that is no longer needed is not the links'. */
async function settledBytes(pid: number): Promise<number> {
  await pause(settleMs);
  const readings: number[] = [];
  for (let reading = 0; reading < 10; reading++) {
    readings.push(await residentBytes(pid));
    await pause(500);
  }
  return Math.min(...readings);
}

/** Calls `work` so many times, `atOnce` at a time. */
async function inTurns(times: number, work: () => Promise<void>): Promise<void> {
  let left = times;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const factsOf = (machineGuid: string): NodeFacts => ({
  machineGuid,
  hostname: `bench-${machineGuid.slice(0, 8)}`,
  version: 'v0.1.0',
  os: 'linux',
  osName: 'Debian GNU/Linux',
  osVersion: '12 (bookworm)',
  kernelName: 'Linux',
  kernelVersion: '6.1',
  architecture: 'x86_64',
  cpus: 2,
  cpuFrequency: '2400000000',
  memory: '8589934592',
  diskSpace: '107374182400',
  timezone: 'UTC',
  virtualization: 'none',
  container: 'none',
  labels: {},
});

/** Claims and connects so many nodes of one key, in addition to `links`; resolves when the Cloud shows all of them as live. */
async function openLinks(cloud: Cloud, times: number, links: Link[]): Promise<void> {
  const { privatePem, publicPem } = await makeKeyPair();
  const privateKey = createPrivateKey(privatePem);
  const token = await cloud.token();
  const secureContext = createSecureContext({ ca: cloud.caPem, minVersion: 'TLSv1.2' });
  await inTurns(times, async () => {
    const machineGuid = randomUUID();
    const facts = factsOf(machineGuid);
    const body = {
      node: { id: machineGuid, hostname: facts.hostname },
      token,
      rooms: [],
      publicKey: publicPem,
      mGUID: machineGuid,
    };
    const claimed = await fetchCloud(cloud, 'PUT', claimPath(machineGuid), { body: JSON.stringify(body) });
    if (claimed.status !== 204)
      throw new Error(`a claim was answered with ${claimed.status}: ${claimed.body.toString()}`);
    const link = createLink({
      facts,
      answer: async () => ({ status: 404, contentType: 'text/plain', body: 'nothing here' }),
      streams: [],
      random: Math.random,
      nowMs: Date.now,
      log: { info: () => undefined, error: () => undefined },
    });
    links.push(link);
    const identity = {
      claimId: machineGuid,
      cloudUrl: new URL(cloud.url),
      privateKey,
      hostname: undefined,
      proxyWords: 'none',
      otherClaimProxy: undefined,
      route: async () => ({
        proxy: direct,
        trust: { tlsOptions: () => ({ secureContext, rejectUnauthorized: true, checkServerIdentity }) },
      }),
    };
    link.reload(identity, { isGone: false });
    await eventually(() => link.status().online || undefined);
  });
  await eventually(async () => {
    const live = (await cloud.nodes()).filter(({ state }) => state === 'live');
    return live.length === links.length ? true : undefined;
  });
}

/** Bytes that one WebSocket over TLS costs a server that does nothing with it. */
async function bareBytesPerSocket(world: World, cloud: Cloud): Promise<number> {
  const server = world.keep(
    start(process.execPath, [process.argv[1] ?? '', 'bare', join(cloud.dataFolder, 'cloud/tls')]),
  );
  const [, port = ''] = await server.printed(/^listening (\d+)$/m);
  const sockets: WebSocket[] = [];
  const open = async (): Promise<void> => {
    const socket = new WebSocket(`wss://localhost:${port}/`, 'mqtt', { ca: cloud.caPem, perMessageDeflate: false });
    await once(socket, 'open');
    sockets.push(socket);
  };
  await inTurns(warmUpCount, open);
  const before = await settledBytes(server.pid);
  await inTurns(count, open);
  const bytes = ((await settledBytes(server.pid)) - before) / count;
  for (const socket of sockets) socket.terminate();
  return bytes;
}

/** The other role of this file: the bare server, in a process of its own. */
async function serveBare(tlsFolder: string): Promise<void> {
  const pem = await readFile(join(tlsFolder, 'server.pem'), 'utf8');
  const server = createServer({ key: pem, cert: pem, minVersion: 'TLSv1.2' });
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) =>
    socket.on('message', () => undefined),
  );
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.stdout.write(`listening ${typeof address === 'object' ? address?.port : ''}\n`);
  });
}

async function measure(): Promise<void> {
  const world = await createWorld();
  const links: Link[] = [];
  try {
    const cloud = await world.cloud();
    await openLinks(cloud, warmUpCount, links);
    const before = await settledBytes(cloud.process.pid);
    await openLinks(cloud, count, links);
    const perLink = ((await settledBytes(cloud.process.pid)) - before) / count;
    const dropped = links.filter((link) => !link.status().online).length;
    if (dropped > 0) throw new Error(`${dropped} of ${links.length} links broke while they were idle`);
    const perSocket = await bareBytesPerSocket(world, cloud);
    printFigure({
      name: `Cloud with ${count} idle links, VmRSS per link`,
      value: perLink / 1024,
      unit: 'KiB',
      peer: { name: 'bare WebSocket over TLS', value: perSocket / 1024 },
    });
  } finally {
    await Promise.all(links.map((link) => link.stop({ isGone: false })));
    await world.end();
  }
}

const [, , role, folder] = process.argv;
await (role === 'bare' ? serveBare(folder ?? '') : measure());
