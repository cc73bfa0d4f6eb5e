// Who × permission × Space → yes, or the error. An id of a foreign Space, an unknown id and what is no id at all are refused with
// the same answer, after the same look-ups as far as they go: nobody learns which ids exist.

import { CloudError } from '@claimstead/wire/errors';
import { parseNodeId, parseSpaceId, type AccountId, type NodeId, type SpaceId } from '@claimstead/wire/ids';
import type { SignedIn } from '../account/session.ts';
import type { Node } from '../node/node.ts';
import type { Permission, SpaceAccess } from './routes.ts';

export interface AuthorizeParts {
  roleIn(spaceId: SpaceId, accountId: AccountId): Promise<'admin' | 'member' | undefined>;
  nodeById(nodeId: NodeId): Promise<Node | undefined>;
}

/** The nil UUID, which no Space has. */
const noSpace = '00000000-0000-0000-0000-000000000000' as SpaceId;

export type SpacePermission = Extract<Permission, 'space-member' | 'space-admin'>;

/** Throws `not-found` where the account has no role, `forbidden` where its role does not suffice. */
export async function authorize(
  parts: AuthorizeParts,
  who: SignedIn,
  permission: SpacePermission,
  target: { spaceId?: string; nodeId?: string },
): Promise<SpaceAccess> {
  const nodeId = target.nodeId === undefined ? undefined : parseNodeId(target.nodeId);
  const node = nodeId === undefined ? undefined : await parts.nodeById(nodeId);
  // Without a Space the look-up is made all the same, so that the time it takes tells nothing either.
  const spaceId = (target.nodeId === undefined ? parseSpaceId(target.spaceId) : node?.spaceId) ?? noSpace;
  const role = await parts.roleIn(spaceId, who.accountId);
  if (role === undefined) throw new CloudError('not-found');
  if (permission === 'space-admin' && role !== 'admin') throw new CloudError('forbidden');
  return { ...who, spaceId, role, node };
}
