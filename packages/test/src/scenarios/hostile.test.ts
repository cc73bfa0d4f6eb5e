// One bad client never disturbs another, and never costs the Cloud its memory.

import { readFile } from 'node:fs/promises';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cloud } from '../harness/cloud.ts';
import type { CloudClient } from '../harness/cloud-client.ts';
import { eventually } from '../harness/programs.ts';
import { startRawAgent } from '../harness/raw-agent.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;
let client: CloudClient;
let honest: string;

const residentMiB = async (): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${cloud.process.pid}/status`, 'utf8'))?.[1]) / 1024;
const answers = async (): Promise<boolean> =>
  (await client.send('GET', `/nodes/${honest}/agent/api/v1/info`)).status === 200;

beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
  const agent = await world.agent(cloud);
  honest = await world.claimed(cloud, agent);
  client = await cloud.client();
});
afterAll(() => world.end());

describe('hostile agents', () => {
  test('14 first packets that announce 100 MB, sent as fast as they go, grow the Cloud by at most 20 MB', async () => {
    expect(await answers()).toBe(true);
    const before = await residentMiB();
    const chunk = Buffer.alloc(256 * 1024);
    for (let i = 0; i < 14; i++) {
      const socket = new WebSocket(cloud.url.replace('https', 'wss') + '/mqtt', 'mqtt', {
        ca: cloud.caPem,
        perMessageDeflate: false,
      });
      socket.on('error', () => undefined);
      await once(socket, 'open');
      const closed = once(socket, 'close');
      socket.send(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x32]));
      for (let sent = 0; sent < 400 && socket.readyState === socket.OPEN; sent++)
        await new Promise<void>((resolve) => socket.send(chunk, () => resolve()));
      await closed;
    }
    expect((await residentMiB()) - before).toBeLessThan(20);
    expect(await answers()).toBe(true);
  });

  test('compressed WebSocket frames are not even negotiated', async () => {
    const socket = new WebSocket(cloud.url.replace('https', 'wss') + '/mqtt', 'mqtt', {
      ca: cloud.caPem,
      perMessageDeflate: true,
    });
    await once(socket, 'open');
    expect(socket.extensions).toBe('');
    socket.terminate();
  });

  test('a session cookie opens no link', async () => {
    const socket = new WebSocket(cloud.url.replace('https', 'wss') + '/mqtt', 'mqtt', {
      ca: cloud.caPem,
      headers: { cookie: client.cookie },
    });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    socket.send(Buffer.from([0xc0, 0x00]));
    await closed;
    expect((await cloud.nodes()).filter(({ state }) => state === 'live')).toHaveLength(1);
  });
});

describe('hostile browsers', () => {
  test('200 that ask for large answers and never read them cost bounded memory, and others are served', async () => {
    const body = Buffer.alloc(1024 * 1024, 'x');
    const raw = await startRawAgent(cloud, {
      hostname: 'large',
      answer: (_, reply) =>
        reply(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n'), body])),
    });
    const id = await eventually(
      async () =>
        (await cloud.nodes()).find(({ claimId, state }) => claimId === raw.claimId && state === 'live')?.nodeId,
    );
    const before = await residentMiB();
    const sockets = [];
    for (let i = 0; i < 200; i++) {
      const socket = connectTls({ host: '127.0.0.1', port: cloud.port, ca: cloud.caPem, servername: 'localhost' });
      socket.on('error', () => undefined);
      await once(socket, 'secureConnect');
      socket.pause();
      socket.write(
        `GET /api/cloud/v1/nodes/${id}/agent/api/v1/info HTTP/1.1\r\nHost: localhost\r\nCookie: ${client.cookie}\r\n\r\n`,
      );
      sockets.push(socket);
    }
    expect(await answers()).toBe(true);
    expect((await residentMiB()) - before).toBeLessThan(256 + 64);
    for (const socket of sockets) socket.destroy();
    await eventually(async () =>
      (await client.send('GET', `/nodes/${id}/agent/api/v1/info`)).status === 200 ? true : undefined,
    );
  });

  test('what is not a message of the events socket is refused in words, and the socket goes on', async () => {
    const events = await client.events();
    for (const text of [
      '',
      '{',
      '[]',
      '{"type":"watch"}',
      '{"type":"watch","watchId":"a","nodeIds":"all","chart":"../x?y"}',
      '{"type":"format-disk"}',
      'null',
      '{"type":"unwatch","watchId":"a","extra":1}',
    ]) {
      const before = events.messages.filter(({ type }) => type === 'refused').length;
      events.socket.send(text);
      await eventually(() =>
        events.messages.filter(({ type }) => type === 'refused').length > before ? true : undefined,
      );
    }
    const closed = once(events.socket, 'close');
    events.socket.send('x'.repeat(64 * 1024));
    await closed;
  });

  test.each([
    [
      'a second body',
      'POST /api/cloud/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    ],
    [
      'two framings',
      'POST /api/cloud/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no request', '\u0016\u0003\u0001'],
    [
      '2,000 headers',
      `GET /mqtt HTTP/1.1\r\nHost: localhost\r\n${Array.from({ length: 2000 }, (_, i) => `X-${i}: y`).join('\r\n')}\r\n\r\n`,
    ],
  ])('%s ends in 4xx, not in a fault', async (_, text) => {
    const socket = connectTls({ host: '127.0.0.1', port: cloud.port, ca: cloud.caPem, servername: 'localhost' });
    await once(socket, 'secureConnect');
    socket.write(text);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer.toString()).not.toMatch(/\bat .*\.[jt]s/);
    socket.destroy();
    expect(await answers()).toBe(true);
  });
});
