// What the Cloud keeps. Reading order of this folder: schema.ts (every table), schema.sql (the same as the database sees it, with
// the reason of each index), storage.ts (the interface), sqlite.ts (the engine), migrations/ (how an older database gets here),
// instance-lock.ts (one Cloud per folder), storage.contract.ts (what any engine must do), power-cut/ (the proof).
//
// Only identity and settings are kept, never a sample and never a secret in the clear. Conventions for every engine: ids are
// lower-case UUID text; `…AtMs` are integer milliseconds since 1970; truth values are 0 or 1; hashes are lower-case hex.

import type { Role } from '@claimstead/wire/cloud-api/roles';
import type { AccountId, ClaimId, InvitationId, MachineGuid, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import type { AuditKind } from '../audit/audit.ts';

export type Flag = 0 | 1;

export interface Schema {
  account: AccountTable;
  session: SessionTable;
  space: SpaceTable;
  spaceMember: SpaceMemberTable;
  room: RoomTable;
  roomMember: RoomMemberTable;
  claimToken: ClaimTokenTable;
  claimTokenRoom: ClaimTokenRoomTable;
  node: NodeTable;
  nodeRoom: NodeRoomTable;
  claim: ClaimTable;
  dismissedChild: DismissedChildTable;
  audit: AuditTable;
  invitation: InvitationTable;
  invitationRoom: InvitationRoomTable;
  totp: TotpTable;
  recoveryCode: RecoveryCodeTable;
  passkey: PasskeyTable;
  passwordReset: PasswordResetTable;
  apiToken: ApiTokenTable;
  signInPlace: SignInPlaceTable;
  oidcIdentity: OidcIdentityTable;
  spaceAdmission: SpaceAdmissionTable;
  auditHead: AuditHeadTable;
  restore: RestoreTable;
  webhook: WebhookTable;
  webhookDelivery: WebhookDeliveryTable;
  roomRule: RoomRuleTable;
  roomRuleNode: RoomRuleNodeTable;
  ephemeralNode: EphemeralNodeTable;
  migration: MigrationTable;
}

/** A person. Owner: account/. */
export interface AccountTable {
  accountId: AccountId;
  /** Lower case, unique. */
  email: string;
  name: string;
  /** argon2id in PHC text form; salt and cost are inside. */
  passwordHash: string;
  /** 1 until the one-time password of the first start has been replaced. */
  passwordIsInitial: Flag;
  createdAtMs: number;
}

/** A signed-in browser. Owner: account/. */
export interface SessionTable {
  /** SHA-256 of the cookie's value; what is in the database cannot sign in. */
  sessionHash: string;
  /** A UUID: what a session is called in the list of them. */
  publicId: string;
  accountId: AccountId;
  createdAtMs: number;
  /** Written at most once a minute, so that reading a page costs no disk write. */
  lastUsedAtMs: number;
  /** Where somebody signed in: an IPv4 address or an IPv6 /64. Null = before that was written down. */
  sourceNetwork: string | null;
  /** In a few words of ours, `Firefox on Linux`, never the header itself. */
  browser: string | null;
}

/** Owner: space/. */
export interface SpaceTable {
  spaceId: SpaceId;
  name: string;
  /** Null until an administrator has named the Space: the first-run steps are shown until then. */
  namedAtMs: number | null;
  createdAtMs: number;
}

/** Who belongs to a Space, and as what. Owner: member/. */
export interface SpaceMemberTable {
  spaceId: SpaceId;
  accountId: AccountId;
  role: Role;
  joinedAtMs: number;
}

/** Rooms whose nodes somebody sees; those whose role sees every node need no rows. Owner: member/. */
export interface RoomMemberTable {
  roomId: RoomId;
  accountId: AccountId;
}

/** Owner: room/. */
export interface RoomTable {
  roomId: RoomId;
  spaceId: SpaceId;
  /** Unique in the Space, `[a-z0-9-]`, never changed by a rename: commands that people saved go on working. */
  slug: string;
  name: string;
  /** 1 for the one room of a Space that every node is in; that membership has no rows. */
  holdsAllNodes: Flag;
  createdAtMs: number;
}

/** A claiming token. Owner: token/. */
export interface ClaimTokenTable {
  tokenId: string;
  /** SHA-256 of the token; the token itself is shown once and, but for the standing one, not kept. */
  tokenHash: string;
  spaceId: SpaceId;
  name: string;
  /** `command`: made by Add nodes. `standing`: the one of the Space that never expires and can be viewed again. */
  kind: 'named' | 'command' | 'standing';
  /** Null = somebody on the private socket, or before this was kept. Points nowhere: it outlives the account. */
  madeByAccountId: AccountId | null;
  createdAtMs: number;
  /** Null = never: of the standing one alone. */
  expiresAtMs: number | null;
  /** Null = any number of nodes. */
  usesLeft: number | null;
  usesTaken: number;
  lastUsedAtMs: number | null;
  /** A JSON list of networks that claims may come from; empty = from anywhere. */
  sourceNetworks: string;
  /** 1: what it claims waits until an administrator admits it, also where the Space asks for no admission. */
  admitsByHand: Flag;
  /** The standing token, sealed with a key that is not in this database; null of all others. */
  sealedToken: string | null;
  /** Null = never. */
  revokedAtMs: number | null;
  /** Nodes that it brings into the Space leave after so long offline; null = they stay. */
  ephemeralAfterMs: number | null;
}

/** Rooms that nodes claimed with a token join, beside those that their claim names. Owner: token/. */
export interface ClaimTokenRoomTable {
  tokenId: string;
  roomId: RoomId;
}

/** A machine in a Space. Owner: node/, made by claim/. */
export interface NodeTable {
  nodeId: NodeId;
  spaceId: SpaceId;
  machineGuid: MachineGuid;
  /** The claim that holds the node now; null, as is the key, of a machine that was not claimed itself: a parent streams it. */
  claimId: ClaimId | null;
  hostname: string;
  /** SubjectPublicKeyInfo, PEM. */
  publicKeyPem: string | null;
  /** SHA-256 of the key's DER bytes: the same key in other line breaks is the same key. */
  publicKeyHash: string | null;
  /** Or, without a claim, when its parent first told of it. */
  claimedAtMs: number;
  firstLiveAtMs: number | null;
  firstSampleAtMs: number | null;
  lastLiveAtMs: number | null;
  /** The token that the claim was made with, as it was called then; survives the token. Null without a claim, or before this was kept. */
  claimedTokenName: string | null;
  claimedTokenId: string | null;
  /** Where the claim came from: an IPv4 address or an IPv6 /64. */
  claimedFrom: string | null;
  /** Who had made that token. */
  claimedByAccountId: AccountId | null;
  /** Since when it waits for somebody to admit it; null = it does not. */
  waitsSinceMs: number | null;
  /** How its last link ended; null before that, or where the Cloud ended without a word. */
  downCause: 'said-goodbye' | 'link-closed' | null;
  downWords: string | null;
}

/** Owner: node/. */
export interface NodeRoomTable {
  nodeId: NodeId;
  roomId: RoomId;
}

/** Every claim that was accepted, also ended ones: an agent that comes back under one is told why it is refused. Owner: claim/. */
export interface ClaimTable {
  claimId: ClaimId;
  /** Null after its Space was deleted. */
  spaceId: SpaceId | null;
  /** Null after its node was removed. */
  nodeId: NodeId | null;
  /** The token that admitted it; a repeat of the same claim by the same token uses it up only once. Null after the token was swept. */
  tokenId: string | null;
  claimedAtMs: number;
  endedAtMs: number | null;
  /**
   * Null while it holds its node. `replaced`: a newer claim of the same machine holds it. `removed`: its node was removed,
   * or its Space deleted. `unclaimed`: the claim was deleted on the node, and its agent said so.
   */
  endedBecause: 'replaced' | 'removed' | 'unclaimed' | null;
}

/** A machine that was removed while the agent of this claim streamed it: not taken in again at that parent's word. Owner: node/. */
export interface DismissedChildTable {
  claimId: ClaimId;
  machineGuid: MachineGuid;
}

/** What was decided about claims, keys, nodes and tokens; written with what it tells, never changed. Owner: audit/. */
export interface AuditTable {
  /** 1, 2, 3, … without a gap. */
  seq: number;
  atMs: number;
  kind: AuditKind;
  /** Names of what it is about, which may be gone since: nothing points from here into other tables. */
  spaceId: SpaceId | null;
  nodeId: NodeId | null;
  claimId: ClaimId | null;
  tokenId: string | null;
  /** Who asked: an IPv4 address or an IPv6 /64. Null = somebody on the private socket, or the Cloud itself. */
  sourceNetwork: string | null;
  /** A JSON object of strings, numbers, truth values and lists of them; never a secret. */
  details: string;
  /** Who did it; null = an agent, somebody on the private socket, or the Cloud itself. */
  accountId: AccountId | null;
  /** SHA-256 of the row before and of all of this (audit/audit-chain.ts). */
  hash: string;
}

/** An invitation that waits for its answer; accepted, withdrawn and expired ones are gone, and told of by the audit. Owner: invitation/. */
export interface InvitationTable {
  invitationId: InvitationId;
  /** SHA-256 of the secret in its link; the secret itself is shown once and not kept. */
  secretHash: string;
  spaceId: SpaceId;
  /** Lower case; one invitation of a Space per address. */
  email: string;
  role: Role;
  invitedBy: AccountId;
  createdAtMs: number;
  expiresAtMs: number;
}

/** Rooms that whoever accepts an invitation becomes a member of. Owner: invitation/. */
export interface InvitationRoomTable {
  invitationId: InvitationId;
  roomId: RoomId;
}

/** The second factor of an account; one each. Owner: second-factor/. */
export interface TotpTable {
  accountId: AccountId;
  /** A box of seal/, which opens for this account alone. */
  sealedSecret: string;
  createdAtMs: number;
  /** Null while it is being set up: no code of it has been shown yet, and sign-in does not ask for one. */
  enabledAtMs: number | null;
  /** Number of the 30 s step whose code was taken last; a code of that step or an earlier one is not taken again. */
  lastStep: number;
}

/** Codes that stand in for the second factor, each once: a used one is removed. Owner: second-factor/. */
export interface RecoveryCodeTable {
  codeHash: string;
  accountId: AccountId;
  createdAtMs: number;
}

/** A WebAuthn credential. Owner: passkey/. */
export interface PasskeyTable {
  passkeyId: string;
  accountId: AccountId;
  /** As the authenticator named it, base64url. */
  credentialId: string;
  /** COSE key, base64url. */
  publicKey: string;
  /** Of signatures; 0 where the authenticator does not count. */
  counter: number;
  /** How it can be reached, a JSON list, e.g. ["internal"]. */
  transports: string;
  name: string;
  createdAtMs: number;
  lastUsedAtMs: number | null;
}

/** A link that sets a new password, once. Owner: password-reset/. */
export interface PasswordResetTable {
  /** SHA-256 of the link's secret. */
  resetHash: string;
  accountId: AccountId;
  createdAtMs: number;
  expiresAtMs: number;
}

/** What a program signs in with, to one Space. A revoked one is removed. Owner: api-token/. */
export interface ApiTokenTable {
  apiTokenId: string;
  tokenHash: string;
  accountId: AccountId;
  spaceId: SpaceId;
  name: string;
  /** It may what this role and that of its owner both may. */
  role: Role;
  createdAtMs: number;
  expiresAtMs: number;
  /** Written at most once a minute. */
  lastUsedAtMs: number | null;
}

/** From where an account signed in lately, so that a new place can be told. Owner: account/. */
export interface SignInPlaceTable {
  accountId: AccountId;
  sourceNetwork: string;
  browser: string;
  lastUsedAtMs: number;
}

/** Who an account is at an OpenID Connect issuer. Owner: oidc/. */
export interface OidcIdentityTable {
  issuer: string;
  subject: string;
  accountId: AccountId;
  linkedAtMs: number;
}

/** Spaces whose claimed nodes wait until an administrator admits them; without a row they do not. Owner: admission/. */
export interface SpaceAdmissionTable {
  spaceId: SpaceId;
  onSinceMs: number;
}

/** The newest row of the audit: one row, changed with every one that is added, so that a tail that was cut off is missed. Owner: audit/. */
export interface AuditHeadTable {
  only: 1;
  seq: number;
  hash: string;
}

/** Each time that this database was taken out of a backup. Owner: backup/. */
export interface RestoreTable {
  restoredAtMs: number;
  backupMadeAtMs: number;
}

/** An address that is told what happens in a Space. Owner: webhook/. */
export interface WebhookTable {
  webhookId: string;
  spaceId: SpaceId;
  url: string;
  /** A JSON list. */
  kinds: string;
  /** A box of seal/, which opens for this webhook alone. */
  sealedSecret: string;
  createdAtMs: number;
  /** Of the last attempt to deliver something; null = none yet. */
  lastAtMs: number | null;
  /** `delivered`, or why not, in a few words of ours. */
  lastOutcome: string | null;
}

/** What waits to be delivered, or to be tried again; removed when it was delivered or given up. Owner: webhook/. */
export interface WebhookDeliveryTable {
  deliveryId: string;
  webhookId: string;
  kind: string;
  /** JSON, as it is sent each time. */
  body: string;
  attempts: number;
  createdAtMs: number;
  nextAtMs: number;
}

/** A rule by which nodes join a room; of a host name where `labelKey` is null. One that is changed has another id. Owner: room-rule/. */
export interface RoomRuleTable {
  ruleId: string;
  roomId: RoomId;
  position: number;
  labelKey: string | null;
  pattern: string;
}

/** On which nodes a rule has acted; it does not act on them again. Owner: room-rule/. */
export interface RoomRuleNodeTable {
  ruleId: string;
  nodeId: NodeId;
}

/** Nodes that leave by themselves; without a row a node stays. `awayMs`: offline while a Cloud ran, as far as written. Owner: ephemeral/. */
export interface EphemeralNodeTable {
  nodeId: NodeId;
  afterMs: number;
  awayMs: number;
}

/** Which migrations this database has seen. Owner: storage/. */
export interface MigrationTable {
  name: string;
  appliedAtMs: number;
}
