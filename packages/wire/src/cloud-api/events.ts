// Live events: the WebSocket /api/cloud/v1/events, text frames of JSON. The cookie of the session and a page of the Cloud's own
// origin are required. First the server sends `hello`, then one `node` per node that the account may see, then changes as
// they happen. Samples come for what the browser watches; several browsers that watch the same thing share one query.

import { z } from 'zod';
import { NodeView } from './nodes.ts';

/** Browser to Cloud. A watch asks for the newest rows of one chart of some nodes once a second, until it is ended. */
export const BrowserMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('watch'),
    /** The browser's own name for it, unique on this socket. */
    watchId: z.string().min(1).max(64),
    /** `all`: every node of every Space of the account, also those that become live later. */
    nodeIds: z.union([z.literal('all'), z.array(z.uuid()).min(1).max(200)]),
    /** Chart id, e.g. `system.cpu`. */
    chart: z.string().regex(/^[A-Za-z0-9_.\-/:@ +,=()#\u0080-\uffff]{1,200}$/),
    /** Seconds of history with the first answer (1 = newest row only). */
    historySeconds: z.int().min(1).max(3600).default(1),
  }),
  z.strictObject({ type: z.literal('unwatch'), watchId: z.string().min(1).max(64) }),
]);
export type BrowserMessage = z.infer<typeof BrowserMessage>;

/** Cloud to browser. */
export const CloudMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), serverTime: z.iso.datetime() }),
  z.object({ type: z.literal('node'), node: NodeView }),
  z.object({ type: z.literal('node-removed'), nodeId: z.uuid(), spaceId: z.uuid() }),
  /** Role, rooms or membership in a Space changed; which nodes are seen now follows by itself. */
  z.object({ type: z.literal('access-changed'), spaceId: z.uuid() }),
  /** Who is in a Space, or invited to it, changed; told to those who may see that. */
  z.object({ type: z.literal('members-changed'), spaceId: z.uuid() }),
  z.object({
    type: z.literal('samples'),
    watchId: z.string(),
    nodeId: z.uuid(),
    chart: z.string(),
    /** Dimension names, without time. */
    dimensions: z.array(z.string()),
    /** Oldest first: seconds since 1970, then one value or null (a gap) per dimension. */
    rows: z.array(z.array(z.number().nullable())),
  }),
  /** A node could not answer this round; the watch goes on. */
  z.object({
    type: z.literal('watch-failed'),
    watchId: z.string(),
    nodeId: z.uuid(),
    kind: z.string(),
    message: z.string(),
  }),
  /** Something that the browser sent was refused. */
  z.object({ type: z.literal('refused'), message: z.string() }),
]);
export type CloudMessage = z.infer<typeof CloudMessage>;
