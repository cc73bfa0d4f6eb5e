// Invitations into a Space: GET|POST /spaces/:spaceId/invitations, DELETE /spaces/:spaceId/invitations/:invitationId, and for whoever
// holds the link POST /invitations/look and POST /invitations/accept. The secret travels in bodies and in the fragment of the link, which
// browsers send to nobody; it is in no path and no query.

import { z } from 'zod';
import { RoomIds } from './members.ts';
import { Next } from './paging.ts';
import { Role } from './roles.ts';
import { GivenName } from './spaces.ts';

/** `csi_` + 32 random bytes as base64url: a scanner finds one in a leak. */
export const InvitationSecret = z.string().regex(/^csi_[A-Za-z0-9_-]{43}$/);

/** What can be an address, also on a network of one's own (`ada@server`): no blanks, nothing that cannot be seen, or that means something in a letter's head. */
export const EmailAddress = z
  .string()
  .trim()
  .max(254)
  .regex(
    /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+$/u,
    'must be an e-mail address',
  );

/** How long an invitation may live: long enough for a holiday, short enough for a link that lies in a mailbox. */
export const longestInvitationDays = 7;

export const InvitationCreate = z.strictObject({
  email: EmailAddress,
  role: Role,
  /** Rooms whose nodes they will see; of no consequence where the role sees every node. */
  roomIds: RoomIds.default([]),
  lifetimeDays: z.int().min(1).max(longestInvitationDays).default(longestInvitationDays),
});
export type InvitationCreate = z.input<typeof InvitationCreate>;

/** One that waits for its answer. */
export const InvitationView = z.object({
  invitationId: z.uuid(),
  email: z.string(),
  role: Role,
  roomIds: z.array(z.uuid()),
  /** Name of the account that invited. */
  invitedBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type InvitationView = z.infer<typeof InvitationView>;
export const InvitationList = z.object({ invitations: z.array(InvitationView), next: Next });

/** `link` is told this once; nobody can read it again. */
export const InvitationMade = z.object({ invitation: InvitationView, link: z.url() });
export type InvitationMade = z.infer<typeof InvitationMade>;

export const InvitationLook = z.strictObject({ secret: InvitationSecret });
export const InvitationSeen = z.object({
  spaceName: z.string(),
  email: z.string(),
  role: Role,
  /** Names of the rooms. */
  rooms: z.array(z.string()),
  invitedBy: z.string(),
  expiresAt: z.iso.datetime(),
  /** Whether the address has an account already: then it signs in instead of choosing a password. */
  hasAccount: z.boolean(),
});
export type InvitationSeen = z.infer<typeof InvitationSeen>;

/** With a name and a password where the address has no account yet; without them by whoever is signed in as that address. */
export const InvitationAccept = z.strictObject({
  secret: InvitationSecret,
  account: z.strictObject({ name: GivenName, password: z.string().min(1).max(1024) }).optional(),
});
export type InvitationAccept = z.infer<typeof InvitationAccept>;
export const InvitationAccepted = z.object({ spaceId: z.uuid() });
