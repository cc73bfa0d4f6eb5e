// What an agent cannot do in another's name, and what is not MQTT at all. [trust T6, T17]

import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type Packet } from 'mqtt-packet';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import { encodeLinkReply } from '@claimstead/wire/link/http-over-link';
import { replyTopic, upstreamTopics, type UpstreamName } from '@claimstead/wire/link/topics';
import { upstreamCodecs } from '@claimstead/wire/link/upstream';
import type { ClaimedNode } from '../node/node.ts';
import { createRelay } from '../relay/link-relay.ts';

import {
  Client,
  a,
  alerts,
  announce,
  asker,
  b,
  changes,
  connectionTopic,
  elsewhere,
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
  willOf,
} from './testing/gateway-world.ts';

useGateway();

const topicOf = (name: UpstreamName): string =>
  [...upstreamTopics(a.claimId)].find(([, carries]) => carries === name)?.[0] ?? '';
const createNode = encodeUpstream('CreateNodeInstance', { claimId: a.claimId, machineGuid: a.machineGuid });

describe('an agent that speaks for another', () => {
  test('with its topic, alias, filter or wildcard has no effect', async () => {
    await live(b);
    const attempts: ((client: Client) => void)[] = [
      ...[
        ...upstreamTopics(b.claimId).keys(),
        replyTopic(b.claimId),
        `/agent/${b.claimId}/inbound/cmd`,
        '$SYS/x',
        '#',
        '+',
        `/agent/+/outbound/v1/connection`,
        `/agent/${a.claimId}/../${b.claimId}/outbound/v1/connection`,
      ].map((topic) => (client: Client) => client.publish(topic, announce(b, false, 99n))),
      (client) => client.publish(connectionTopic(b), announce(b, false, 99n), { properties: { topicAlias: 3 } }),
      (client) => client.publish('', announce(b, false, 99n), { properties: { topicAlias: 900 } }),
      (client) => client.publish('', announce(b, false, 99n), { properties: { topicAlias: 5000 } }),
      ...[
        '#',
        '+/+',
        '$SYS/#',
        `/agent/${b.claimId}/inbound/cmd`,
        `/agent/${b.claimId}/inbound/v1/cmd/#`,
        '/agent/#',
      ].map(
        (topic) => (client: Client) =>
          client.send({ cmd: 'subscribe', messageId: 3, subscriptions: [{ topic, qos: 1 }] }),
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

  /** Every message about somebody else's ids, under a's own claim and under theirs. */
  const messagesAbout = (other: ClaimedNode) =>
    (Object.keys(upstreamCodecs) as UpstreamName[])
      .filter((name) => name !== 'ProvideAlarmConfiguration')
      .flatMap((name) =>
        [other.claimId, a.claimId].map((claimId) => {
          const codec = upstreamCodecs[name] as {
            create(fields: object): object;
            encode(message: never): { finish(): Uint8Array };
          };
          const { nodeId, machineGuid } = other;
          const lie = {
            sessionId: 9_999n,
            reachable: false,
            liveness: false,
            hostname: 'pwned',
            data: { name: 'pwned' },
          };
          const bytes = codec.encode(codec.create({ claimId, nodeId, machineGuid, ...lie }) as never).finish();
          return { name, claimId, bytes };
        }),
      )
      // One without a node is bound by its claim alone.
      .filter(({ name, claimId }) => name !== 'UpdateAgentConnection' || claimId !== a.claimId);
  /** With these a parent tells of a machine that it streams; under its own claim they are no lie. */
  const byParents: UpstreamName[] = ['CreateNodeInstance', 'UpdateNodeInfo'];

  test('with its ids in a payload, in every message there is, has no effect', async () => {
    const victim = await live(elsewhere);
    const client = await live(a);
    const before = changes.length;
    for (const { name, claimId, bytes } of messagesAbout(elsewhere)) {
      client.publish(topicOf(name), bytes);
      const isAboutMachine = claimId === a.claimId && byParents.includes(name);
      expect([name, await client.outcome()]).toEqual([name, isAboutMachine ? 0 : 0x87]);
    }
    expect(stateOf(elsewhere)).toBe('live');
    expect(presence.pathsTo(elsewhere.nodeId)).toMatchObject([{ claimId: elsewhere.claimId }]);
    expect(told.of(elsewhere.nodeId).info).toBeNull();
    expect(changes).toHaveLength(before);
    expect(victim.closed).toBe(false);
    // A machine of that GUID is a node of its own in a's Space.
    const twin = stored.find(
      ({ machineGuid, spaceId }) => machineGuid === elsewhere.machineGuid && spaceId === a.spaceId,
    );
    expect(twin).toMatchObject({ claimId: null });
    expect(twin?.nodeId).not.toBe(elsewhere.nodeId);
  });

  test('of its own Space changes nothing of it while it is connected', async () => {
    await live(b);
    const client = await live(a);
    const answersOf = () => presence.pathsTo(b.nodeId)[0];
    for (const { name, bytes } of messagesAbout(b)) {
      client.publish(topicOf(name), bytes);
      await client.outcome();
      expect([name, stateOf(b), answersOf()?.claimId]).toEqual([name, 'live', b.claimId]);
    }
    expect(told.of(b.nodeId).info).toBeNull();
    expect(alerts.countsOf(b.claimId, b.nodeId)).toBeUndefined();
  });

  test('and subscribes to nothing is sent away; it is no fault of ours', async () => {
    const client = new Client();
    await client.connect(a);
    // Fixed header with the length, packet id, no properties, and no filter. [MQTT-3.8.3-2]
    client.socket.send(Buffer.from([0x82, 3, 0, 9, 0]));
    await client.until(() => client.closed);
    expect(refused.at(-1)).toBe('it subscribed to nothing');
  });

  test('with the id of a request to another answers nobody', async () => {
    const victim = await live(b);
    const thief = await live(a);
    const relay = createRelay({ links, pathsTo: (nodeId) => presence.pathsTo(nodeId) });
    const asked = relay.ask({ nodeId: b.nodeId, target: '/api/v1/info', asker });
    await victim.until(() =>
      victim.packets.some((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd')),
    );
    const request = victim.packets.find((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd'));
    const { 'msg-id': messageId } = JSON.parse(
      (request?.cmd === 'publish' ? request.payload.toString() : '').split('\r\n')[0] ?? '',
    ) as { 'msg-id': string };
    const reply = (body: string): Buffer =>
      encodeLinkReply(
        { messageId, status: 200, contentType: 'text/plain', contentEncoding: undefined, body: Buffer.from(body) },
        { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 },
      );
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
    client.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      keepalive: 60,
      clientId: name,
      username: name,
      password: Buffer.from(name),
      properties: {},
    });
    await client.until(() => client.closed);
    expect(links.size).toBe(0);
  });
});

describe('an agent that does not read', () => {
  const floods: [string, (client: Client) => void][] = [
    ['what is answered with a message', (client) => client.publish(topicOf('CreateNodeInstance'), createNode)],
    ['WebSocket pings', (client) => client.socket.ping(Buffer.alloc(120))],
  ];
  test.each(floods)('and floods the Cloud with %s is cut; the Cloud and the links of others go on', async (_, say) => {
    const honest = await live(b);
    const client = await live(a);
    client.socket.pause();
    for (let sent = 0; sent < 400_000 && links.of(a.claimId) !== undefined; sent++) {
      say(client);
      if (sent % 500 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    client.socket.resume();
    await until(() => stateOf(a) === 'offline');
    honest.send({ cmd: 'pingreq' });
    await honest.until(() => honest.packets.some((packet) => packet.cmd === 'pingresp'));
    expect(stateOf(b)).toBe('live');
  });
});

describe('what is not MQTT', () => {
  const firstPackets: [string, (client: Client) => void][] = [
    ['another first packet', (client) => client.send({ cmd: 'pingreq' })],
    ['a first packet of 256 MB', (client) => client.socket.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))],
    ['a length of five bytes', (client) => client.socket.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]))],
    [
      '5 KiB before CONNECT',
      (client) => client.socket.send(Buffer.concat([Buffer.from([0x10, 0x80, 0x28]), Buffer.alloc(5120)])),
    ],
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
    [
      'QoS 2',
      { cmd: 'publish', topic: connectionTopic(a), payload: '', qos: 2, dup: false, retain: false, messageId: 1 },
    ],
    [
      'a second CONNECT',
      {
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 5,
        clean: true,
        keepalive: 60,
        clientId: a.claimId,
        username: a.claimId,
        password: Buffer.from(a.claimId),
        properties: {},
      },
    ],
    ['UNSUBSCRIBE', { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['#'] }],
  ])('%s ends an open link', async (_, packet) => {
    const client = await live(a);
    client.send(packet);
    await client.until(() => client.closed);
    await until(() => stateOf(a) === 'offline');
  });
});
