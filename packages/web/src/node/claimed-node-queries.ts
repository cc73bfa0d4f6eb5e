// What Manage Claimed Nodes asks of the Cloud, and what it changes.

import { ClaimedNodeList, NodeMoveResults, NodeRemovalResults } from '@claimstead/wire/cloud-api/claimed-nodes';
import { CopyClaimView } from '@claimstead/wire/cloud-api/copy-claims';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { call } from '../api/client.ts';
import { allPages } from '../api/pages.ts';

const id = encodeURIComponent;
export const claimedNodesKey = (spaceId: string) => ['claimed-nodes', spaceId] as const;

const claimedNodesQuery = (spaceId: string, isEnabled: boolean) =>
  queryOptions({
    queryKey: claimedNodesKey(spaceId),
    queryFn: ({ signal }) =>
      allPages(
        `/spaces/${id(spaceId)}/claimed-nodes`,
        (path) => call({ path, schema: ClaimedNodeList, signal }),
        ({ nodes }) => nodes,
        ({ nodeId }) => nodeId,
      ),
    staleTime: 15_000,
    enabled: isEnabled,
  });

/** Between two readings while nodes change: a thousand of them are half a megabyte. */
const readEveryMs = 2000;

/** Read again when an event told that a node's state, claim or last error has changed. */
export function useClaimedNodes(spaceId: string, nodes: readonly NodeView[] | undefined, isEnabled: boolean) {
  const queries = useQueryClient();
  const told = useMemo(
    () =>
      nodes
        ?.map(({ nodeId, state, claimId, lastLinkError, contested }) =>
          [nodeId, state, claimId, lastLinkError, contested?.sinceMs].join(),
        )
        .join(),
    [nodes],
  );
  const last = useRef<{ told: string | undefined; atMs: number }>({ told: undefined, atMs: 0 });
  useEffect(() => {
    if (told === undefined || told === last.current.told) return;
    const isFirst = last.current.told === undefined;
    const timer = setTimeout(
      () => {
        last.current = { told, atMs: Date.now() };
        if (!isFirst) void queries.invalidateQueries({ queryKey: claimedNodesKey(spaceId) });
      },
      isFirst ? 0 : Math.max(100, last.current.atMs + readEveryMs - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [told, queries, spaceId]);
  return useQuery(claimedNodesQuery(spaceId, isEnabled));
}

/** Each makes a token, so it is asked by a click alone. */
export const makeCopyClaim = (nodeId: string, { hostname, address }: { hostname: string; address: string }) =>
  call({
    method: 'POST',
    path: `/nodes/${id(nodeId)}/copy-claims`,
    body: { hostname, address },
    schema: CopyClaimView,
  });

/** Nodes of one request: few enough that somebody who waits sees it go on. */
const atOnce = 100;

/** Sends them in parts; `onDone` hears of each part. Rejects with ApiError at the first that fails; what was done before stays done. */
async function inParts<Outcome>(
  nodeIds: readonly string[],
  send: (part: string[]) => Promise<{ results: { nodeId: string; outcome: Outcome }[] }>,
  onDone: (results: { nodeId: string; outcome: Outcome }[]) => void,
): Promise<void> {
  for (let at = 0; at < nodeIds.length; at += atOnce) onDone((await send(nodeIds.slice(at, at + atOnce))).results);
}

export const removeNodes = (
  spaceId: string,
  nodeIds: readonly string[],
  onDone: (results: { nodeId: string; outcome: 'removed' | 'not-found' }[]) => void,
): Promise<void> =>
  inParts(
    nodeIds,
    (part) =>
      call({
        method: 'POST',
        path: `/spaces/${id(spaceId)}/node-removals`,
        body: { nodeIds: part },
        schema: NodeRemovalResults,
      }),
    onDone,
  );

export const moveNodes = (
  spaceId: string,
  nodeIds: readonly string[],
  rooms: { join: string[]; leave: string[] },
  onDone: (results: { nodeId: string; outcome: 'moved' | 'unchanged' | 'not-found' }[]) => void,
): Promise<void> =>
  inParts(
    nodeIds,
    (part) =>
      call({
        method: 'POST',
        path: `/spaces/${id(spaceId)}/node-moves`,
        body: { nodeIds: part, ...rooms },
        schema: NodeMoveResults,
      }),
    onDone,
  );
