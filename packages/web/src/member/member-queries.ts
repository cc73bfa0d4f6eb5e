// Who is in a Space, and what changes it. A change is shown at once and taken back when the Cloud refuses it.

import { MemberList, type MemberChange, type MemberView } from '@claimstead/wire/cloud-api/members';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { allPages } from '../api/pages.ts';
import { keys, spacesQuery } from '../api/queries.ts';
import { tokensKey, tokensQuery } from '../token/token-queries.ts';

const id = encodeURIComponent;
const membersPath = (spaceId: string): string => `/spaces/${id(spaceId)}/members`;
const memberPath = (spaceId: string, accountId: string): string => `${membersPath(spaceId)}/${id(accountId)}`;

export const membersQuery = (spaceId: string) =>
  queryOptions({
    queryKey: keys.members(spaceId),
    queryFn: ({ signal }) =>
      allPages(
        membersPath(spaceId),
        (path) => call({ path, schema: MemberList, signal }),
        ({ members }) => members,
        ({ accountId }) => accountId,
      ),
    staleTime: 30_000,
  });

/** Names of the claiming tokens that somebody made and that still work; none to who may not see tokens, undefined until they are known. */
export function useWorkingTokensOf(spaceId: string, accountId: string, maySee: boolean): string[] | undefined {
  // Made a moment ago, one counts, too.
  const tokens = useQuery({ ...tokensQuery(spaceId), enabled: maySee, staleTime: 0 });
  if (!maySee || tokens.isError) return [];
  if (!tokens.isFetchedAfterMount) return undefined;
  return tokens.data
    ?.filter(({ state, madeBy }) => state === 'valid' && madeBy?.accountId === accountId)
    .map(({ name }) => name);
}

/** The list as it will be. Pure. */
export const withChange = (members: MemberView[], accountId: string, change: MemberChange): MemberView[] =>
  members.map((member) =>
    member.accountId === accountId
      ? { ...member, role: change.role ?? member.role, roomIds: change.roomIds ?? member.roomIds }
      : member,
  );

/** `apply` makes the list as it will be; the answer, or the refusal, brings it as it is. */
function useMemberMutation<Wanted>(
  spaceId: string,
  work: (wanted: Wanted) => Promise<unknown>,
  apply: (members: MemberView[], wanted: Wanted) => MemberView[],
) {
  const queries = useQueryClient();
  const queryKey = keys.members(spaceId);
  return useMutation({
    mutationFn: work,
    onMutate: async (wanted: Wanted) => {
      // An answer that is on its way would show the old list once more.
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData<MemberView[]>(queryKey);
      if (before) queries.setQueryData(queryKey, apply(before, wanted));
      return { before };
    },
    onError: (_error, _wanted, context) => {
      if (context?.before) queries.setQueryData(queryKey, context.before);
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey }),
        // Whose makers are administrators, and which of them work, may be otherwise now.
        queries.invalidateQueries({ queryKey: tokensKey(spaceId) }),
      ]),
  });
}

export const useChangeMember = (spaceId: string) =>
  useMemberMutation(
    spaceId,
    ({ accountId, change }: { accountId: string; change: MemberChange }) =>
      call({ method: 'PATCH', path: memberPath(spaceId, accountId), body: change }),
    (members, { accountId, change }) => withChange(members, accountId, change),
  );

export const useRemoveMember = (spaceId: string) =>
  useMemberMutation(
    spaceId,
    ({ accountId, revokesTokens }: { accountId: string; revokesTokens: boolean }) =>
      call({
        method: 'DELETE',
        path: `${memberPath(spaceId, accountId)}?revokesTokens=${revokesTokens ? 'yes' : 'no'}`,
      }),
    (members, { accountId }) => members.filter((member) => member.accountId !== accountId),
  );

/** Leaves the Space; nothing of it stays in this browser. */
export function useLeaveSpace(spaceId: string, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call({ method: 'DELETE', path: `/spaces/${id(spaceId)}/membership` }),
    onSuccess: async () => {
      await queries.fetchQuery({ ...spacesQuery, staleTime: 0 }).catch(() => undefined);
      onDone();
    },
  });
}
