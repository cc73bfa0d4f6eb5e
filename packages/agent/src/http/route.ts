// The shape of everything that the agent answers, to its own port and over the link alike.
// Reading order: route.ts (this), routes.ts (the table), the *-route.ts files, server.ts (the local port).

import { permissionMask, type Permission } from '@claimstead/wire/link/permissions';

/** What a route is given. `source` is where the question came from; over the link only routes with `mayBeRelayed` are asked. */
export interface AgentRequest {
  method: 'GET' | 'HEAD';
  /** Decoded path without query, e.g. `/api/v1/data`. */
  path: string;
  query: URLSearchParams;
  source: 'local' | 'link';
  /** What the asker may, a bit mask of wire/link/permissions. */
  permissions: number;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
}

export interface AgentReply {
  status: number;
  contentType: string;
  body: string | Buffer;
  /** Extra headers, lower-case names. */
  headers?: Record<string, string>;
}

/** What an asker must be allowed, by the word that a route declares. [docs/link-protocol.md, Permissions] */
export const routePermissions = {
  none: [],
  'anonymous-data': ['anonymous-data'],
  /** People who are signed in at the Cloud, in the Space of this node. */
  'sensitive-data': ['signed-in', 'same-space', 'anonymous-data', 'sensitive-data'],
} as const satisfies Record<string, readonly Permission[]>;

/**
 * What may be asked on the local port: it knows no accounts, so nobody there is signed in, whoever asks. Stock agents hold it the same way.
 */
export const localPermissions = permissionMask(['anonymous-data']);

/** One entry of the route table. */
export interface Route {
  path: string;
  permission: keyof typeof routePermissions;
  mayBeRelayed: boolean;
  answer(request: AgentRequest): AgentReply | Promise<AgentReply>;
}

/** The four facts of `/api/v1/info` that tell how far a claim got; all four are always present. */
export interface CloudFacts {
  'cloud-enabled': boolean;
  'cloud-available': boolean;
  'agent-claimed': boolean;
  'aclk-available': boolean;
}
