// Spaces and rooms, for `claimstead admin`.

import { GivenName } from '@claimstead/wire/cloud-api/spaces';
import { CloudError } from '@claimstead/wire/errors';
import type { RoomId, SpaceId } from '@claimstead/wire/ids';
import type { AccountStore } from '../account/account.ts';
import type { Events } from '../events.ts';
import type { RoomStore } from '../room/room.ts';
import { findSpace, type SpaceStore } from '../space/space.ts';

/** A Space as `admin space list --json` prints it. */
export interface AdminSpace {
  spaceId: string;
  name: string;
  nodes: number;
  /** ISO 8601. */
  createdAt: string;
}

/** A room as `admin room list --json` prints it. */
export interface AdminRoom {
  roomId: string;
  /** What `-rooms=` takes beside the id. */
  slug: string;
  name: string;
  nodes: number;
}

export interface SpaceCommands {
  /** Its administrator is the account that was made first. */
  spaceCreate(wanted: { name: string }): Promise<{ spaceId: string }>;
  spaceList(): Promise<AdminSpace[]>;
  /** `space` is an id or a name; null = the Space that was made first. */
  roomCreate(wanted: { name: string; space: string | null }): Promise<{ roomId: string }>;
  roomList(wanted: { space: string | null }): Promise<AdminRoom[]>;
}

export interface SpaceCommandsParts {
  accounts: AccountStore;
  spaces: SpaceStore;
  rooms: RoomStore;
  now: () => number;
  newId: () => string;
  events: Events;
}

export function createSpaceCommands({
  accounts,
  spaces,
  rooms,
  now,
  newId,
  events,
}: SpaceCommandsParts): SpaceCommands {
  return {
    async spaceCreate({ name: given }) {
      const name = givenName(given);
      const account = await accounts.first();
      if (account === undefined) throw new CloudError('not-found', { detail: 'This Cloud has no administrator.' });
      const spaceId = newId() as SpaceId;
      const roomId = newId() as RoomId;
      await spaces.create({ spaceId, roomId, name, administratorId: account.accountId, createdAtMs: now() });
      events.spaceMade({ spaceId });
      return { spaceId };
    },
    async spaceList() {
      return (await spaces.all()).map(({ spaceId, name, nodeCount, createdAtMs }) => {
        return { spaceId, name, nodes: nodeCount, createdAt: new Date(createdAtMs).toISOString() };
      });
    },
    async roomCreate({ name: given, space }) {
      const name = givenName(given);
      const { spaceId } = spaceNamed(await spaces.all(), space);
      const roomId = newId() as RoomId;
      await rooms.create({ roomId, spaceId, name, createdAtMs: now() }, undefined);
      events.roomCreated({ roomId, spaceId });
      return { roomId };
    },
    async roomList({ space }) {
      const list = await rooms.inSpace(spaceNamed(await spaces.all(), space).spaceId);
      return list.map(({ roomId, slug, name, nodeCount }) => ({ roomId, slug, name, nodes: nodeCount }));
    },
  };
}

/** The Space of an id or a name; null = the first of them. Throws `not-found`. */
export function spaceNamed<S extends { spaceId: SpaceId; name: string }>(spaces: readonly S[], text: string | null): S {
  const space = text === null ? spaces[0] : findSpace(spaces, text);
  if (space === undefined)
    throw new CloudError('not-found', {
      detail:
        text === null
          ? 'This Cloud has no Space.'
          : 'No one Space has that id or name; see claimstead admin space list.',
    });
  return space;
}

function givenName(text: string): string {
  const name = GivenName.safeParse(text);
  if (!name.success)
    throw new CloudError('invalid-request', { detail: 'The name must be 1 to 64 printable characters on one line.' });
  return name.data;
}
