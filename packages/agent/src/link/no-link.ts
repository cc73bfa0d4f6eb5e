// In place of the link where its part of the agent is not installed: nothing connects, and everything that asks gets an answer.

import type { Link, LinkStatus } from './link.ts';

const status: Omit<LinkStatus, 'lastError'> = {
  state: 'unclaimed',
  online: false,
  lastErrorCode: 'cloud-not-installed',
  stopwatch: [],
  nextRetryAtMs: undefined,
  identity: undefined,
  nodeId: undefined,
  connects: 0,
  connectedAtMs: undefined,
  disconnectedAtMs: undefined,
  received: 0,
  acknowledged: 0,
};

/** `reason`: why there is none, one sentence. */
export function noLink(reason: string): Link {
  return { reload: () => undefined, status: () => ({ ...status, lastError: reason }), stop: async () => undefined };
}
