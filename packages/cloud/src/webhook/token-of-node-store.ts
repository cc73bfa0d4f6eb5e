// With which token a node was claimed, in SQL.

import type { NodeId } from '@claimstead/wire/ids';
import type { Storage } from '../storage/storage.ts';

/** Of the claim that holds the node now. */
export const tokenOfNode =
  (storage: Pick<Storage, 'read'>) =>
  async (nodeId: NodeId): Promise<string | undefined> => {
    const claim = await storage.read
      .selectFrom('node')
      .innerJoin('claim', 'claim.claimId', 'node.claimId')
      .select('claim.tokenId')
      .where('node.nodeId', '=', nodeId)
      .executeTakeFirst();
    return claim?.tokenId ?? undefined;
  };
