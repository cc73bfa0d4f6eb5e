// What the pages ask, and under which key the answer is kept. Live events write into the same keys (events/live-nodes.ts).

import { ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import { AlertDefinition, AlertList } from '@claimstead/wire/cloud-api/alerts';
import { NodeFacts, NodeList, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { SessionView, SignInWays } from '@claimstead/wire/cloud-api/session';
import { RoomList, SpaceList } from '@claimstead/wire/cloud-api/spaces';
import { queryOptions } from '@tanstack/react-query';
import { ApiError, call } from './client.ts';
import { allPages } from './pages.ts';

const id = encodeURIComponent;

export const keys = {
  session: ['session'],
  ways: ['ways'],
  spaces: ['spaces'],
  rooms: (spaceId: string) => ['rooms', spaceId],
  allRooms: ['rooms'],
  members: (spaceId: string) => ['members', spaceId],
  invitations: (spaceId: string) => ['invitations', spaceId],
  nodes: (spaceId: string) => ['nodes', spaceId],
  allNodes: ['nodes'],
  node: (nodeId: string) => ['node', nodeId],
  allSingleNodes: ['node'],
  facts: (nodeId: string) => ['facts', nodeId],
  alerts: (spaceId: string) => ['alerts', spaceId],
  allAlerts: ['alerts'],
  nodeAlerts: (nodeId: string) => ['node-alerts', nodeId],
  /** What its own agent says of its alerts (alert/node-alert-queries.ts). */
  agentAlerts: (nodeId: string) => ['agent-alerts', nodeId],
  alertDefinition: (nodeId: string, configHash: string) => ['alert-definition', nodeId, configHash],
  claimCommand: (spaceId: string, roomIds: string[]) => ['claim-command', spaceId, ...roomIds],
} as const;

/** Who is signed in; null = nobody. */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return await call({ path: '/session', schema: SessionView, signal });
    } catch (error) {
      if (error instanceof ApiError && error.kind === 'sign-in-required') return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** What the sign-in page may offer; does not change while the Cloud runs. */
export const waysQuery = queryOptions({
  queryKey: keys.ways,
  queryFn: ({ signal }) => call({ path: '/session/ways', schema: SignInWays, signal }),
  staleTime: Infinity,
});

export const spacesQuery = queryOptions({
  queryKey: keys.spaces,
  queryFn: async ({ signal }) => (await call({ path: '/spaces', schema: SpaceList, signal })).spaces,
  staleTime: 30_000,
});

export const roomsQuery = (spaceId: string) =>
  queryOptions({
    queryKey: keys.rooms(spaceId),
    queryFn: async ({ signal }) =>
      (await call({ path: `/spaces/${id(spaceId)}/rooms`, schema: RoomList, signal })).rooms,
    staleTime: 30_000,
  });

/** Kept fresh by events; asked again only after the live connection was lost. */
export const nodesQuery = (spaceId: string) =>
  queryOptions({
    queryKey: keys.nodes(spaceId),
    queryFn: ({ signal }) =>
      allPages(
        `/spaces/${id(spaceId)}/nodes`,
        (path) => call({ path, schema: NodeList, signal }),
        ({ nodes }) => nodes,
        ({ nodeId }) => nodeId,
      ),
    staleTime: Infinity,
  });

export const nodeQuery = (nodeId: string) =>
  queryOptions({
    queryKey: keys.node(nodeId),
    queryFn: ({ signal }) => call({ path: `/nodes/${id(nodeId)}`, schema: NodeView, signal }),
    staleTime: Infinity,
  });

/** What agents told of themselves changes seldom; asked again when somebody looks at it after a while. */
export const factsQuery = (nodeId: string) =>
  queryOptions({
    queryKey: keys.facts(nodeId),
    queryFn: ({ signal }) => call({ path: `/nodes/${id(nodeId)}/facts`, schema: NodeFacts, signal }),
    staleTime: 15_000,
  });

/** The raised alerts of a Space; asked again when a node tells that one changed (events/alert-reader.ts). */
export const alertsQuery = (spaceId: string) =>
  queryOptions({
    queryKey: keys.alerts(spaceId),
    queryFn: async ({ signal }) =>
      (await call({ path: `/spaces/${id(spaceId)}/alerts`, schema: AlertList, signal })).alerts,
    staleTime: 30_000,
  });

export const nodeAlertsQuery = (nodeId: string) =>
  queryOptions({
    queryKey: keys.nodeAlerts(nodeId),
    queryFn: async ({ signal }) =>
      (await call({ path: `/nodes/${id(nodeId)}/alerts`, schema: AlertList, signal })).alerts,
    staleTime: 30_000,
  });

/** A definition is named by a hash of itself, so it never changes. */
export const alertDefinitionQuery = (nodeId: string, configHash: string) =>
  queryOptions({
    queryKey: keys.alertDefinition(nodeId, configHash),
    queryFn: ({ signal }) =>
      call({ path: `/nodes/${id(nodeId)}/alert-definitions/${id(configHash)}`, schema: AlertDefinition, signal }),
    staleTime: Infinity,
  });

/**
 * A command with a token of its own. Asking makes a token, so the answer is kept while the page is open and never asked again
 * by itself; it is forgotten some minutes after the last page that showed it is closed.
 */
export const claimCommandQuery = (spaceId: string, roomIds: string[]) =>
  queryOptions({
    queryKey: keys.claimCommand(spaceId, roomIds),
    queryFn: () =>
      call({
        method: 'POST',
        path: `/spaces/${id(spaceId)}/claim-commands`,
        body: { roomIds },
        schema: ClaimCommandView,
      }),
    staleTime: Infinity,
    gcTime: 5 * 60_000,
    retry: false,
    refetchOnReconnect: false,
  });
