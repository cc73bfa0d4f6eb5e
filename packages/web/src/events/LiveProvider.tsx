import type { CloudMessage } from '@claimstead/wire/cloud-api/events';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { keys } from '../api/queries.ts';
import { createAlertReader } from './alert-reader.ts';
import { createLiveConnection, type LiveConnection, type LiveStatus } from './live-connection.ts';
import { withNews } from './live-nodes.ts';
import { createBusyStore, type BusyStore } from './live-samples.ts';

interface Live {
  connection: LiveConnection;
  busy: BusyStore;
}

const LiveContext = createContext<Live | null>(null);

const eventsUrl = (): string => new URL(`${apiBase}/events`, window.location.href).href.replace(/^http/, 'ws');

/** The network is back, or the tab is looked at again. */
function onPageWake(wake: () => void): () => void {
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', onVisible);
  };
}

function createLive(queries: QueryClient): Live {
  const connection = createLiveConnection({
    openSocket: () => new WebSocket(eventsUrl()),
    random: Math.random,
    nowMs: Date.now,
    onWake: onPageWake,
    onLost: () => void queries.invalidateQueries({ queryKey: keys.session }),
  });
  return { connection, busy: createBusyStore(connection) };
}

/** Holds the live connection while somebody is signed in, and writes its news into what the queries hold. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [live] = useState(() => createLive(queries));
  useEffect(() => {
    const writer = newsWriter(queries);
    const endNews = live.connection.onMessage(writer.take);
    live.connection.start();
    return () => {
      live.connection.close();
      endNews();
      writer.end();
    };
  }, [queries, live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('LiveProvider is missing above this component.');
  return live;
}

export function useLiveStatus(): LiveStatus {
  const { connection } = useLive();
  return useSyncExternalStore(connection.onStatus, connection.status);
}

/** After a connection every node is told one by one; together they are one change of the page. */
const gatherMs = 25;

/** Gathers news and writes them into the queries; returns what takes a message, and what ends it. */
function newsWriter(queries: QueryClient): { take: (message: CloudMessage) => void; end: () => void } {
  let news = new Map<string, NodeView | null>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alerts = createAlertReader((nodeIds) =>
    Promise.all([
      queries.invalidateQueries({ queryKey: keys.allAlerts }),
      ...nodeIds.map((id) => queries.invalidateQueries({ queryKey: keys.nodeAlerts(id) })),
      ...nodeIds.map((id) => queries.invalidateQueries({ queryKey: keys.agentAlerts(id) })),
    ]),
  );
  const write = (): void => {
    timer = undefined;
    const gathered = news;
    news = new Map();
    alerts.take(gathered);
    for (const [nodeId, node] of gathered) {
      if (node) queries.setQueryData(keys.node(nodeId), node);
      else void queries.invalidateQueries({ queryKey: keys.node(nodeId) });
    }
    for (const [queryKey, before] of queries.getQueriesData<NodeView[]>({ queryKey: keys.allNodes })) {
      const spaceId = String(queryKey[1]);
      // An answer that is on its way may be older than the news, so it is asked for again.
      if (queries.isFetching({ queryKey }) > 0) void queries.invalidateQueries({ queryKey });
      const after = before && withNews(before, spaceId, gathered);
      if (!before || after === before) continue;
      queries.setQueryData(queryKey, after);
      if (roomsOf(before) !== roomsOf(after ?? [])) renewCounts(queries, spaceId);
    }
  };
  return {
    take(message) {
      if (message.type === 'hello') {
        // What happened while nobody listened (a removed node above all) is in the lists only.
        void queries.invalidateQueries({ queryKey: keys.allNodes });
        void queries.invalidateQueries({ queryKey: keys.allSingleNodes });
        return;
      }
      if (message.type === 'access-changed') {
        // Another role, other rooms: everything that is shown may be different now.
        void queries.invalidateQueries();
        return;
      }
      if (message.type === 'members-changed') {
        void queries.invalidateQueries({ queryKey: keys.members(message.spaceId) });
        void queries.invalidateQueries({ queryKey: keys.invitations(message.spaceId) });
        return;
      }
      if (message.type === 'node') news.set(message.node.nodeId, message.node);
      else if (message.type === 'node-removed') news.set(message.nodeId, null);
      else return;
      timer ??= setTimeout(write, gatherMs);
    },
    end: () => {
      clearTimeout(timer);
      alerts.end();
    },
  };
}

/** Who is in which room, as one text to compare. */
const roomsOf = (nodes: NodeView[]): string =>
  nodes.map(({ nodeId, rooms }) => `${nodeId}:${rooms.map(({ id }) => id).join()}`).join(' ');

/** Spaces and rooms tell how many nodes they hold. */
function renewCounts(queries: QueryClient, spaceId: string): void {
  void queries.invalidateQueries({ queryKey: keys.spaces });
  void queries.invalidateQueries({ queryKey: keys.rooms(spaceId) });
}
