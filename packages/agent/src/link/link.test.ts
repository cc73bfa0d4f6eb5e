// The link's shell against a Cloud that is scripted to the byte.

import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { UpdateAgentConnection } from '@claimstead/wire/gen/link/v1/connection';
import { encodeLinkRequest } from '@claimstead/wire/link/http-over-link';
import { decodeUpstream, encodeDownstream } from '@claimstead/wire/link/envelope';
import { commandTopic, requestTopic } from '@claimstead/wire/link/topics';
import { encodePacket, type Packet } from '@claimstead/wire/mqtt/packet';
import { resolveProxy } from '../config/proxy.ts';
import type { LinkIdentity } from './identity.ts';
import { aclkStateJson } from './aclk-state.ts';
import { claimId, startLink, type LinkScript, type LinkWorld } from './testing/scripted-link-cloud.ts';

let world: LinkWorld;
const start = async (script: Partial<LinkScript>): Promise<LinkWorld> => (world = await startLink(script));
afterEach(() => world.close());

const request: Packet = {
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

test('a request in the same breath as the last SUBACK is answered, and a session that ends in it is dialled again', async () => {
  let dials = 0;
  const replied = new Promise<string>((resolve) => {
    void start({
      onSubscribed: (socket, suback) => {
        dials += 1;
        const next: Packet = dials === 1 ? { cmd: 'disconnect', reasonCode: 0x8b, properties: {} } : request;
        socket.send(Buffer.concat([suback, encodePacket(next, 5)]));
      },
      onPacket: (packet) => {
        if (packet.cmd === 'publish' && packet.topic === '/reply') resolve(packet.payload.toString());
      },
    });
  });
  expect(await replied).toMatch(/answered$/);
  expect(dials).toBe(2);
  expect(world.link.status()).toMatchObject({ online: true, state: 'connected', lastError: undefined });
});

test('a command in the same breath as the last SUBACK is done', async () => {
  const list: Packet = {
    ...request,
    topic: commandTopic(claimId, 'SendNodeInstances'),
    payload: Buffer.from(encodeDownstream('SendNodeInstances', {})),
  };
  const asked = new Promise<string>((resolve) => {
    void start({
      onSubscribed: (socket, suback) => socket.send(Buffer.concat([suback, encodePacket(list, 5)])),
      onPacket: (packet) => {
        if (packet.cmd === 'publish' && packet.topic.endsWith('/create-node-instance')) resolve(packet.topic);
      },
    });
  });
  expect(await asked).toContain(claimId);
});

test.each([
  ['of the agent', undefined, 'h'],
  ['that the claim chose', 'web-1', 'web-1'],
])('the node is announced under the name %s', async (_, hostname, expected) => {
  const result = { machineGuid: 'm', nodeId: '7b5c5a52-1b0c-4f3c-9a35-6a3f1f2f9a11' };
  const give: Packet = {
    ...request,
    topic: commandTopic(claimId, 'CreateNodeInstanceResult'),
    payload: Buffer.from(encodeDownstream('CreateNodeInstanceResult', result)),
  };
  const told = new Promise<string | undefined>((resolve) => {
    void start({
      identity: { hostname },
      onPacket: (packet, socket) => {
        if (packet.cmd !== 'publish') return;
        if (packet.topic.endsWith('/outbound/v1/connection')) socket.send(encodePacket(give, 5));
        if (!packet.topic.endsWith('/node-instance-info')) return;
        const decoded = decodeUpstream('UpdateNodeInfo', Buffer.from(packet.payload));
        if (decoded.outcome === 'message' && decoded.message.name === 'UpdateNodeInfo')
          resolve(decoded.message.message.data?.name);
      },
    });
  });
  expect(await told).toBe(expected);
});

test('a reload of the same claim leaves the link alone, one of another claim makes a new link', async () => {
  let dials = 0;
  let wake = (): void => undefined;
  const connected = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  const first = connected();
  await start({
    onPacket: (packet) => {
      if (packet.cmd === 'connect') dials += 1;
      if (packet.cmd === 'publish' && packet.topic.endsWith('/outbound/v1/connection')) wake();
    },
  });
  await first;
  const { identity, link } = world;
  link.reload({ ...identity }, { isGone: false });
  expect(link.status()).toMatchObject({ online: true, connects: 1 });
  const farewell = connected();
  link.reload({ ...identity, hostname: 'another' }, { isGone: false });
  expect(link.status().online).toBe(false);
  await farewell;
  await connected();
  expect(dials).toBe(2);
});

test('the stopwatch tells every station of the newest connection, the first answer last', async () => {
  const replied = new Promise<void>((resolve) => {
    void start({
      onSubscribed: (socket, suback) => socket.send(Buffer.concat([suback, encodePacket(request, 5)])),
      onPacket: (packet) => {
        if (packet.cmd === 'publish' && packet.topic === '/reply') resolve();
      },
    });
  });
  await replied;
  const status = world.link.status();
  const stations = ['dns', 'tcp', 'tls', 'environment', 'challenge', 'password', 'websocket', 'mqtt', 'first-sample'];
  expect(status.stopwatch.map(({ hop }) => hop)).toEqual(stations);
  expect(status.stopwatch.every(({ ms }) => ms >= 0 && ms < 30_000)).toBe(true);
  const json = aclkStateJson({ status, claimed: true, machineGuid: 'm', hostname: 'h', nowMs: Date.now() });
  expect(json).toMatchObject({ 'last-error-code': null, stopwatch: stations.map((hop) => ({ hop })) });
});

/** Everything that the agent says of its reachability, in order. */
async function farewells(
  say: (link: LinkWorld['link']) => unknown,
): Promise<{ reachable: boolean; unclaimed: boolean }[]> {
  const told: { reachable: boolean; unclaimed: boolean }[] = [];
  let over = (): void => undefined;
  const isOver = new Promise<void>((resolve) => (over = resolve));
  await start({
    onPacket: (packet) => {
      if (packet.cmd === 'disconnect') over();
      if (packet.cmd !== 'publish' || !packet.topic.endsWith('/outbound/v1/connection')) return;
      const { reachable, unclaimed } = UpdateAgentConnection.decode(packet.payload as Buffer);
      told.push({ reachable, unclaimed });
    },
  });
  await world.logged(/connected to the Cloud/);
  await say(world.link);
  await isOver;
  return told;
}

test.each<[string, (link: LinkWorld['link']) => unknown, boolean]>([
  ['a stop', (link) => link.stop({ isGone: false }), false],
  ['a stop after claim.d was deleted', (link) => link.stop({ isGone: true }), true],
  ['a reload that cannot read the claim', (link) => link.reload(undefined, { isGone: false }), false],
  ['a reload after claim.d was deleted', (link) => link.reload(undefined, { isGone: true }), true],
])('%s says goodbye, and whether it is for good', async (_, say, unclaimed) => {
  expect(await farewells(say)).toEqual([
    { reachable: true, unclaimed: false },
    { reachable: false, unclaimed },
  ]);
});

test.each([
  [0x8e, 'identity-contested', /same identity connected from elsewhere.*machine GUID and claim\.d/],
  [0x98, 'node-removed', /no longer claimed in the Cloud/],
])('a session that is ended with %d has its code, its words and its pace', async (reasonCode, code, words) => {
  await start({
    onSubscribed: (socket, suback) =>
      socket.send(Buffer.concat([suback, encodePacket({ cmd: 'disconnect', reasonCode, properties: {} }, 5)])),
  });
  expect(await world.logged(/the link to the Cloud is down/)).toMatch(words);
  const { lastErrorCode, nextRetryAtMs } = world.link.status();
  expect(lastErrorCode).toBe(code);
  if (code === 'identity-contested') expect((nextRetryAtMs ?? 0) - Date.now()).toBeGreaterThan(9_000);
});

test('an identity that others use too: the sentence of the Cloud is logged, and its delay kept', async () => {
  const errorMessage = 'Two machines use this identity: web-1 (10.0.0.1) and web-2 (10.0.0.2).';
  await start({
    refusal: {
      status: 409,
      body: { errorCode: 'x', errorMsgKey: 'ErrIdentityContested', errorMessage, errorRetryDelaySeconds: 60 },
    },
  });
  expect(await world.logged(/is down/)).toContain(errorMessage);
  const { lastErrorCode, nextRetryAtMs, state } = world.link.status();
  expect([lastErrorCode, state]).toEqual(['identity-contested', 'waiting']);
  expect((nextRetryAtMs ?? 0) - Date.now()).toBeGreaterThan(55_000);
});

test.each([
  [403, 'ErrNodeRemoved', true, 'node-removed'],
  [404, 'ErrUnknownClaim', false, 'claim-unknown'],
])(
  '%d %s: this node is no longer claimed, and the link asks slowly',
  async (status, errorMsgKey, errorNonRetryable, code) => {
    const body = { errorCode: 'x', errorMsgKey, errorMessage: 'Gone.', errorNonRetryable, errorRetryDelaySeconds: 60 };
    await start({ refusal: { status, body } });
    expect(await world.logged(/is down/)).toContain('no longer claimed in the Cloud');
    const { lastErrorCode, nextRetryAtMs } = world.link.status();
    expect(lastErrorCode).toBe(code);
    expect((nextRetryAtMs ?? 0) - Date.now()).toBeGreaterThan(55_000);
  },
);

test('a link that fails on its way points at the proxy that the claim went through', async () => {
  // A port that was free a moment ago.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { proxy } = resolveProxy(`http://user:CANARY@127.0.0.1:${port}`, 'test', {});
  if (proxy.kind === 'malformed') throw new Error(proxy.sentence);
  const identity: Partial<LinkIdentity> = {
    proxyWords: proxy.masked,
    otherClaimProxy: 'socks5h://***@proxy.example:1080',
    route: async () => ({ proxy, trust: { tlsOptions: () => { throw new Error('nothing gets that far'); } } }), // prettier-ignore
  };
  await start({ identity });
  const line = await world.logged(/is down/);
  expect(line).toMatch(
    /The proxy .* refused the connection.*claim went through another proxy \(socks5h:\/\/\*\*\*@proxy/,
  );
  expect(line).not.toContain('CANARY');
  expect(world.link.status().lastErrorCode).toBe('proxy-refused');
});
