// The audit: what was decided about claims, keys, nodes, tokens, Spaces and accounts, one row each, written in the transaction of what it tells, so
// that neither is without the other. Reading order: audit.ts, audit-words.ts (each kind in words), audit-chain.ts (how edits are seen), audit-store.ts
// (SQL), audit-chain-store.ts (walks the chain), audit-file.ts, audit-view.ts (a row as people see it), audit-export.ts, audit-routes.ts (HTTP).
// `claimstead admin audit` prints it.

import type { AccountId, ClaimId, NodeId, SpaceId } from '@claimstead/wire/ids';
import type { AuditHead, AuditVerdict } from './audit-chain.ts';

/** A new one needs its words in audit-words.ts. */
export type AuditKind =
  | 'space-made'
  | 'space-renamed'
  /** With its nodes, rooms, tokens and members; the rows about them stay. */
  | 'space-deleted'
  | 'room-made'
  | 'room-renamed'
  | 'room-deleted'
  | 'room-rules-changed'
  | 'member-invited'
  /** Withdrawn by somebody, replaced by a newer one, its inviter may not promise that role any more, or who has the address got another: `details.because`. */
  | 'invitation-revoked'
  /** `accountId` is who came. */
  | 'invitation-accepted'
  | 'member-role-changed'
  | 'member-rooms-changed'
  | 'member-removed'
  | 'member-left'
  | 'token-made'
  | 'token-changed'
  | 'token-regenerated'
  | 'token-revoked'
  /** The standing token was shown to somebody. */
  | 'token-viewed'
  /** A node, or an earlier node under a newer claim; a repeat that changes nothing has no row. */
  | 'claim-accepted'
  /** From a network that the token takes no claims from. */
  | 'claim-from-elsewhere'
  | 'key-replaced'
  /** By somebody, or an ephemeral one by itself: then `details.because` says so. */
  | 'node-removed'
  /** Whether, and after how long offline, it leaves by itself. */
  | 'node-ephemeral-changed'
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
  /** By the operator: the address is what invitations and issuers know somebody by, so nobody changes their own. */
  | 'account-email-changed'
  /** An identity of the issuer is that account's from now on. */
  | 'oidc-linked'
  | 'password-changed'
  /** Somebody has made a token for one of those machines to be claimed anew. */
  | 'identity-settling'
  | 'admission-turned-on'
  | 'admission-turned-off'
  | 'node-admitted'
  /** Somebody put a node into rooms, or took it out of some; without an account a room rule did: `details.rule`. */
  | 'node-moved'
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
  | 'api-token-revoked'
  /** The database was taken out of a backup: what was decided after that was made is lost. */
  | 'restored'
  | 'webhook-made'
  | 'webhook-changed'
  | 'webhook-removed';

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
  hash: string;
}

/** With names of today, where what is named still exists. */
export interface NamedAuditRow extends AuditRow {
  accountName: string | null;
  accountEmail: string | null;
  hostname: string | null;
}

/** All of it must fit; what is undefined fits. */
export interface AuditFilter {
  /** Rows with smaller numbers. */
  before?: number | undefined;
  /** Rows with greater numbers. */
  after?: number | undefined;
  /** Any text: a kind that is not known has no rows. */
  kind?: string | undefined;
  accountId?: AccountId | undefined;
  nodeId?: NodeId | undefined;
  fromMs?: number | undefined;
  /** Not included. */
  untilMs?: number | undefined;
  /** Part of a name, an id, a network or the details, in whatever case. */
  find?: string | undefined;
}

export interface AuditStore {
  /** A row of its own, for what changes no other table. */
  add(entry: AuditEntry): Promise<void>;
  /**
   * The newest rows of a Space, newest first; with `after` the next ones, oldest first. 'all': of every Space and of none, said in a word, so that
   * an id that is missing by mistake opens nothing.
   */
  page(spaceId: SpaceId | 'all', filter: AuditFilter, most: number): Promise<NamedAuditRow[]>;
  /** Whom rows of a Space name as doing something; without a name: is gone since. */
  people(spaceId: SpaceId): Promise<{ accountId: AccountId; name: string | null; email: string | null }[]>;
  /** The newest row of all. */
  head(): Promise<AuditHead>;
  /** Whether every row is as it was written; `noted`: a hash that one of them must have. */
  verify(noted: string | undefined): Promise<AuditVerdict>;
}
