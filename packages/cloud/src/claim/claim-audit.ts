// What the audit tells of an accepted claim.

import type { AuditEntry } from '../audit/audit.ts';
import type { CheckedClaim } from './checked-claim.ts';
import type { AcceptedClaim } from './claim.ts';

/** None for a repeat that changes nothing: whoever holds a token and a key could fill the disk with it. */
export function auditOf(claim: CheckedClaim, accepted: AcceptedClaim): Omit<AuditEntry, 'atMs'>[] {
  const { spaceId, nodeId, token, retiredClaimId, keyReplaced, earlierKeyHash, takesUse, waits } = accepted;
  const { ephemeralAfterMs } = accepted;
  const { claimId, machineGuid, hostname, publicKeyHash } = claim;
  const about = { spaceId, nodeId, claimId, tokenId: token.tokenId };
  const entries: Omit<AuditEntry, 'atMs'>[] = [];
  if (takesUse || retiredClaimId !== null)
    entries.push({
      ...about,
      kind: 'claim-accepted',
      details: {
        machineGuid,
        hostname,
        publicKeyHash,
        isNewNode: accepted.node === undefined,
        retiredClaimId,
        tokenName: token.name,
        waits,
        ...(ephemeralAfterMs !== null && { ephemeralAfterMs }),
      },
    });
  if (keyReplaced) entries.push({ ...about, kind: 'key-replaced', details: { earlierKeyHash, publicKeyHash } });
  return entries;
}
