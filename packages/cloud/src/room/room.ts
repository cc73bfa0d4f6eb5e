// A room (War Room): some nodes of a Space under one name. Every Space has one room that holds all its nodes, always.
// Reading order: room.ts, room-store.ts (SQL), room-routes.ts (HTTP).

import type { AccountId, RoomId, SpaceId } from '@claimstead/wire/ids';
import type { Decision } from '../member/member.ts';

export interface Room {
  roomId: RoomId;
  spaceId: SpaceId;
  /** Unique in its Space, `[a-z0-9-]`: what `-rooms=` takes beside the id. A rename leaves it, so that saved commands go on working. */
  slug: string;
  name: string;
  holdsAllNodes: boolean;
  createdAtMs: number;
}

export interface RoomWithCount extends Room {
  nodeCount: number;
}

export interface RoomStore {
  /** The room of all nodes first, then by name. */
  inSpace(spaceId: SpaceId): Promise<RoomWithCount[]>;
  byId(spaceId: SpaceId, roomId: RoomId): Promise<RoomWithCount | undefined>;
  /** Gives it a free slug. `by` undefined = somebody on the private socket. Throws `name-taken` when another room of the Space has the name, in whatever case. */
  create(
    room: { roomId: RoomId; spaceId: SpaceId; name: string; createdAtMs: number },
    by: Decision | undefined,
  ): Promise<void>;
  /** Throws `name-taken`. False = no such room. */
  rename(spaceId: SpaceId, roomId: RoomId, name: string, by: Decision): Promise<boolean>;
  /** Its nodes stay nodes of the Space. Undefined = no such room; else who was put into it and sees less now. */
  remove(spaceId: SpaceId, roomId: RoomId, by: Decision): Promise<AccountId[] | undefined>;
}

export const allNodesRoomName = 'All nodes';
/** Of a Space: more than anybody chooses from, too few to keep the Cloud busy with. */
export const mostRooms = 500;

/** Longest slug, before a number that makes it unique. */
const maxSlugCharacters = 48;

/**
 * A name as a word that needs no quotes in any shell and no care in a comma list: `Zürich DB #1` → `zurich-db-1`. `taken` are the
 * slugs of the Space. A name without a Latin letter or digit becomes `room`.
 */
export function roomSlug(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxSlugCharacters)
    .replace(/^-+|-+$/g, '');
  const base = plain === '' ? 'room' : plain;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) {
    const slug = `${base}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}

/** A room of this Space by id or slug, as `-rooms=` and `admin token --rooms` take it. */
export function findRoom<R extends { roomId: string; slug: string }>(
  rooms: readonly R[],
  idOrSlug: string,
): R | undefined {
  const wanted = idOrSlug.trim().toLowerCase();
  return rooms.find((room) => room.roomId === wanted) ?? rooms.find((room) => room.slug === wanted);
}
