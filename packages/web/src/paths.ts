// Every link of the Cloud's pages as a typed function: spread the result into <Link> or pass it to navigate().
// Reading order of src/: routes.tsx (what page is where), api/ (what the Cloud is asked), events/ (what it tells by itself),
// then a folder per noun. charts/ and ui/ know nothing of the rest.

import type { AlertStatus } from '@claimstead/wire/cloud-api/alerts';
import type { NodeState } from '@claimstead/wire/cloud-api/nodes';

export type WelcomeStep = 'password' | 'space' | 'claim';
export interface NodesSearch {
  state?: NodeState;
  find?: string;
}

/** `node`: id of the one whose details are open; `version`: '' = not told; `contested`: those alone. */
export interface ManageSearch {
  find?: string;
  state?: NodeState;
  room?: string;
  version?: string;
  contested?: 'only';
  sort?: 'host' | 'state' | 'since' | 'version' | 'claimed';
  order?: 'descending';
  node?: string;
}

/** `room`: id of a room, absent = the whole Space. */
export interface AlertsSearch {
  status?: AlertStatus;
  room?: string;
  find?: string;
}
/** `account`, `node`: ids. `from`, `until`: days, both included, e.g. 2026-01-31. */
export interface AuditSearch {
  kind?: string;
  account?: string;
  node?: string;
  find?: string;
  from?: string;
  until?: string;
}
/** `chart`: id or name of the chart to bring into sight. */
export interface ChartsSearch {
  chart?: string;
}
/** `alert`: key of the one whose details are open. `shown: 'all'`: quiet ones, too. */
export interface NodeAlertsSearch {
  alert?: string;
  shown?: 'all';
  find?: string;
}
/** `options`: chosen option by parameter of the function. `columns`: keys; absent = those that the agent shows first. */
export interface FunctionSearch {
  sort?: string;
  order?: 'ascending' | 'descending';
  find?: string;
  columns?: string[];
  options?: Record<string, string>;
}

/** `refused`: the kind of error with which an issuer's sign-in came back. */
export interface SignInSearch {
  next?: string;
  refused?: string;
}

export const paths = {
  start: () => ({ to: '/' }) as const,
  signIn: (search: SignInSearch = {}) => ({ to: '/sign-in', search }) as const,
  account: () => ({ to: '/account' }) as const,
  welcome: (step?: WelcomeStep) => ({ to: '/welcome', search: step ? { step } : {} }) as const,
  nodes: (spaceId: string, search: NodesSearch = {}) =>
    ({ to: '/spaces/$spaceId', params: { spaceId }, search }) as const,
  room: (spaceId: string, roomId: string, search: NodesSearch = {}) =>
    ({ to: '/spaces/$spaceId/rooms/$roomId', params: { spaceId, roomId }, search }) as const,
  rooms: (spaceId: string) => ({ to: '/spaces/$spaceId/rooms', params: { spaceId } }) as const,
  addNodes: (spaceId: string) => ({ to: '/spaces/$spaceId/add-nodes', params: { spaceId } }) as const,
  tokens: (spaceId: string) => ({ to: '/spaces/$spaceId/tokens', params: { spaceId } }) as const,
  people: (spaceId: string) => ({ to: '/spaces/$spaceId/people', params: { spaceId } }) as const,
  spaceSettings: (spaceId: string) => ({ to: '/spaces/$spaceId/settings', params: { spaceId } }) as const,
  /** The secret comes in the fragment of the link that somebody was given, never from here. */
  invitation: () => ({ to: '/invitation' }) as const,
  manageNodes: (spaceId: string, search: ManageSearch = {}) =>
    ({ to: '/spaces/$spaceId/manage', params: { spaceId }, search }) as const,
  alerts: (spaceId: string, search: AlertsSearch = {}) =>
    ({ to: '/spaces/$spaceId/alerts', params: { spaceId }, search }) as const,
  audit: (spaceId: string, search: AuditSearch = {}) =>
    ({ to: '/spaces/$spaceId/audit', params: { spaceId }, search }) as const,
  webhooks: (spaceId: string) => ({ to: '/spaces/$spaceId/webhooks', params: { spaceId } }) as const,
  node: (nodeId: string, search: ChartsSearch = {}) => ({ to: '/nodes/$nodeId', params: { nodeId }, search }) as const,
  nodeAlerts: (nodeId: string, search: NodeAlertsSearch = {}) =>
    ({ to: '/nodes/$nodeId/alerts', params: { nodeId }, search }) as const,
  nodeFunctions: (nodeId: string) => ({ to: '/nodes/$nodeId/functions', params: { nodeId } }) as const,
  nodeFunction: (nodeId: string, functionName: string, search: FunctionSearch = {}) =>
    ({ to: '/nodes/$nodeId/functions/$functionName', params: { nodeId, functionName }, search }) as const,
  nodeInformation: (nodeId: string) => ({ to: '/nodes/$nodeId/information', params: { nodeId } }) as const,
};

/** Where to go after signing in: only a path of this site, so that a link to the sign-in page cannot lead away. */
export const ownPath = (next: string | undefined): string | null =>
  next !== undefined && /^\/(?!\/)/.test(next) && !/[\p{Cc}\\]/u.test(next) ? next : null;
