// Claiming tokens of a Space, for its administrators: GET|POST /spaces/:spaceId/claim-tokens, PATCH|DELETE …/:tokenId,
// POST …/:tokenId/regenerate. The text of a token is in the answers that make one, and in no other; that of the standing one is in the answer
// of POST …/:tokenId/view, too.

import { z } from 'zod';
import { ClaimCommandView } from './claim-commands.ts';
import { EphemeralAfterMs } from './ephemeral.ts';
import { Next } from './paging.ts';
import { GivenName } from './spaces.ts';

/** A token that is left lying around must end some day: the longest that one with a name may live. */
export const maxTokenLifetimeMs = 365 * 24 * 3600 * 1000;
const minTokenLifetimeMs = 60 * 1000;
const maxTokenUses = 1_000_000;
const maxTokenNetworks = 50;
export const maxTokenRooms = 50;

/** An IPv4 or IPv6 network; a plain address is a network of one. What goes on is CIDR in lower case. */
export const SourceNetwork = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) => (text.includes('/') || text === '' ? text : `${text}/${text.includes(':') ? 128 : 32}`))
  .refine((text) => z.union([z.cidrv4(), z.cidrv6()]).safeParse(text).success, {
    message: 'must be a network such as 192.0.2.0/24 or 2001:db8::/32, or an address',
  });

/** What the maker decides. `lifetimeMs` counts from now, `usesLeft` null = any number of nodes. */
export const ClaimTokenCreate = z.strictObject({
  name: GivenName,
  lifetimeMs: z.int().min(minTokenLifetimeMs).max(maxTokenLifetimeMs),
  usesLeft: z.int().min(1).max(maxTokenUses).nullable(),
  roomIds: z.array(z.uuid()).max(maxTokenRooms),
  /** Empty = claims may come from anywhere. */
  sourceNetworks: z.array(SourceNetwork).max(maxTokenNetworks),
  /** What it claims waits until an administrator admits it, also where the Space asks for no admission. */
  admitsByHand: z.boolean(),
  /** Nodes that it brings into the Space leave by themselves after so long offline; null, or absent in a new one = they stay. */
  ephemeralAfterMs: EphemeralAfterMs.nullable().optional(),
});
export type ClaimTokenCreate = z.infer<typeof ClaimTokenCreate>;

/** The one token of a Space that never expires and can be viewed again: POST /spaces/:spaceId/standing-token. */
export const StandingTokenCreate = ClaimTokenCreate.omit({ lifetimeMs: true });
export type StandingTokenCreate = z.infer<typeof StandingTokenCreate>;

/** What is absent stays; the text of the token stays, too. */
export const ClaimTokenChange = ClaimTokenCreate.partial();
export type ClaimTokenChange = z.infer<typeof ClaimTokenChange>;

export const ClaimTokenView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** `command`: Add nodes made it for one command. `standing`: never expires, and can be viewed again. */
  kind: z.enum(['named', 'command', 'standing']),
  /** `used-up` still admits a repeat of a claim that it admitted before. */
  state: z.enum(['valid', 'expired', 'used-up', 'revoked']),
  createdAt: z.iso.datetime(),
  /**
   * Null: somebody at the Cloud's own machine. `name` null: that account is gone. Tokens outlive their makers; `isAdministrator` tells whether
   * the maker is still one of the Space.
   */
  madeBy: z.object({ accountId: z.uuid(), name: z.string().nullable(), isAdministrator: z.boolean() }).nullable(),
  /**
   * When the backup was made that this token came back from, and the token still works under the text that it had then: it may have been
   * revoked or regenerated since. Null once it is regenerated, has ended, or where there was no restore.
   */
  restoredFrom: z.iso.datetime().nullable(),
  /** Null = never. */
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  /** Null = any number. */
  usesLeft: z.int().nullable(),
  usesTaken: z.int(),
  lastUsedAt: z.iso.datetime().nullable(),
  rooms: z.array(z.object({ id: z.uuid(), name: z.string() })),
  sourceNetworks: z.array(z.string()),
  admitsByHand: z.boolean(),
  ephemeralAfterMs: z.int().nullable(),
});
export type ClaimTokenView = z.infer<typeof ClaimTokenView>;
export const ClaimTokenList = z.object({ tokens: z.array(ClaimTokenView), next: Next });

/** A token with its text, this once, in ready commands. */
export const NewClaimTokenView = z.object({ token: ClaimTokenView, command: ClaimCommandView });
export type NewClaimTokenView = z.infer<typeof NewClaimTokenView>;
