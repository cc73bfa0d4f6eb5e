// The secret of the invitation that is open in this tab: taken out of the address, kept while somebody signs in, and gone with the tab. It is
// in no address but the fragment of the link that was given, which browsers send to nobody.

import { InvitationSecret } from '@claimstead/wire/cloud-api/invitations';

const slot = 'claimstead-invitation';

/** Whether the fragment of an address, with or without its `#`, holds a secret; then it is kept. */
export function keepInvitation(fragment: string): boolean {
  const secret = InvitationSecret.safeParse(fragment.replace(/^#/, ''));
  if (!secret.success) return false;
  sessionStorage.setItem(slot, secret.data);
  return true;
}

/** Null = none is open here. */
export const keptInvitation = (): string | null =>
  InvitationSecret.safeParse(sessionStorage.getItem(slot)).data ?? null;

export const forgetInvitation = (): void => sessionStorage.removeItem(slot);
