// A machine that uses the identity of another: POST /nodes/:nodeId/copy-claims makes what it needs to become a node of its own. Once per copy;
// administrators only, never cached.

import { z } from 'zod';

/** Which of the contending machines is the copy, as the contest names it. */
export const CopyClaimCreate = z.strictObject({ hostname: z.string().max(255), address: z.string().max(64) });

export const CopyClaimView = z.object({
  tokenId: z.uuid(),
  /** For one claim; shown once. */
  token: z.string(),
  expiresAt: z.iso.datetime(),
  /** To be run on the copy as root, one after the other. */
  forget: z.string(),
  claim: z.string(),
});
export type CopyClaimView = z.infer<typeof CopyClaimView>;
