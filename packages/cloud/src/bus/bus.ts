// What instances of the Cloud tell each other. Reading order: bus.ts (topics and interface), bus.contract.ts (what every
// implementation must do), in-process-bus.ts (the default: one instance).

import type { AccountId, ClaimId, NodeId, SpaceId } from '@claimstead/wire/ids';

/** Every topic and its message. Metric values never travel here in the clear, and with one instance not at all. */
export interface BusMessages {
  /** A claim was accepted: a new node, or a known machine under a new claim (`retiredClaimId`). */
  'node-claimed': {
    nodeId: NodeId;
    spaceId: SpaceId;
    claimId: ClaimId;
    retiredClaimId: ClaimId | null;
    keyReplaced: boolean;
    /** The token that admitted it. */
    tokenId: string;
    /** The agent asked again for what it has: no use of the token was taken. */
    repeated: boolean;
  };
  /** `claimId` null: a machine without a claim. */
  'node-removed': { nodeId: NodeId; spaceId: SpaceId; claimId: ClaimId | null };
  /** Something that a list of nodes shows has changed: state, host name, rooms, times. */
  'node-changed': { nodeId: NodeId };
  /** What room rules look at was told of a node, or may be another now: host name, labels, that it was admitted. */
  'node-described': { nodeId: NodeId };
  /** What somebody may do or see in a Space has changed: role, rooms, membership. `accountId` null = of everybody there. */
  'access-changed': { spaceId: SpaceId; accountId: AccountId | null };
  /** What an account tells of itself has changed: its name. */
  'account-changed': { accountId: AccountId };
  /** The list of a Space's people or of its invitations is another now, for those who may see it. */
  'members-changed': { spaceId: SpaceId };
  /** Sessions of an account end now: sign-out, password change. `sessionId` null = all. */
  'session-ended': { accountId: AccountId; sessionId: string | null };
}

export type BusTopic = keyof BusMessages;

export interface Bus {
  /** Delivers to every subscriber, in order, after the caller's turn; a subscriber that throws does not disturb the others. */
  publish<T extends BusTopic>(topic: T, message: BusMessages[T]): void;
  /** Returns the function that ends the subscription. */
  subscribe<T extends BusTopic>(topic: T, listener: (message: BusMessages[T]) => void): () => void;
  /** Delivers what was published before and stops. */
  close(): Promise<void>;
}
