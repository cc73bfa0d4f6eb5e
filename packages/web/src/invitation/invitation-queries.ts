// Invitations: those of a Space, and the one that is open in this tab.

import {
  InvitationAccepted,
  InvitationList,
  InvitationMade,
  InvitationSeen,
  type InvitationAccept,
  type InvitationCreate,
  type InvitationView,
} from '@claimstead/wire/cloud-api/invitations';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { allPages } from '../api/pages.ts';
import { keys, sessionQuery, spacesQuery } from '../api/queries.ts';
import { forgetInvitation } from './kept-invitation.ts';

const id = encodeURIComponent;
const invitationsPath = (spaceId: string): string => `/spaces/${id(spaceId)}/invitations`;

export const invitationsQuery = (spaceId: string) =>
  queryOptions({
    queryKey: keys.invitations(spaceId),
    queryFn: ({ signal }) =>
      allPages(
        invitationsPath(spaceId),
        (path) => call({ path, schema: InvitationList, signal }),
        ({ invitations }) => invitations,
        ({ invitationId }) => invitationId,
      ),
    staleTime: 30_000,
  });

/** The link is in the answer and nowhere else: it is kept as long as what asked for it is shown. */
export function useInvite(spaceId: string) {
  const queries = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: InvitationCreate) =>
      call({ method: 'POST', path: invitationsPath(spaceId), body, schema: InvitationMade }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.invitations(spaceId) }),
  });
}

/** Gone at once; back when the Cloud refuses. */
export function useWithdraw(spaceId: string) {
  const queries = useQueryClient();
  const queryKey = keys.invitations(spaceId);
  return useMutation({
    mutationFn: (invitationId: string) =>
      call({ method: 'DELETE', path: `${invitationsPath(spaceId)}/${id(invitationId)}` }),
    onMutate: async (invitationId) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData<InvitationView[]>(queryKey);
      queries.setQueryData(
        queryKey,
        before?.filter((one) => one.invitationId !== invitationId),
      );
      return { before };
    },
    onError: (_error, _invitationId, context) => {
      if (context?.before) queries.setQueryData(queryKey, context.before);
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}

/** The secret is no part of it: keys are seen by whoever debugs. */
export const openInvitationKey = ['open-invitation'] as const;

/** What the open invitation is for. */
export const seenInvitationQuery = (secret: string) =>
  queryOptions({
    queryKey: openInvitationKey,
    queryFn: ({ signal }) =>
      call({ method: 'POST', path: '/invitations/look', body: { secret }, schema: InvitationSeen, signal }),
    staleTime: 0,
    gcTime: 0,
  });

/** Accepts, and is signed in then; `onDone` gets the Space. */
export function useAccept(onDone: (spaceId: string) => Promise<void>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: InvitationAccept) =>
      call({ method: 'POST', path: '/invitations/accept', body, schema: InvitationAccepted }),
    onSuccess: async ({ spaceId }) => {
      forgetInvitation();
      await Promise.all([
        queries.fetchQuery({ ...sessionQuery, staleTime: 0 }),
        queries.fetchQuery({ ...spacesQuery, staleTime: 0 }),
      ]);
      await onDone(spaceId);
    },
  });
}
