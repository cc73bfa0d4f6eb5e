// A machine that lost its power and its key comes back with a new key while its last connection still counts as up: nobody answers
// there, so it keeps nobody out. [docs/decisions/0003]

import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId } from '@claimstead/wire/ids';

export interface LinksInTheWay {
  /** Whether an agent is connected under this claim right now. */
  isLinkUp: (claimId: ClaimId) => boolean;
  /** Whether somebody still answers there; a link on which nobody does is ended. Takes seconds then. */
  isLinkAlive: (claimId: ClaimId) => Promise<boolean>;
}

/** Runs `work`, once more where the link that it was refused for turns out to be dead. Throws what `work` throws. */
export async function pastDeadLinks<T>(
  { isLinkUp, isLinkAlive }: LinksInTheWay,
  work: (isLinkUp: (claimId: ClaimId) => boolean) => Promise<T>,
): Promise<T> {
  let inTheWay: ClaimId | undefined;
  try {
    return await work((claimId) => {
      const isUp = isLinkUp(claimId);
      if (isUp) inTheWay = claimId;
      return isUp;
    });
  } catch (refusal) {
    const isInUse = refusal instanceof CloudError && refusal.kind === 'claim-key-in-use';
    if (!isInUse || inTheWay === undefined || (await isLinkAlive(inTheWay))) throw refusal;
    return work((claimId) => claimId !== inTheWay && isLinkUp(claimId));
  }
}
