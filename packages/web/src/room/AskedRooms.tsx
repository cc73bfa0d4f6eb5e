import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { roomsQuery } from '../api/queries.ts';
import { NotLoaded } from '../ui/NotLoaded.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { words } from '../words.ts';

/**
 * The rooms of a Space in a form: waiting, refused with a way to ask again, or what is made of them. Without the rooms nothing can be chosen,
 * and a form that sent its choice all the same would empty what it is about.
 */
export function AskedRooms({ spaceId, children }: { spaceId: string; children: (rooms: RoomView[]) => ReactNode }) {
  const rooms = useQuery(roomsQuery(spaceId));
  if (rooms.data) return children(rooms.data);
  if (rooms.isError) return <NotLoaded message={wordsOf(rooms.error)} onAgain={() => void rooms.refetch()} />;
  return <Skeleton rows={1} heightPx={36} label={words.shared.loading} />;
}
