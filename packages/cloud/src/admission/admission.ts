// Admission: a claimed node waits, and is refused a link, until an administrator admits or removes it. Which claims make a node wait is part
// of the claim (claim/claim.ts). Reading order: admission.ts, admission-store.ts (SQL), admission-routes.ts (HTTP).

import type { AccountId, NodeId, SpaceId } from '@claimstead/wire/ids';

/** Who decides, and when. */
export interface AdmissionDecision {
  atMs: number;
  accountId: AccountId;
  sourceNetwork: string;
}

export interface AdmissionStore {
  isOn(spaceId: SpaceId): Promise<boolean>;
  /** Nodes that wait already go on waiting where it is turned off. */
  turn(spaceId: SpaceId, isOn: boolean, by: AdmissionDecision): Promise<void>;
  /** False = it did not wait, or is gone. */
  admit(nodeId: NodeId, by: AdmissionDecision): Promise<boolean>;
}
