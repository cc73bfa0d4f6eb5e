// A claim: what an agent sends to be claimed, what it gets, and which errors. Reading order of this folder: claim-request.ts,
// claim-errors.ts (what each answer means to the person who ran the command), claim-token.ts.
//
// `PUT {base}/api/v1/spaces/nodes/{id}`; success is exactly 204 without a body. [docs/link-protocol.md, Claiming]

import { z } from 'zod';

/** Bytes of a claim's body that the Cloud reads: a key is 451 bytes, a token 60, fifty rooms 1,850; the rest is host name and air. */
export const maxClaimBodyBytes = 16 * 1024;

/** The body. Agents label it JSON, form-urlencoded or nothing at all; unknown keys are ignored, because newer agents may add some. */
export const ClaimRequest = z.object({
  node: z.object({
    /** The claim id: equals the id in the URL. Older agents send their machine GUID here. */
    id: z.string().max(64),
    hostname: z.string().max(1024),
  }),
  token: z.string().max(512),
  /** Ids or slugs of rooms of the token's Space; may be empty. */
  rooms: z.array(z.string().max(128)).max(50).default([]),
  /** SubjectPublicKeyInfo of an RSA-2048 key, PEM. */
  publicKey: z.string().max(4096),
  /** Machine GUID; absent from agents older than v1.27, whose node.id it is. */
  mGUID: z.string().max(64).optional(),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** Path of a claim, below the Cloud's base URL. */
export const claimPath = (claimId: string): string => `/api/v1/spaces/nodes/${claimId}`;
