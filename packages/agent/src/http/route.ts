// The shape of everything that the agent answers, to its own port and over the link alike.
// Reading order: route.ts (this), routes.ts (the table), the *-route.ts files, server.ts (the local port).

/** What a route is given. `source` is where the question came from; over the link only routes with `mayBeRelayed` are asked. */
export interface AgentRequest {
  method: 'GET' | 'HEAD';
  /** Decoded path without query, e.g. `/api/v1/data`. */
  path: string;
  query: URLSearchParams;
  source: 'local' | 'link';
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

/** One entry of the route table. `permission` names what the asker must be allowed over the link (docs/link-protocol.md, permissions). */
export interface Route {
  path: string;
  permission: 'none' | 'anonymous-data';
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
