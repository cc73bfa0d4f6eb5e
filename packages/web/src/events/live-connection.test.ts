import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { BrowserMessage, CloudMessage } from '@claimstead/wire/cloud-api/events';
import { afterEach, expect, it } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { createLiveConnection, type LiveConnection } from './live-connection.ts';

const nodeId = '00000000-0000-4000-8000-000000000001';
const watch = { nodeIds: [nodeId], chart: 'system.cpu', historySeconds: 1 };
const samples = (watchId: string): CloudMessage => ({
  type: 'samples',
  watchId,
  nodeId,
  chart: 'system.cpu',
  dimensions: ['user'],
  rows: [[1, 2]],
});

/** A server whose connections and messages can be awaited one after the other. */
async function startServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const waiting: ((value: { socket: ServerSocket; message: BrowserMessage }) => void)[] = [];
  const arrived: { socket: ServerSocket; message: BrowserMessage }[] = [];
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const value = { socket, message: JSON.parse((data as Buffer).toString('utf8')) as BrowserMessage };
      const next = waiting.shift();
      if (next) next(value);
      else arrived.push(value);
    }),
  );
  const nextMessage = (): Promise<{ socket: ServerSocket; message: BrowserMessage }> => {
    const value = arrived.shift();
    return value ? Promise.resolve(value) : new Promise((resolve) => waiting.push(resolve));
  };
  return { server, nextMessage, url: () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

async function start() {
  const { server, nextMessage, url } = await startServer();
  let lost = 0;
  let wake = (): void => undefined;
  const connection: LiveConnection = createLiveConnection({
    openSocket: () => new NodeWebSocket(url()) as unknown as WebSocket,
    random: () => 0,
    nowMs: Date.now,
    onWake: (given) => {
      wake = given;
      return () => undefined;
    },
    onLost: () => (lost += 1),
  });
  connection.start();
  ends.push(
    () => connection.close(),
    () => server.close(),
  );
  return { connection, nextMessage, lost: () => lost, wake: () => wake() };
}

it('watches again after the connection was lost, and tells each watch its own rows', async () => {
  const { connection, nextMessage, lost, wake } = await start();
  const rows = await new Promise((resolve) => {
    connection.watch(watch, { onSamples: (message) => resolve(message.rows), onFailed: () => undefined });
    void (async () => {
      const first = await nextMessage();
      expect(first.message).toEqual({ type: 'watch', watchId: 'w1', ...watch });
      first.socket.terminate();
      const closed = new Promise<void>((done) => connection.onStatus(() => !connection.status().isOpen && done()));
      await closed;
      wake();
      const second = await nextMessage();
      expect(second.message).toEqual(first.message);
      second.socket.send('not JSON');
      second.socket.send(JSON.stringify({ type: 'from the future' }));
      second.socket.send(JSON.stringify(samples('w9')));
      second.socket.send(JSON.stringify(samples('w1')));
    })();
  });
  expect(rows).toEqual([[1, 2]]);
  expect(lost()).toBe(1);
  expect(connection.status().isOpen).toBe(true);
});

it('ends a watch once', async () => {
  const { connection, nextMessage } = await start();
  const end = connection.watch(watch, { onSamples: () => undefined, onFailed: () => undefined });
  await nextMessage();
  end();
  end();
  connection.watch({ ...watch, chart: 'system.ram' }, { onSamples: () => undefined, onFailed: () => undefined });
  expect((await nextMessage()).message).toEqual({ type: 'unwatch', watchId: 'w1' });
  expect((await nextMessage()).message).toMatchObject({ type: 'watch', watchId: 'w2', chart: 'system.ram' });
});

it('hands on what is not about a watch', async () => {
  const { connection, nextMessage } = await start();
  const heard = new Promise<CloudMessage>((resolve) => connection.onMessage(resolve));
  connection.watch(watch, { onSamples: () => undefined, onFailed: () => undefined });
  (await nextMessage()).socket.send(JSON.stringify({ type: 'hello', serverTime: '2026-01-01T00:00:00.000Z' }));
  expect(await heard).toEqual({ type: 'hello', serverTime: '2026-01-01T00:00:00.000Z' });
});
