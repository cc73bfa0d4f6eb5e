// The audit: what was decided about claims, keys, nodes, tokens, Spaces and accounts, one row each, written in the transaction of what it tells, so
// that neither is without the other. Reading order: audit.ts, audit-store.ts (SQL). `claimstead admin audit` prints it.

import type { AccountId, ClaimId, NodeId, SpaceId } from '@claimstead/wire/ids';

export type AuditKind =
  | 'space-made'
  | 'token-made'
  | 'token-revoked'
  /** A node, or an earlier node under a newer claim; a repeat that changes nothing has no row. */
  | 'claim-accepted'
  | 'key-replaced'
  | 'node-removed'
  /** The claim was deleted on the node itself. */
  | 'node-unclaimed'
  /** A parent streams a machine that was not known before. */
  | 'child-added'
  /** The last parent that streamed a machine without a claim told that it is gone for good. */
  | 'node-let-go'
  /** Several machines hold the key of one claim, and take the link from each other. */
  | 'identity-contested'
  | 'identity-settled'
  | 'signed-in'
  /** Only so many an hour are written down, of one network and of all. */
  | 'sign-in-refused'
  | 'signed-out'
  /** One session, or several, by somebody who is signed in to the account. */
  | 'sessions-ended'
  | 'account-made'
  | 'account-renamed'
  /** An identity of the issuer is that account's from now on. */
  | 'oidc-linked'
  | 'password-changed'
  /** A link was made; by whom nobody knows. */
  | 'password-reset-asked'
  /** A link was used. */
  | 'password-reset'
  | 'second-factor-on'
  | 'second-factor-off'
  | 'recovery-codes-made'
  | 'recovery-code-used'
  | 'passkey-added'
  | 'passkey-removed'
  | 'api-token-made'
  | 'api-token-revoked';

export interface AuditEntry {
  atMs: number;
  kind: AuditKind;
  /** Who did it; absent = an agent, somebody on the private socket, or the Cloud itself. */
  accountId?: AccountId;
  spaceId?: SpaceId;
  nodeId?: NodeId;
  claimId?: ClaimId;
  tokenId?: string;
  sourceNetwork?: string;
  /** Never a secret: hashes of public keys, names, counts. */
  details?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

/** As it is read back; `seq` counts without a gap. */
export interface AuditRow {
  seq: number;
  atMs: number;
  kind: AuditKind;
  accountId: AccountId | null;
  spaceId: SpaceId | null;
  nodeId: NodeId | null;
  claimId: ClaimId | null;
  tokenId: string | null;
  sourceNetwork: string | null;
  details: Readonly<Record<string, unknown>>;
}

export interface AuditStore {
  /** A row of its own, for what changes no other table. */
  add(entry: AuditEntry): Promise<void>;
  /** The newest `most` rows, oldest first; of one Space, or of all. */
  newest(most: number, spaceId: SpaceId | undefined): Promise<AuditRow[]>;
}
