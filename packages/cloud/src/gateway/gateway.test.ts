import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { generate } from 'mqtt-packet';
import { encodeLinkReply } from '@claimstead/wire/link/http-over-link';
import { topicTable } from '@claimstead/wire/link/topics';
import { createRelay } from '../relay/link-relay.ts';

import {
  Client,
  a,
  announce,
  asker,
  changes,
  connectionTopic,
  links,
  live,
  presence,
  stateOf,
  until,
  useGateway,
  willOf,
} from './testing/gateway-world.ts';

useGateway();

describe('a link', () => {
  test('makes its node live, tells it its node id first, then asks for its nodes', async () => {
    const client = await live(a);
    expect(stateOf(a)).toBe('live');
    const told = client.packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic.split('/').at(-1)] : []));
    expect(told).toEqual(['CreateNodeInstanceResult', 'SendNodeInstances']);
    expect(client.packets.find((packet) => packet.cmd === 'connack')).toMatchObject({
      reasonCode: 0,
      properties: { topicAliasMaximum: 100 },
    });
  });

  test('comes from where the reverse proxy says, if there is one', async () => {
    const client = new Client({ 'x-forwarded-for': '198.51.100.1, 203.0.113.9' });
    await client.connect(a, willOf(a, 1n));
    expect(links.of(a.claimId)?.remoteAddress).toBe('203.0.113.9');
  });

  test('relays a request, with who asks in four headers, and gives back the answer', async () => {
    const client = await live(a);
    const relay = createRelay({ links, pathsTo: (nodeId) => presence.pathsTo(nodeId) });
    const asked = relay.ask({ nodeId: a.nodeId, target: '/api/v1/data?chart=system.cpu', asker });
    await client.until(() =>
      client.packets.some((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd')),
    );
    const request = client.packets.find((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/cmd'));
    const text = request?.cmd === 'publish' ? request.payload.toString() : '';
    for (const header of [
      'X-Netdata-Role: admin',
      'X-Netdata-Permissions: 7ff',
      'X-Netdata-User-Name: ada@example',
      `X-Netdata-Account-Id: ${asker.accountId}`,
    ]) {
      expect(text.split(header)).toHaveLength(2);
    }
    const { 'msg-id': messageId, 'callback-topic': callback } = JSON.parse(text.split('\r\n')[0] ?? '') as {
      'msg-id': string;
      'callback-topic': string;
    };
    client.publish(
      callback,
      encodeLinkReply(
        {
          messageId,
          status: 200,
          contentType: 'application/json',
          contentEncoding: undefined,
          body: Buffer.from('{"a":1}'),
        },
        { nowUs: 1n, connectedAtUs: 1n, executionUs: 1 },
      ),
    );
    expect((await asked).body.toString()).toBe('{"a":1}');
  });

  test('is told to stop when nobody waits any more, and when the deadline passes', async () => {
    const client = await live(a);
    const relay = createRelay({ links, pathsTo: (nodeId) => presence.pathsTo(nodeId) });
    const abort = new AbortController();
    const asked = relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker, signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'relay-cancelled' });
    await expect(relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker, timeoutMs: 20 })).rejects.toMatchObject({
      kind: 'relay-timeout',
    });
    await client.until(
      () =>
        client.packets.filter((packet) => packet.cmd === 'publish' && packet.topic.endsWith('/CancelPendingRequest'))
          .length === 2,
    );
  });

  test('fails what waits when it breaks, and its node is offline with the reason', async () => {
    const client = await live(a);
    const relay = createRelay({ links, pathsTo: (nodeId) => presence.pathsTo(nodeId) });
    const asked = relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker });
    client.socket.terminate();
    await expect(asked).rejects.toMatchObject({ kind: 'relay-link-lost' });
    await until(() => stateOf(a) === 'offline');
    expect(presence.of(a).lastLinkError).toMatch(/broke/);
    await expect(relay.ask({ nodeId: a.nodeId, target: '/api/v1/info', asker })).rejects.toMatchObject({
      kind: 'node-offline',
    });
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
    client.publish('', announce(a, true, 1n), {
      properties: { topicAlias: topicTable.findIndex(([name]) => name === 'agent-connection') + 1 },
    });
    await until(() => stateOf(a) === 'live');
  });

  test('may be spoken in MQTT 3.1.1', async () => {
    const client = new Client();
    await once(client.socket, 'open');
    client.socket.send(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 60,
        clientId: a.claimId,
        username: a.claimId,
        password: Buffer.from(a.claimId),
      }),
    );
    client.socket.send(
      generate({
        cmd: 'publish',
        topic: connectionTopic(a),
        payload: Buffer.from(announce(a, true, 1n)),
        qos: 1,
        dup: false,
        retain: false,
        messageId: 5,
      }),
    );
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
