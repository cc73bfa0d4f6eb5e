// What the pages ask about room rules.

import { RoomRules, RoomRulesPreview, RoomRulesSaved, type RoomRule } from '@claimstead/wire/cloud-api/room-rules';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

const id = encodeURIComponent;
const path = (spaceId: string, roomId: string): string => `/spaces/${id(spaceId)}/rooms/${id(roomId)}/rules`;

export const roomRulesKey = (roomId: string) => ['room-rules', roomId] as const;

/** Read once for each time that somebody opens them: what is typed is not to be changed by what comes. */
export const roomRulesQuery = (spaceId: string, roomId: string) =>
  queryOptions({
    queryKey: roomRulesKey(roomId),
    queryFn: async ({ signal }) => (await call({ path: path(spaceId, roomId), schema: RoomRules, signal })).rules,
    staleTime: Infinity,
    gcTime: 0,
  });

export const previewQuery = (spaceId: string, roomId: string, rules: readonly RoomRule[]) =>
  queryOptions({
    queryKey: ['room-rules-preview', spaceId, roomId, rules],
    queryFn: ({ signal }) =>
      call({
        method: 'POST',
        path: `${path(spaceId, roomId)}/preview`,
        body: { rules },
        schema: RoomRulesPreview,
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 5000,
    gcTime: 0,
  });

export const saveRoomRules = (spaceId: string, roomId: string, rules: readonly RoomRule[]) =>
  call({ method: 'PUT', path: path(spaceId, roomId), body: { rules }, schema: RoomRulesSaved });
