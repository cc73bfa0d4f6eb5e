// Who × action × Space → yes, or the error. An id of a foreign Space, an unknown id, a node that the person does not see and what is no id
// at all are refused with the same answer, after the same look-ups as far as they go: nobody learns which ids exist.

import { lowerRole, roleMay, type SpaceAction } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import { parseNodeId, parseSpaceId, type AccountId, type NodeId, type SpaceId } from '@claimstead/wire/ids';
import type { SignedIn } from '../account/session.ts';
import type { Access } from '../member/member.ts';
import type { Node } from '../node/node.ts';
import type { SpaceAccess } from './routes.ts';

export interface AuthorizeParts {
  accessIn(spaceId: SpaceId, accountId: AccountId): Promise<Access | undefined>;
  nodeById(nodeId: NodeId): Promise<Node | undefined>;
}

/** The nil UUID, which no Space has. */
const noSpace = '00000000-0000-0000-0000-000000000000' as SpaceId;

/** Throws `not-found` where the account is no member or does not see the node, `forbidden` where its role may not do that. */
export async function authorize(
  parts: AuthorizeParts,
  who: SignedIn,
  action: SpaceAction,
  target: { spaceId?: string; nodeId?: string },
): Promise<SpaceAccess> {
  const nodeId = target.nodeId === undefined ? undefined : parseNodeId(target.nodeId);
  const node = nodeId === undefined ? undefined : await parts.nodeById(nodeId);
  // Without a Space the look-up is made all the same, so that the time it takes tells nothing either.
  const spaceId = (target.nodeId === undefined ? parseSpaceId(target.spaceId) : node?.spaceId) ?? noSpace;
  const access = await parts.accessIn(spaceId, who.accountId);
  const { narrowedTo } = who;
  const isElsewhere = narrowedTo !== undefined && narrowedTo.spaceId !== spaceId;
  if (access === undefined || isElsewhere || (node !== undefined && !access.sight.node(node.nodeId)))
    throw new CloudError('not-found');
  // Of a token the lower of two, asked anew each time: what its owner may not do any more, it may not either.
  const role = narrowedTo === undefined ? access.role : lowerRole(access.role, narrowedTo.role);
  if (!roleMay(role, action)) throw new CloudError('forbidden');
  return { ...who, spaceId, ...access, role, node };
}
