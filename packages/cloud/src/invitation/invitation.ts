// An invitation: the promise of a place in a Space to whoever has an e-mail address and the link. Reading order: invitation.ts,
// invitation-store.ts (SQL), invitation-routes.ts (of those who invite), accept-routes.ts (of those who are invited). Who can be invited by
// whom: rolesGivenBy in wire/cloud-api/roles.ts; why a link and not a mail alone: docs/decisions/0020-invitations-by-link.md.

import { roleMay, rolesGivenBy, type Role } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, InvitationId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { createHash } from 'node:crypto';
import type { Account } from '../account/account.ts';
import type { RoleDecision } from '../member/member.ts';

export interface Invitation {
  invitationId: InvitationId;
  spaceId: SpaceId;
  /** Lower case. */
  email: string;
  role: Role;
  roomIds: RoomId[];
  invitedBy: AccountId;
  createdAtMs: number;
  expiresAtMs: number;
}

/** As a list shows it. */
export interface PendingInvitation extends Invitation {
  /** Name of the account. */
  inviterName: string;
}

/** What the holder of its secret is told. */
export interface OpenInvitation extends PendingInvitation {
  spaceName: string;
  roomNames: string[];
  hasAccount: boolean;
}

export interface InvitationStore {
  /**
   * Takes the place of an earlier one of the same address; answers the name of the Space. Throws `forbidden`, `role-not-yours-to-give`,
   * `already-member` or `invalid-request`.
   */
  add(
    invitation: Invitation & { secretHash: string },
    by: Pick<RoleDecision, 'sourceNetwork' | 'atMost'>,
  ): Promise<string>;
  /** Those that can still be accepted, newest first, from behind `after`; up to `count`. */
  pageInSpace(
    spaceId: SpaceId,
    after: { atMs: number; id: string } | undefined,
    count: number,
    nowMs: number,
  ): Promise<PendingInvitation[]>;
  /** False = none of this Space. Throws `forbidden` and `role-not-yours-to-give`. */
  revoke(spaceId: SpaceId, invitationId: InvitationId, by: RoleDecision): Promise<boolean>;
  /** Undefined for whatever cannot be accepted now: unknown, expired, used, or not its inviter's to promise any more. */
  bySecret(secretHash: string, nowMs: number): Promise<OpenInvitation | undefined>;
  /**
   * Uses it up and takes the person in, in one transaction: of many at once, one succeeds. `who` is an account that exists, or one to make.
   * Throws `invitation-refused`, `invitation-has-account`, `invitation-for-another` or `already-member`.
   */
  accept(
    secretHash: string,
    who: { accountId: AccountId } | { newAccount: Pick<Account, 'accountId' | 'name' | 'passwordHash'> },
    at: { atMs: number; sourceNetwork: string },
  ): Promise<{ account: Account; spaceId: SpaceId; invitationId: InvitationId; role: Role }>;
  /** Whether somebody waits at that address to be let in; `email` in lower case. */
  isOpenFor(email: string, nowMs: number): Promise<boolean>;
  sweep(nowMs: number): Promise<void>;
}

/** 256 random bits behind the prefix by which a leaked one is found. [wire/cloud-api/invitations.ts] */
export const newInvitationSecret = (random: (bytes: number) => Uint8Array): string =>
  `csi_${Buffer.from(random(32)).toString('base64url')}`;

/** What is kept and looked up in place of the secret; random bits need no slow hash. */
export const hashInvitationSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The secret stands in the fragment, which a browser sends to no server: no log and no Referer tells it. */
export const invitationLink = (publicUrl: URL, secret: string): string => `${publicUrl.origin}/invitation#${secret}`;

/** Whether somebody who is `inviter` now (undefined = nothing any more) may promise `role`. */
export const mayPromise = (inviter: Role | undefined | null, role: Role): boolean =>
  inviter !== undefined &&
  inviter !== null &&
  roleMay(inviter, 'manage-members') &&
  rolesGivenBy(inviter).includes(role);

/** Throws `forbidden` where somebody may invite nobody, `role-not-yours-to-give` where not to that. */
export function checkPromise(inviter: Role | undefined, role: Role): void {
  if (inviter === undefined || !roleMay(inviter, 'manage-members')) throw new CloudError('forbidden');
  if (!mayPromise(inviter, role)) throw new CloudError('role-not-yours-to-give');
}
