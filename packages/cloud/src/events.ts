// What happens in the business, one function per event: each feeds the log and a counter, so the two cannot drift apart.

import type { Role } from '@claimstead/wire/cloud-api/roles';
import type { AccountId, ClaimId, InvitationId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import type { Log } from './log.ts';

export interface Events {
  claimAccepted(claim: {
    nodeId: NodeId;
    spaceId: SpaceId;
    claimId: ClaimId;
    retiredClaimId: ClaimId | null;
    keyReplaced: boolean;
    repeated: boolean;
  }): void;
  /** `sourceNetwork` is an address or a /64, as the limiter counts. */
  claimRefused(refusal: { errorKind: string; sourceNetwork: string }): void;
  /** `verdict` as the asker was told it. */
  claimChecked(check: { verdict: string; sourceNetwork: string }): void;
  nodeRemoved(removal: { nodeId: NodeId; spaceId: SpaceId; accountId: AccountId }): void;
  /** Rooms of so many nodes have changed. */
  nodesMoved(move: { spaceId: SpaceId; accountId: AccountId; count: number }): void;
  nodesMovedByRules(move: { spaceId: SpaceId; count: number }): void;
  ephemeralNodeLeft(end: { nodeId: NodeId; spaceId: SpaceId; offlineForMs: number }): void;
  nodeAdmitted(admission: { nodeId: NodeId; spaceId: SpaceId; accountId: AccountId }): void;
  admissionTurned(change: { spaceId: SpaceId; accountId: AccountId; isOn: boolean }): void;
  /** The claim was deleted on the node, and its agent said so. */
  nodeUnclaimed(end: { nodeId: NodeId; spaceId: SpaceId; claimId: ClaimId }): void;
  /** A parent told that a machine without a claim is gone for good. */
  nodeLetGo(end: { nodeId: NodeId; spaceId: SpaceId; claimId: ClaimId }): void;
  claimTokenMade(token: { tokenId: string; spaceId: SpaceId }): void;
  claimTokenRevoked(token: { tokenId: string; spaceId: SpaceId }): void;
  /** `accountId` is absent where the private socket was asked. */
  spaceMade(space: { spaceId: SpaceId; accountId?: AccountId }): void;
  claimTokenChanged(token: { tokenId: string; spaceId: SpaceId; accountId: AccountId }): void;
  claimTokenRegenerated(token: { tokenId: string; spaceId: SpaceId; accountId: AccountId }): void;
  claimTokenViewed(token: { tokenId: string; spaceId: SpaceId; accountId: AccountId }): void;
  signedIn(session: { accountId: AccountId; sourceNetwork: string }): void;
  signInRefused(refusal: { errorKind: string; sourceNetwork: string }): void;
  signedOut(session: { accountId: AccountId }): void;
  /** By somebody who is signed in to the account; `count` of them. */
  sessionsEnded(end: { accountId: AccountId; count: number }): void;
  accountRenamed(change: { accountId: AccountId }): void;
  accountEmailChanged(change: { accountId: AccountId }): void;
  passwordChanged(change: { accountId: AccountId }): void;
  secondFactorOn(change: { accountId: AccountId }): void;
  secondFactorOff(change: { accountId: AccountId }): void;
  recoveryCodesMade(change: { accountId: AccountId }): void;
  recoveryCodeUsed(use: { accountId: AccountId; sourceNetwork: string }): void;
  passkeyAdded(change: { accountId: AccountId }): void;
  passkeyRemoved(change: { accountId: AccountId }): void;
  apiTokenMade(token: { accountId: AccountId; tokenId: string; spaceId: SpaceId }): void;
  apiTokenRevoked(token: { accountId: AccountId; tokenId: string }): void;
  passwordResetAsked(ask: { accountId: AccountId }): void;
  passwordReset(reset: { accountId: AccountId }): void;
  letterSent(letter: { letter: string }): void;
  /** The mail server did not take it; it is tried again. `reason` is a code, never what the server said. */
  letterDelayed(letter: { letter: string; reason: string }): void;
  letterLost(letter: { letter: string; reason: string }): void;
  spaceNamed(space: { spaceId: SpaceId; accountId: AccountId }): void;
  /** `accountId` is absent where the private socket was asked. */
  roomCreated(room: { roomId: RoomId; spaceId: SpaceId; accountId?: AccountId }): void;
  roomDeleted(room: { roomId: RoomId; spaceId: SpaceId; accountId: AccountId }): void;
  spaceDeleted(space: { spaceId: SpaceId; accountId: AccountId; nodes: number }): void;
  memberInvited(invitation: { invitationId: InvitationId; spaceId: SpaceId; accountId: AccountId; role: Role }): void;
  invitationRevoked(invitation: { invitationId: InvitationId; spaceId: SpaceId; accountId: AccountId }): void;
  /** `accountId` is who came. */
  invitationAccepted(invitation: {
    invitationId: InvitationId;
    spaceId: SpaceId;
    accountId: AccountId;
    role: Role;
    isNewAccount: boolean;
  }): void;
  invitationRefused(refusal: { errorKind: string; sourceNetwork: string }): void;
  memberChanged(change: { memberId: AccountId; spaceId: SpaceId; accountId: AccountId; role: Role }): void;
  memberRemoved(removal: { memberId: AccountId; spaceId: SpaceId; accountId: AccountId }): void;
  memberLeft(member: { spaceId: SpaceId; accountId: AccountId }): void;
  linkOpened(link: { claimId: ClaimId; nodeId: NodeId; address: string }): void;
  linkClosed(link: { claimId: ClaimId; nodeId: NodeId; reason: string }): void;
  /** Something that an honest agent does not do, or a password that opens nothing. */
  linkRefused(refusal: { claimId?: string; address: string; reason: string }): void;
  /** Several machines take the link of one claim from each other. `hosts` are names with addresses, the connected one first. */
  identityContested(contest: { claimId: ClaimId; nodeId: NodeId; hosts: readonly string[] }): void;
  identitySettled(contest: { claimId: ClaimId; nodeId: NodeId }): void;
  /** After a restore: somebody asks under a claim that the backup does not hold. */
  orphanAsked(orphan: { claimId: ClaimId; sourceNetwork: string }): void;
  /** Another certificate is served from now on. */
  certificateChanged(): void;
  /** The authority issued none; what is served goes on until it ends. */
  certificateNotRenewed(failure: { reason: string; endsAtMs: number; retryAtMs: number }): void;
  /** How often each event happened since the start. */
  counts(): Readonly<Record<string, number>>;
}

export function createEvents(log: Log): Events {
  const counts: Record<string, number> = {};
  const count = (event: string): void => {
    counts[event] = (counts[event] ?? 0) + 1;
  };
  return {
    claimAccepted({ repeated, ...fields }) {
      count(repeated ? 'claimRepeated' : 'claimAccepted');
      log.info(repeated ? 'claim repeated' : 'claim accepted', fields);
    },
    claimRefused(fields) {
      count('claimRefused');
      log.info('claim refused', fields);
    },
    claimChecked(fields) {
      count('claimChecked');
      log.info('claim checked', fields);
    },
    nodeRemoved(fields) {
      count('nodeRemoved');
      log.info('node removed', fields);
    },
    nodesMoved(fields) {
      count('nodesMoved');
      log.info('nodes moved', fields);
    },
    nodesMovedByRules(fields) {
      count('nodesMovedByRules');
      log.info('nodes moved by room rules', fields);
    },
    ephemeralNodeLeft(fields) {
      count('ephemeralNodeLeft');
      log.info('ephemeral node left', fields);
    },
    nodeAdmitted(fields) {
      count('nodeAdmitted');
      log.info('node admitted', fields);
    },
    admissionTurned(fields) {
      count('admissionTurned');
      log.info('admission turned on or off', fields);
    },
    nodeUnclaimed(fields) {
      count('nodeUnclaimed');
      log.info('node unclaimed by its agent', fields);
    },
    nodeLetGo(fields) {
      count('nodeLetGo');
      log.info('node let go by its last parent', fields);
    },
    claimTokenMade(fields) {
      count('claimTokenMade');
      log.info('claiming token made', fields);
    },
    claimTokenRevoked(fields) {
      count('claimTokenRevoked');
      log.info('claiming token revoked', fields);
    },
    claimTokenChanged(fields) {
      count('claimTokenChanged');
      log.info('claiming token changed', fields);
    },
    claimTokenRegenerated(fields) {
      count('claimTokenRegenerated');
      log.info('claiming token regenerated', fields);
    },
    claimTokenViewed(fields) {
      count('claimTokenViewed');
      log.info('claiming token viewed', fields);
    },
    spaceMade(fields) {
      count('spaceMade');
      log.info('space made', fields);
    },
    linkOpened(fields) {
      count('linkOpened');
      log.info('link opened', fields);
    },
    linkClosed(fields) {
      count('linkClosed');
      log.info('link closed', fields);
    },
    linkRefused(fields) {
      count('linkRefused');
      log.warn('link refused', fields);
    },
    identityContested(fields) {
      count('identityContested');
      log.warn('identity contested: several machines use the key of one claim', fields);
    },
    identitySettled(fields) {
      count('identitySettled');
      log.info('identity settled: nobody else used the key of the claim for ten minutes', fields);
    },
    signedIn(fields) {
      count('signedIn');
      log.info('signed in', fields);
    },
    signInRefused(fields) {
      count('signInRefused');
      log.warn('sign-in refused', fields);
    },
    signedOut(fields) {
      count('signedOut');
      log.info('signed out', fields);
    },
    sessionsEnded(fields) {
      count('sessionsEnded');
      log.info('sessions ended', fields);
    },
    accountRenamed(fields) {
      count('accountRenamed');
      log.info('account renamed', fields);
    },
    accountEmailChanged(fields) {
      count('accountEmailChanged');
      log.info('e-mail address of an account changed', fields);
    },
    passwordChanged(fields) {
      count('passwordChanged');
      log.info('password changed', fields);
    },
    secondFactorOn(fields) {
      count('secondFactorOn');
      log.info('two-step sign-in turned on', fields);
    },
    secondFactorOff(fields) {
      count('secondFactorOff');
      log.info('two-step sign-in turned off', fields);
    },
    recoveryCodesMade(fields) {
      count('recoveryCodesMade');
      log.info('recovery codes made', fields);
    },
    recoveryCodeUsed(fields) {
      count('recoveryCodeUsed');
      log.warn('recovery code used', fields);
    },
    passkeyAdded(fields) {
      count('passkeyAdded');
      log.info('passkey added', fields);
    },
    passkeyRemoved(fields) {
      count('passkeyRemoved');
      log.info('passkey removed', fields);
    },
    apiTokenMade(fields) {
      count('apiTokenMade');
      log.info('API token made', fields);
    },
    apiTokenRevoked(fields) {
      count('apiTokenRevoked');
      log.info('API token revoked', fields);
    },
    passwordResetAsked(fields) {
      count('passwordResetAsked');
      log.info('password reset asked for', fields);
    },
    passwordReset(fields) {
      count('passwordReset');
      log.warn('password reset', fields);
    },
    letterSent(fields) {
      count('letterSent');
      log.info('letter sent', fields);
    },
    letterDelayed(fields) {
      count('letterDelayed');
      log.warn('letter not taken by the mail server yet', fields);
    },
    letterLost(fields) {
      count('letterLost');
      log.error('letter given up', fields);
    },
    spaceNamed(fields) {
      count('spaceNamed');
      log.info('space named', fields);
    },
    roomCreated(fields) {
      count('roomCreated');
      log.info('room created', fields);
    },
    roomDeleted(fields) {
      count('roomDeleted');
      log.info('room deleted', fields);
    },
    spaceDeleted(fields) {
      count('spaceDeleted');
      log.info('space deleted', fields);
    },
    memberInvited(fields) {
      count('memberInvited');
      log.info('member invited', fields);
    },
    invitationRevoked(fields) {
      count('invitationRevoked');
      log.info('invitation revoked', fields);
    },
    invitationAccepted(fields) {
      count('invitationAccepted');
      log.info('invitation accepted', fields);
    },
    invitationRefused(fields) {
      count('invitationRefused');
      log.info('invitation refused', fields);
    },
    memberChanged(fields) {
      count('memberChanged');
      log.info('role or rooms of a member changed', fields);
    },
    memberRemoved(fields) {
      count('memberRemoved');
      log.info('member removed', fields);
    },
    memberLeft(fields) {
      count('memberLeft');
      log.info('member left', fields);
    },
    orphanAsked(fields) {
      count('orphanAsked');
      log.warn('after the restore an agent asks under a claim that is not known; claim its node once more', fields);
    },
    certificateChanged() {
      count('certificateChanged');
      log.info('another certificate is served');
    },
    certificateNotRenewed({ reason, endsAtMs, retryAtMs }) {
      count('certificateNotRenewed');
      const [expiresAt, retryAt] = [new Date(endsAtMs).toISOString(), new Date(retryAtMs).toISOString()];
      log.warn('the certificate was not renewed; it is tried again', { reason, expiresAt, retryAt });
    },
    counts: () => ({ ...counts }),
  };
}
