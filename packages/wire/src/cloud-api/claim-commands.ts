// The ready command of Add nodes: POST /spaces/:spaceId/claim-commands (administrators only, never cached).

import { z } from 'zod';

/** Makes a claiming token and the command around it. `roomIds` empty = no `-rooms` option. */
export const ClaimCommandCreate = z.strictObject({ roomIds: z.array(z.uuid()).max(50) });

export const ClaimCommandView = z.object({
  tokenId: z.uuid(),
  /** In this answer only; the Cloud keeps only its hash. Of the standing token it keeps a sealed copy, too. */
  token: z.string(),
  /** Null = never. */
  expiresAt: z.iso.datetime().nullable(),
  /** The Cloud's public base URL, as configured; never the page's address. */
  url: z.string(),
  /** What `-rooms=` names. */
  roomSlugs: z.array(z.string()),
  /** What to run as the user of the agent's service. For containers and proxies: wire/claim/claim-command.ts makes the other forms. */
  command: z.string(),
  /** The same through sudo. */
  sudoCommand: z.string(),
  /** The Cloud's own certificate authority in PEM, when its certificate is not publicly trusted; else null. */
  caPem: z.string().nullable(),
  /** Puts caPem where the agent looks for it, to be run before `command`; null when caPem is. */
  trustCommand: z.string().nullable(),
  /** The same through sudo, before `sudoCommand`. */
  sudoTrustCommand: z.string().nullable(),
});
export type ClaimCommandView = z.infer<typeof ClaimCommandView>;
