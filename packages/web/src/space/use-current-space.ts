// Which Space a page is about: the address says so, for a node's page the node does.

import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { nodeQuery, spacesQuery } from '../api/queries.ts';

/** Undefined while it is not known yet, or when there is none. */
export function useCurrentSpace(): SpaceView | undefined {
  const { spaceId, nodeId } = useParams({ strict: false });
  const { data: spaces } = useQuery(spacesQuery);
  const { data: node } = useQuery({ ...nodeQuery(nodeId ?? ''), enabled: nodeId !== undefined });
  const wanted = spaceId ?? node?.spaceId;
  return wanted === undefined ? spaces?.[0] : spaces?.find(({ id }) => id === wanted);
}

/** The Space of a page below /spaces/:spaceId; undefined when the account is not in it. */
export function useSpace(spaceId: string): SpaceView | undefined {
  const { data: spaces } = useQuery(spacesQuery);
  return spaces?.find(({ id }) => id === spaceId);
}
