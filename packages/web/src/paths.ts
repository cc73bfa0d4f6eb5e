// Every link of the Cloud's pages as a typed function: spread the result into <Link> or pass it to navigate().
// Reading order of src/: routes.tsx (what page is where), api/ (what the Cloud is asked), events/ (what it tells by itself),
// then a folder per noun. charts/ and ui/ know nothing of the rest.

import type { NodeState } from '@claimstead/wire/cloud-api/nodes';

export type WelcomeStep = 'password' | 'space' | 'claim';
export interface NodesSearch {
  state?: NodeState;
  find?: string;
}

export const paths = {
  start: () => ({ to: '/' }) as const,
  signIn: (search: { next?: string } = {}) => ({ to: '/sign-in', search }) as const,
  welcome: (step?: WelcomeStep) => ({ to: '/welcome', search: step ? { step } : {} }) as const,
  nodes: (spaceId: string, search: NodesSearch = {}) =>
    ({ to: '/spaces/$spaceId', params: { spaceId }, search }) as const,
  room: (spaceId: string, roomId: string, search: NodesSearch = {}) =>
    ({ to: '/spaces/$spaceId/rooms/$roomId', params: { spaceId, roomId }, search }) as const,
  rooms: (spaceId: string) => ({ to: '/spaces/$spaceId/rooms', params: { spaceId } }) as const,
  addNodes: (spaceId: string) => ({ to: '/spaces/$spaceId/add-nodes', params: { spaceId } }) as const,
  manageNodes: (spaceId: string) => ({ to: '/spaces/$spaceId/manage', params: { spaceId } }) as const,
  node: (nodeId: string) => ({ to: '/nodes/$nodeId', params: { nodeId } }) as const,
};

/** Where to go after signing in: only a path of this site, so that a link to the sign-in page cannot lead away. */
export const ownPath = (next: string | undefined): string | null =>
  next !== undefined && /^\/(?!\/)/.test(next) && !/[\p{Cc}\\]/u.test(next) ? next : null;
