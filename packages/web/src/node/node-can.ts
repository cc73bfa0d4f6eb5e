// What may be done with a node, by the role of who asks; the Cloud decides, this only hides what it would refuse
// (cloud/src/node/node-routes.ts). Pure.

import type { NodeState } from '@claimstead/wire/cloud-api/nodes';
import { roleMay, type Role } from '@claimstead/wire/cloud-api/roles';

export const nodeCan = {
  beRemoved: (role: Role): boolean => roleMay(role, 'manage-nodes'),
  changeRooms: (role: Role): boolean => roleMay(role, 'manage-nodes'),
  /** Something can answer a question about its past. */
  answer: (state: NodeState): boolean => state === 'live' || state === 'stale',
} as const;
