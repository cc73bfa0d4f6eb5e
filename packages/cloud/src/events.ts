// What happens in the business, one function per event: each feeds the log and a counter, so the two cannot drift apart.

import type { AccountId, ClaimId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
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
  nodeAdmitted(admission: { nodeId: NodeId; spaceId: SpaceId; accountId: AccountId }): void;
  admissionTurned(change: { spaceId: SpaceId; accountId: AccountId; isOn: boolean }): void;
  /** The claim was deleted on the node, and its agent said so. */
  nodeUnclaimed(end: { nodeId: NodeId; spaceId: SpaceId; claimId: ClaimId }): void;
  /** A parent told that a machine without a claim is gone for good. */
  nodeLetGo(end: { nodeId: NodeId; spaceId: SpaceId; claimId: ClaimId }): void;
  claimTokenMade(token: { tokenId: string; spaceId: SpaceId }): void;
  claimTokenRevoked(token: { tokenId: string; spaceId: SpaceId }): void;
  claimTokenChanged(token: { tokenId: string; spaceId: SpaceId; accountId: AccountId }): void;
  claimTokenRegenerated(token: { tokenId: string; spaceId: SpaceId; accountId: AccountId }): void;
  claimTokenViewed(token: { tokenId: string; spaceId: SpaceId; accountId: AccountId }): void;
  spaceMade(space: { spaceId: SpaceId }): void;
  signedIn(session: { accountId: AccountId; sourceNetwork: string }): void;
  signInRefused(refusal: { errorKind: string; sourceNetwork: string }): void;
  signedOut(session: { accountId: AccountId }): void;
  passwordChanged(change: { accountId: AccountId }): void;
  spaceNamed(space: { spaceId: SpaceId; accountId: AccountId }): void;
  /** `accountId` is absent where the private socket was asked. */
  roomCreated(room: { roomId: RoomId; spaceId: SpaceId; accountId?: AccountId }): void;
  roomDeleted(room: { roomId: RoomId; spaceId: SpaceId; accountId: AccountId }): void;
  linkOpened(link: { claimId: ClaimId; nodeId: NodeId; address: string }): void;
  linkClosed(link: { claimId: ClaimId; nodeId: NodeId; reason: string }): void;
  /** Something that an honest agent does not do, or a password that opens nothing. */
  linkRefused(refusal: { claimId?: string; address: string; reason: string }): void;
  /** Several machines take the link of one claim from each other. `hosts` are names with addresses, the connected one first. */
  identityContested(contest: { claimId: ClaimId; nodeId: NodeId; hosts: readonly string[] }): void;
  identitySettled(contest: { claimId: ClaimId; nodeId: NodeId }): void;
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
    passwordChanged(fields) {
      count('passwordChanged');
      log.info('password changed', fields);
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
    counts: () => ({ ...counts }),
  };
}
