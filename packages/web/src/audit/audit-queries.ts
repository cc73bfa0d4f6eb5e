// What the page of the audit asks. Rows never change, so pages that were read stay; newer ones are asked for when somebody looks.

import { AuditChoices, AuditPage } from '@claimstead/wire/cloud-api/audit';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import type { AuditSearch } from '../paths.ts';

const rowsAtOnce = 50;

const pathOf = (spaceId: string): string => `/spaces/${encodeURIComponent(spaceId)}/audit`;

/** Days are those of this browser: the first from its beginning, the last to its end. */
export function auditParameters({ kind, account, node, find, from, until }: AuditSearch): URLSearchParams {
  const parameters = new URLSearchParams();
  if (kind !== undefined) parameters.set('kind', kind);
  if (account !== undefined) parameters.set('accountId', account);
  if (node !== undefined) parameters.set('nodeId', node);
  if (find !== undefined && find.trim() !== '') parameters.set('find', find.trim().slice(0, 128));
  if (from !== undefined) parameters.set('from', new Date(`${from}T00:00:00`).toISOString());
  if (until !== undefined) {
    const after = new Date(`${until}T00:00:00`);
    after.setDate(after.getDate() + 1);
    parameters.set('until', after.toISOString());
  }
  return parameters;
}

export const auditQuery = (spaceId: string, search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', spaceId, search],
    queryFn: ({ signal, pageParam }) => {
      const parameters = auditParameters(search);
      parameters.set('most', String(rowsAtOnce));
      if (pageParam !== null) parameters.set('before', String(pageParam));
      return call({ path: `${pathOf(spaceId)}?${parameters.toString()}`, schema: AuditPage, signal });
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });

export const auditChoicesQuery = (spaceId: string) =>
  queryOptions({
    queryKey: ['audit-choices', spaceId],
    queryFn: ({ signal }) => call({ path: `${pathOf(spaceId)}/choices`, schema: AuditChoices, signal }),
    staleTime: 30_000,
  });

/** An address that a browser saves as a file. */
export function auditFile(spaceId: string, search: AuditSearch, format: 'csv' | 'jsonl'): string {
  const parameters = auditParameters(search);
  parameters.set('format', format);
  return `${apiBase}${pathOf(spaceId)}/export?${parameters.toString()}`;
}
