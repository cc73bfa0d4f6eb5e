// Which networks a token takes claims from. What may be written as one: wire/cloud-api/claim-tokens.ts.

import { networkMatcher, parseNetwork } from '../limit/networks.ts';

/**
 * Whether `address`, as people read it, lies in one of `networks`; no networks = from anywhere. What is no address (a socket that is gone)
 * lies in none.
 */
export function comesFrom(networks: readonly string[], address: string | undefined): boolean {
  if (networks.length === 0) return true;
  return networkMatcher(networks.flatMap((network) => parseNetwork(network) ?? []))(address ?? '');
}
