// What an agent says that it can do, by name and level; the Cloud chooses how to speak to it by these, never by its version.

import type { Capability } from '../gen/link/v1/capability.ts';

/** What Claimstead's agent can do today: only what it answers. */
export const agentCapabilities: Capability[] = [
  { name: 'proto', version: 1, enabled: true },
  { name: 'ctx', version: 1, enabled: true },
  { name: 'funcs', version: 1, enabled: true },
  { name: 'health', version: 2, enabled: true },
  { name: 'req_cancel', version: 1, enabled: true },
];
