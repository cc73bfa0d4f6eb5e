import type { CloudMessage } from '@claimstead/wire/cloud-api/events';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { keys } from '../api/queries.ts';
import { connectLive, type LiveConnection, type LiveStatus } from './live-connection.ts';
import { withNode, withoutNode } from './live-nodes.ts';
import { createBusyStore, type BusyStore } from './live-samples.ts';

interface Live {
  connection: LiveConnection;
  busy: BusyStore;
}

const LiveContext = createContext<Live | null>(null);

const eventsUrl = (): string => new URL(`${apiBase}/events`, window.location.href).href.replace(/^http/, 'ws');

/** Holds the live connection while somebody is signed in, and writes its news into what the queries hold. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    const connection = connectLive({
      openSocket: () => new WebSocket(eventsUrl()),
      random: Math.random,
      nowMs: Date.now,
      onLost: () => void queries.invalidateQueries({ queryKey: keys.session }),
    });
    const end = connection.onMessage((message) => apply(queries, message));
    setLive({ connection, busy: createBusyStore(connection) });
    return () => {
      end();
      connection.close();
    };
  }, [queries]);
  return live && <LiveContext value={live}>{children}</LiveContext>;
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

function apply(queries: QueryClient, message: CloudMessage): void {
  switch (message.type) {
    case 'hello':
      // What happened while nobody listened (a removed node above all) is in the lists only.
      void queries.invalidateQueries({ queryKey: keys.allNodes });
      void queries.invalidateQueries({ queryKey: keys.allSingleNodes });
      return;
    case 'node': {
      const { node } = message;
      const before = queries.getQueryData<NodeView[]>(keys.nodes(node.spaceId));
      queries.setQueryData(keys.node(node.nodeId), node);
      queries.setQueryData<NodeView[]>(keys.nodes(node.spaceId), (list) => list && withNode(list, node.spaceId, node));
      const known = before?.find(({ nodeId }) => nodeId === node.nodeId);
      if (before && JSON.stringify(known?.rooms) !== JSON.stringify(node.rooms)) renewCounts(queries, node.spaceId);
      return;
    }
    case 'node-removed': {
      const { nodeId, spaceId } = message;
      queries.setQueryData<NodeView[]>(keys.nodes(spaceId), (list) => list && withoutNode(list, nodeId));
      void queries.invalidateQueries({ queryKey: keys.node(nodeId) });
      renewCounts(queries, spaceId);
      return;
    }
    default:
  }
}

/** Spaces and rooms tell how many nodes they hold. */
function renewCounts(queries: QueryClient, spaceId: string): void {
  void queries.invalidateQueries({ queryKey: keys.spaces });
  void queries.invalidateQueries({ queryKey: keys.rooms(spaceId) });
}
