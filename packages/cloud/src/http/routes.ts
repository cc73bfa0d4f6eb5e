// The HTTP edge. Reading order of this folder: routes.ts (what a route is), authenticate.ts (who asks), authorize.ts (may they), access-watch.ts (may they still),
// respond.ts (errors become answers), same-origin.ts, security-headers.ts, static-files.ts, unknown-address.ts, refuse-socket.ts,
// openapi.ts, listener.ts (the port), server.ts (everything together).
//
// Each noun exports its entries from its `*-routes.ts`; main gathers them. An entry without a permission does not compile, and
// one that slips through is refused when the server is made.

import { spaceActions, type SpaceAction } from '@claimstead/wire/cloud-api/roles';
import type { SignedIn } from '../account/session.ts';
import type { Access } from '../member/member.ts';
import type { Node } from '../node/node.ts';
import type { SpaceId } from '@claimstead/wire/ids';
import type { z } from 'zod';

/**
 * public: anybody, no cookie read. agent: anybody, answers and errors in the form that agents read. signed-in: any session, and to read any
 * API token, whose Space alone the handler may tell of (`who.narrowedTo`).
 * own-session: any session, no token: what concerns the account itself, so that a token can never make itself stronger or live longer.
 * An action: a session whose account has a role that may take it (wire/cloud-api/roles.ts) in the Space of `:spaceId` or `:nodeId`; to
 * those who are no members the Space and its nodes do not exist.
 */
export type Permission = (typeof outsidePermissions)[number] | SpaceAction;
const outsidePermissions = ['public', 'agent', 'signed-in', 'own-session'] as const;
export const permissions: readonly Permission[] = [
  ...outsidePermissions,
  ...(Object.keys(spaceActions) as SpaceAction[]),
];

export const isSpaceAction = (permission: Permission): permission is SpaceAction => permission in spaceActions;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who asks, in the Space that the address names. */
export interface SpaceAccess extends SignedIn, Access {
  spaceId: SpaceId;
  /** The node that the address names with `:nodeId`; undefined where it names a Space. */
  node: Node | undefined;
}

export type WhoFor<P extends Permission> = P extends 'public' | 'agent'
  ? undefined
  : P extends 'signed-in' | 'own-session'
    ? SignedIn
    : SpaceAccess;

export interface RouteRequest<Who, Params, Query, Body> {
  who: Who;
  params: Params;
  query: Query;
  body: Body;
  requestId: string;
  /** An IPv4 address or an IPv6 /64. */
  sourceNetwork: string;
  /** The address itself, as people read it. */
  remoteAddress: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Path and query as they came, for what is passed on. */
  rawUrl: string;
  /** Aborted when the other side goes away before it has its answer. */
  signal: AbortSignal;
}

export interface RouteReply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON by the schema of `responses`; a Buffer or text goes out as it is; absent = no body. */
  body?: object | Buffer | string;
  /** Called once when the answer has been read, or never will be. */
  onClosed?: () => void;
}

/** What http keeps of a route: the types of its parts are known to `route` alone. */
export interface RouteEntry {
  method: Method;
  /** Fastify's pattern: `/api/cloud/v1/nodes/:nodeId`, a last `*` for the rest. */
  path: string;
  permission: Permission;
  /** One sentence for openapi.json. */
  summary: string;
  params: z.ZodType | undefined;
  query: z.ZodType | undefined;
  /** Agents label bodies with any content type or none: routes of agents have no schema and get the text. */
  body: z.ZodType | undefined;
  /** Bytes of a body that are read. */
  bodyBytes: number;
  /** By status. Errors need none: they are Problems, or for agents agent errors. */
  responses: Readonly<Record<number, z.ZodType>>;
  handle: (request: RouteRequest<unknown, unknown, unknown, unknown>) => Promise<RouteReply>;
}

/** More than any body of the API needs: a password change is the largest with 2 KiB. */
export const defaultBodyBytes = 64 * 1024;

export interface RouteDefinition<P extends Permission, Params, Query, Body> {
  method: Method;
  path: string;
  permission: P;
  summary: string;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  bodyBytes?: number;
  responses?: Readonly<Record<number, z.ZodType>>;
  handle: (request: RouteRequest<WhoFor<P>, Params, Query, P extends 'agent' ? string : Body>) => Promise<RouteReply>;
}

/** Declares a route; `handle` knows the types of its parts, and who asks by the permission. */
export function route<const P extends Permission, Params = Record<string, string>, Query = unknown, Body = undefined>(
  definition: RouteDefinition<P, Params, Query, Body>,
): RouteEntry {
  return {
    method: definition.method,
    path: definition.path,
    permission: definition.permission,
    summary: definition.summary,
    params: definition.params,
    query: definition.query,
    body: definition.body,
    bodyBytes: definition.bodyBytes ?? defaultBodyBytes,
    responses: definition.responses ?? {},
    // The server hands in exactly what the schemas and the permission of this entry made.
    handle: definition.handle as unknown as RouteEntry['handle'],
  };
}

/** Throws when an entry cannot be served safely; called for every entry before anything listens. */
export function checkRoute(entry: RouteEntry): void {
  const name = `${entry.method} ${entry.path}`;
  if (!permissions.includes(entry.permission)) throw new Error(`${name} declares no permission`);
  const namesSpace = /\/:(spaceId|nodeId)(\/|$)/.test(entry.path);
  const needsSpace = isSpaceAction(entry.permission);
  if (needsSpace && !namesSpace) throw new Error(`${name} needs a role but names neither :spaceId nor :nodeId`);
  if (!needsSpace && namesSpace) throw new Error(`${name} names a Space or a node but asks for no role in it`);
}
