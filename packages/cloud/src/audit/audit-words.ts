// Each kind of the audit in words, for the pages, the exports and the command line alike: the one catalogue.

import type { AuditKind } from './audit.ts';

const groups = {
  nodes: 'Claims and nodes',
  tokens: 'Claiming tokens',
  people: 'People',
  space: 'Space and rooms',
  account: 'Accounts and sign-in',
  programs: 'API tokens',
  cloud: 'The Cloud',
} as const;

export interface AuditKindWords {
  group: keyof typeof groups;
  /** What happened, as the beginning of a line. */
  says: string;
}

const catalogue = {
  'claim-accepted': { group: 'nodes', says: 'Node claimed' },
  'claim-from-elsewhere': { group: 'nodes', says: 'Claim refused: from a network that the token does not take' },
  'key-replaced': { group: 'nodes', says: 'Key of a node replaced' },
  'node-admitted': { group: 'nodes', says: 'Node let in' },
  'node-moved': { group: 'nodes', says: 'Node put into other rooms' },
  'node-removed': { group: 'nodes', says: 'Node removed' },
  'node-ephemeral-changed': { group: 'nodes', says: 'Whether a node leaves by itself changed' },
  'node-unclaimed': { group: 'nodes', says: 'Claim given up by the node itself' },
  'child-added': { group: 'nodes', says: 'Node added by its parent' },
  'node-let-go': { group: 'nodes', says: 'Node let go by its last parent' },
  'identity-contested': { group: 'nodes', says: 'Several machines use one identity' },
  'identity-settling': { group: 'nodes', says: 'Token made for one of the machines that use one identity' },
  'identity-settled': { group: 'nodes', says: 'One machine alone uses its identity again' },

  'token-made': { group: 'tokens', says: 'Claiming token made' },
  'token-changed': { group: 'tokens', says: 'Claiming token changed' },
  'token-regenerated': { group: 'tokens', says: 'Claiming token replaced by a new one' },
  'token-revoked': { group: 'tokens', says: 'Claiming token revoked' },
  'token-viewed': { group: 'tokens', says: 'Claiming token shown' },
  'admission-turned-on': { group: 'tokens', says: 'New nodes wait until somebody lets them in' },
  'admission-turned-off': { group: 'tokens', says: 'New nodes join at once' },

  'member-invited': { group: 'people', says: 'Somebody invited' },
  'invitation-revoked': { group: 'people', says: 'Invitation withdrawn' },
  'invitation-accepted': { group: 'people', says: 'Invitation accepted' },
  'member-role-changed': { group: 'people', says: 'Role changed' },
  'member-rooms-changed': { group: 'people', says: 'Rooms of a member changed' },
  'member-removed': { group: 'people', says: 'Member removed' },
  'member-left': { group: 'people', says: 'Member left' },

  'space-made': { group: 'space', says: 'Space made' },
  'space-renamed': { group: 'space', says: 'Space renamed' },
  'space-deleted': { group: 'space', says: 'Space deleted' },
  'room-made': { group: 'space', says: 'Room made' },
  'room-renamed': { group: 'space', says: 'Room renamed' },
  'room-deleted': { group: 'space', says: 'Room deleted' },
  'room-rules-changed': { group: 'space', says: 'Rules of a room changed' },

  'webhook-made': { group: 'space', says: 'Webhook made' },
  'webhook-changed': { group: 'space', says: 'Webhook changed' },
  'webhook-removed': { group: 'space', says: 'Webhook removed' },

  restored: { group: 'cloud', says: 'Restored from a backup' },

  'signed-in': { group: 'account', says: 'Signed in' },
  'sign-in-refused': { group: 'account', says: 'Sign-in refused' },
  'signed-out': { group: 'account', says: 'Signed out' },
  'sessions-ended': { group: 'account', says: 'Sessions ended' },
  'account-renamed': { group: 'account', says: 'Name of an account changed' },
  'account-email-changed': { group: 'account', says: 'E-mail address of an account changed' },
  'password-changed': { group: 'account', says: 'Password changed' },
  'second-factor-on': { group: 'account', says: 'Two-step sign-in turned on' },
  'second-factor-off': { group: 'account', says: 'Two-step sign-in turned off' },
  'recovery-codes-made': { group: 'account', says: 'Recovery codes made' },
  'recovery-code-used': { group: 'account', says: 'Recovery code used' },
  'password-reset-asked': { group: 'account', says: 'Link for a new password made' },
  'password-reset': { group: 'account', says: 'Password set by a link' },
  'passkey-added': { group: 'account', says: 'Passkey added' },
  'passkey-removed': { group: 'account', says: 'Passkey removed' },
  'account-made': { group: 'account', says: 'Account made' },
  'oidc-linked': { group: 'account', says: 'Identity of an issuer linked to an account' },

  'api-token-made': { group: 'programs', says: 'Token for a program made' },
  'api-token-revoked': { group: 'programs', says: 'Token for a program revoked' },
} as const satisfies Record<string, AuditKindWords>;

/** An error here names kinds without words: write them into the catalogue above. Words of kinds that are not written yet do no harm. */
const wordsOfEveryKind: Readonly<Record<AuditKind, AuditKindWords>> = catalogue;

/** Also of a kind that this program does not know, e.g. after a step back to an older one: its own name, made readable. */
export function auditKindWords(kind: string): { says: string; group: string } {
  const known = Object.hasOwn(wordsOfEveryKind, kind) ? wordsOfEveryKind[kind as AuditKind] : undefined;
  if (known !== undefined) return { says: known.says, group: groups[known.group] };
  const plain = kind.replaceAll('-', ' ').trim();
  return { says: plain.charAt(0).toUpperCase() + plain.slice(1), group: 'Others' };
}

/** Every kind with its words, in the order of the catalogue. */
export const auditKinds = (): { kind: string; says: string; group: string }[] =>
  Object.keys(wordsOfEveryKind).map((kind) => ({ kind, ...auditKindWords(kind) }));

/** Those that rows of a Space can have: an account with its sign-ins, and the Cloud, belong to none. */
export const auditKindsOfSpace = (): ReturnType<typeof auditKinds> =>
  auditKinds().filter(({ group }) => group !== groups.account && group !== groups.cloud);
