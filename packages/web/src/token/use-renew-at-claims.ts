import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { nodesQuery } from '../api/queries.ts';
import { tokensKey } from './token-queries.ts';

/** Counts of tokens change with claims, and those are told by themselves: a node that is new, or claimed anew. */
export function useRenewAtClaims(spaceId: string): void {
  const queries = useQueryClient();
  const { data: nodes } = useQuery(nodesQuery(spaceId));
  const claims = useMemo(() => nodes?.map(({ claimId }) => claimId ?? '').join(), [nodes]);
  useEffect(() => {
    if (claims !== undefined) void queries.invalidateQueries({ queryKey: tokensKey(spaceId) });
  }, [queries, spaceId, claims]);
}
