// The rooms of a token, as a request names them.

import { CloudError } from '@claimstead/wire/errors';
import type { RoomId } from '@claimstead/wire/ids';
import type { Room } from '../room/room.ts';

/** Ids of rooms of this Space, without the room of all nodes, which goes without saying. Throws `invalid-request`. */
export function roomsNamed(rooms: readonly Room[], roomIds: readonly string[]): RoomId[] {
  return roomIds.flatMap((text) => {
    const room = rooms.find(({ roomId }) => roomId === text.toLowerCase());
    if (room === undefined)
      throw new CloudError('invalid-request', { detail: 'roomIds names a room that is not in this Space.' });
    return room.holdsAllNodes ? [] : [room.roomId];
  });
}
