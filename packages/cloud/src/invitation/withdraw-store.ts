// The end of invitations that nobody accepted, in SQL; apart from invitation-store.ts because members (member/) end them, too.

import type { Role } from '@claimstead/wire/cloud-api/roles';
import type { AccountId, InvitationId, SpaceId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import type { Decision } from '../member/member.ts';
import type { Tx } from '../storage/storage.ts';
import { mayPromise } from './invitation.ts';

/** Part of the transaction in which somebody's role changes or ends (null): what they may not promise any more is not promised. */
export async function withdrawPromises(
  tx: Tx,
  inviter: { spaceId: SpaceId; accountId: AccountId; role: Role | null },
  by: Decision,
): Promise<void> {
  const promised = await tx
    .selectFrom('invitation')
    .select(['invitationId', 'spaceId', 'email', 'role'])
    .where('spaceId', '=', inviter.spaceId)
    .where('invitedBy', '=', inviter.accountId)
    .execute();
  for (const invitation of promised)
    if (!mayPromise(inviter.role, invitation.role)) await withdraw(tx, invitation, 'inviter-may-not', by);
}

/** Part of the transaction in which nobody has that address any more: who reads its mailbox is not who was meant. Answers the Spaces. */
export async function withdrawAllTo(tx: Tx, address: string, by: Pick<Decision, 'atMs'>): Promise<SpaceId[]> {
  const open = await tx
    .selectFrom('invitation')
    .select(['invitationId', 'spaceId', 'email', 'role'])
    .where('email', '=', address)
    .execute();
  for (const invitation of open) await withdraw(tx, invitation, 'address-changed', by);
  return open.map(({ spaceId }) => spaceId);
}

/** Part of the transaction of whoever ends it, who is named in the audit. */
export async function withdraw(
  tx: Tx,
  { invitationId, spaceId, email, role }: { invitationId: InvitationId; spaceId: SpaceId; email: string; role: Role },
  because: 'withdrawn' | 'replaced' | 'inviter-may-not' | 'address-changed',
  by: Pick<Decision, 'atMs'> & Partial<Decision>,
): Promise<void> {
  await tx.deleteFrom('invitation').where('invitationId', '=', invitationId).execute();
  const details = { invitationId, email, role, because };
  await insertAudit(tx, { kind: 'invitation-revoked', spaceId, ...by, details });
}
