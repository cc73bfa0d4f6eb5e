// Spaces and their rooms: GET|POST /spaces, PATCH|DELETE /spaces/:spaceId, GET|POST /spaces/:spaceId/rooms,
// PATCH|DELETE /spaces/:spaceId/rooms/:roomId.

import { z } from 'zod';
import { Role } from './roles.ts';

/**
 * A name that people give: printable, one line, no blanks at its ends. Half a character is kept as another text than was sent, and a name of
 * fillers and marks alone is a row that nobody can see, or point at.
 */
export const GivenName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]+$/u, 'must be printable, on one line')
  .regex(/[^\p{Default_Ignorable_Code_Point}\p{M}\p{Z}\u2800]/u, 'must hold something that can be seen');

/** Names that differ in nothing but this are the same name: they look alike. */
export const foldName = (name: string): string =>
  name
    .trim()
    .replaceAll(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .normalize('NFKC')
    .toLowerCase();

export const SpaceView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Absent until an administrator has named the Space: the first-run steps are shown until then. */
  namedAt: z.iso.datetime().nullable(),
  role: Role,
  /** Nodes that whoever asks sees. */
  nodeCount: z.int(),
});
export type SpaceView = z.infer<typeof SpaceView>;
export const SpaceList = z.object({ spaces: z.array(SpaceView) });
export const SpaceCreate = z.strictObject({ name: GivenName });
export const SpaceRename = SpaceCreate;
/** The Space's name as it is, typed by the person: what is destroyed has been read. Not trimmed: it is compared, not given. */
export const SpaceDelete = z.strictObject({ name: z.string().max(200) });

export const RoomView = z.object({
  id: z.uuid(),
  /** Unique within the Space, shell-safe: what `-rooms=` takes beside the id. */
  slug: z.string(),
  name: z.string(),
  /** True for the one room that every node is in. */
  holdsAllNodes: z.boolean(),
  nodeCount: z.int(),
});
export type RoomView = z.infer<typeof RoomView>;
export const RoomList = z.object({ rooms: z.array(RoomView) });
export const RoomCreate = z.strictObject({ name: GivenName });
export const RoomRename = RoomCreate;
