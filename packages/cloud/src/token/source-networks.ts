// Which networks a token takes claims from. What may be written as one: wire/cloud-api/claim-tokens.ts.

import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Whether `address`, as people read it, lies in one of `networks`; no networks = from anywhere. What is no address (a socket that is gone)
 * lies in none.
 */
export function comesFrom(networks: readonly string[], address: string | undefined): boolean {
  if (networks.length === 0) return true;
  const family = isIPv4(address ?? '') ? 'ipv4' : isIPv6(address ?? '') ? 'ipv6' : undefined;
  if (address === undefined || family === undefined) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', prefix = ''] = network.split('/');
    list.addSubnet(base, Number(prefix), isIPv4(base) ? 'ipv4' : 'ipv6');
  }
  return list.check(address, family);
}
