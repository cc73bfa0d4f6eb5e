// The mock's live events: nodes as they change, and rows of what the browser watches, once a second.

import type { IncomingMessage, Server } from 'node:http';
import { BrowserMessage, type CloudMessage } from '@claimstead/wire/cloud-api/events';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { WebSocketServer, type WebSocket } from 'ws';
import { dataAnswer } from './metrics.ts';
import type { World } from './world.ts';

type Watch = Extract<BrowserMessage, { type: 'watch' }>;

/** Returns what ends every connection: an HTTP server does not close while upgraded ones are open. */
export function serveEvents(
  server: Server,
  world: World,
  mayConnect: (request: IncomingMessage) => boolean,
): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536 });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== `${apiBase}/events` || !mayConnect(request)) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (webSocket) => talk(webSocket, world));
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}

function talk(socket: WebSocket, world: World): void {
  const watches = new Map<string, Watch>();
  const send = (message: CloudMessage): void => socket.send(JSON.stringify(message));
  const samples = (watch: Watch, seconds: number): void => {
    for (const node of world.nodes.values()) {
      const isWatched = watch.nodeIds === 'all' || watch.nodeIds.includes(node.nodeId);
      if (!isWatched || node.state !== 'live') continue;
      const query = new URLSearchParams({ chart: watch.chart, after: String(-seconds) });
      const answer = dataAnswer(node.nodeId, query, Math.floor(Date.now() / 1000), 0);
      const rows = answer?.data.filter((row) => row.slice(1).some((value) => value !== null)).reverse() ?? [];
      if (answer && rows.length > 0) {
        send({
          type: 'samples',
          watchId: watch.watchId,
          nodeId: node.nodeId,
          chart: watch.chart,
          dimensions: answer.labels.slice(1),
          rows,
        });
      }
    }
  };
  const onChange: Parameters<World['listeners']['add']>[0] = (change) =>
    'node' in change
      ? send({ type: 'node', node: change.node })
      : send({ type: 'node-removed', nodeId: change.removed.nodeId, spaceId: change.removed.spaceId });

  const everySecond = setInterval(() => {
    for (const watch of watches.values()) samples(watch, 2);
  }, 1_000);
  world.listeners.add(onChange);
  socket.on('close', () => {
    clearInterval(everySecond);
    world.listeners.delete(onChange);
  });
  socket.on('message', (data) => {
    const parsed = BrowserMessage.safeParse(JSON.parse((data as Buffer).toString('utf8')));
    if (!parsed.success) send({ type: 'refused', message: 'A message is not what this socket takes.' });
    else if (parsed.data.type === 'unwatch') watches.delete(parsed.data.watchId);
    else {
      watches.set(parsed.data.watchId, parsed.data);
      samples(parsed.data, parsed.data.historySeconds);
    }
  });
  send({ type: 'hello', serverTime: new Date().toISOString() });
  for (const node of world.nodes.values()) send({ type: 'node', node });
}
