// One browser's live events: nodes as they change, samples of what it watches. [wire/cloud-api/events.ts]

import type { WebSocket } from 'ws';
import { BrowserMessage, type CloudMessage } from '@claimstead/wire/cloud-api/events';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { parseNodeId, type NodeId, type SpaceId } from '@claimstead/wire/ids';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Watcher, Watches } from './watches.ts';

/** Bytes unread by the browser above which samples are skipped: the next second brings newer ones. */
const skipAboveBytes = 1024 * 1024;
/** Bytes unread above which the browser is gone or hostile. */
const cutAboveBytes = 8 * 1024 * 1024;
const maxWatches = 64;
/** Pairs of node and chart that one browser may watch: a list of 1,000 nodes and a page of charts. */
const maxWatchedPairs = 2000;
const pingEveryMs = 30_000;

export interface EventsParts {
  socket: WebSocket;
  accountId: string;
  sessionId: string;
  /** What the account sees at this moment. */
  nodesSeen(): Promise<NodeView[]>;
  nodeSeen(nodeId: NodeId): Promise<NodeView | undefined>;
  /** Whether they are in the Space. */
  isIn(spaceId: SpaceId): Promise<boolean>;
  /** Whether they may see who else is in the Space. */
  seesMembers(spaceId: SpaceId): Promise<boolean>;
  /** The session may have ended meanwhile. */
  stillSignedIn(): Promise<boolean>;
  watches: Watches;
  bus: Bus;
  clock: Clock;
}

export async function startEvents(parts: EventsParts): Promise<void> {
  const { socket, watches, bus, clock } = parts;
  /** With their Spaces. */
  const visible = new Map<NodeId, SpaceId>();
  /** Counts changes of what may be seen: what was read before one is read again. */
  let accessChanges = 0;
  /** Removed while this socket is open, and not claimed again since. */
  const gone = new Set<NodeId>();
  const watching = new Map<
    string,
    { all: boolean; chart: string; historySeconds: number; ends: Map<NodeId, () => void> }
  >();
  const cleanUp: (() => void)[] = [];
  let over = false;

  const send = (message: CloudMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > cutAboveBytes) return socket.terminate();
    if (message.type === 'samples' && socket.bufferedAmount > skipAboveBytes) return;
    socket.send(JSON.stringify(message));
  };
  const pairs = (): number => [...watching.values()].reduce((sum, { ends }) => sum + ends.size, 0);

  const startWatch = (watchId: string, nodeId: NodeId): void => {
    const watch = watching.get(watchId);
    if (watch === undefined || watch.ends.has(nodeId) || !visible.has(nodeId) || pairs() >= maxWatchedPairs) return;
    const watcher: Watcher = {
      onSamples: (id, chart, { dimensions, rows }) =>
        send({ type: 'samples', watchId, nodeId: id, chart, dimensions, rows }),
      onFailure: (id, kind, message) => send({ type: 'watch-failed', watchId, nodeId: id, kind, message }),
    };
    watch.ends.set(nodeId, watches.add({ nodeId, chart: watch.chart, historySeconds: watch.historySeconds, watcher }));
  };
  const endWatch = (watchId: string): void => {
    for (const end of watching.get(watchId)?.ends.values() ?? []) end();
    watching.delete(watchId);
  };

  const showNode = (node: NodeView): void => {
    const nodeId = node.nodeId as NodeId;
    // What was read before a removal must not bring the node back.
    if (gone.has(nodeId)) return;
    visible.set(nodeId, node.spaceId as SpaceId);
    send({ type: 'node', node });
    for (const [watchId, { all }] of watching) if (all) startWatch(watchId, nodeId);
  };
  const hideNode = (nodeId: NodeId, spaceId: SpaceId): void => {
    if (!visible.delete(nodeId)) return;
    for (const { ends } of watching.values()) {
      ends.get(nodeId)?.();
      ends.delete(nodeId);
    }
    send({ type: 'node-removed', nodeId, spaceId });
  };

  const receive = (text: string): void => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return send({ type: 'refused', message: 'A message was not JSON.' });
    }
    const parsed = BrowserMessage.safeParse(value);
    if (!parsed.success) return send({ type: 'refused', message: 'A message is not what this socket takes.' });
    const message = parsed.data;
    if (message.type === 'unwatch') return endWatch(message.watchId);
    endWatch(message.watchId);
    if (watching.size >= maxWatches)
      return send({ type: 'refused', message: `No more than ${maxWatches} watches at once.` });
    watching.set(message.watchId, {
      all: message.nodeIds === 'all',
      chart: message.chart,
      historySeconds: message.historySeconds,
      ends: new Map(),
    });
    const wanted =
      message.nodeIds === 'all' ? [...visible.keys()] : message.nodeIds.flatMap((id) => parseNodeId(id) ?? []);
    for (const nodeId of wanted) startWatch(message.watchId, nodeId);
  };

  const stop = (): void => {
    if (over) return;
    over = true;
    for (const end of cleanUp) end();
    for (const watchId of watching.keys()) endWatch(watchId);
  };
  socket.once('close', stop);
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) socket.close(1003);
    else receive(data.toString('utf8'));
  });

  /** Reads the node again at every change: the view is small, and a stale one is never sent. */
  const refresh = async (nodeId: NodeId): Promise<void> => {
    const before = accessChanges;
    const node = await parts.nodeSeen(nodeId);
    if (over || before !== accessChanges) return;
    const spaceId = visible.get(nodeId);
    if (node !== undefined) showNode(node);
    else if (spaceId !== undefined) hideNode(nodeId, spaceId);
  };
  /** After a change of access: what is not seen any more goes at once, with its samples. */
  const refreshAll = async (): Promise<void> => {
    const before = ++accessChanges;
    const list = await parts.nodesSeen();
    // Another change came meanwhile, and reads all of it anew.
    if (over || before !== accessChanges) return;
    const seen = new Set(list.map(({ nodeId }) => nodeId));
    for (const [nodeId, spaceId] of visible) if (!seen.has(nodeId)) hideNode(nodeId, spaceId);
    for (const node of list) showNode(node);
  };
  const accessChanged = (spaceId: SpaceId): void => {
    if (over) return;
    send({ type: 'access-changed', spaceId });
    refreshAll().catch(() => socket.close(1011));
  };
  const refreshSoon = ({ nodeId }: { nodeId: NodeId }): void => void refresh(nodeId).catch(() => socket.close(1011));
  cleanUp.push(
    bus.subscribe('node-changed', refreshSoon),
    bus.subscribe('node-claimed', (claimed) => {
      gone.delete(claimed.nodeId);
      refreshSoon(claimed);
    }),
    bus.subscribe('node-removed', ({ nodeId, spaceId }) => {
      gone.add(nodeId);
      hideNode(nodeId, spaceId);
    }),
    bus.subscribe('access-changed', ({ spaceId, accountId }) => {
      if (accountId === parts.accountId) return accessChanged(spaceId);
      // What changes for everybody of a Space is no word to anybody else, who is not to learn that it exists, nor to read everything anew.
      if (accountId === null)
        parts.isIn(spaceId).then(
          (isIn) => void (isIn && accessChanged(spaceId)),
          () => socket.close(1011),
        );
    }),
    bus.subscribe('members-changed', ({ spaceId }) => {
      parts.seesMembers(spaceId).then(
        (sees) => void (sees && send({ type: 'members-changed', spaceId })),
        () => socket.close(1011),
      );
    }),
    bus.subscribe('session-ended', ({ accountId, sessionId }) => {
      if (accountId === parts.accountId && (sessionId === null || sessionId === parts.sessionId))
        socket.close(4401, 'signed out');
    }),
  );

  const checkSession = async (): Promise<void> => {
    try {
      if (!(await parts.stillSignedIn())) socket.close(4401, 'signed out');
    } catch {
      socket.close(1011);
    }
  };
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const ping = (): void => {
    if (over) return;
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    void checkSession();
    cleanUp[pingSlot] = clock.after(pingEveryMs, ping);
  };
  const pingSlot = cleanUp.push(clock.after(pingEveryMs, ping)) - 1;

  send({ type: 'hello', serverTime: new Date(clock.nowMs()).toISOString() });
  await refreshAll();
}
