// Where the Cloud sends nothing on behalf of others: its own machine, the networks around it, and what is no single host of the internet. What the
// operator names in --webhook-allow is let through. [trust T15]

import { isIPv4, isIPv6 } from 'node:net';
import { networkMatcher, parseNetwork, type Network } from '../limit/networks.ts';

/** [IANA IPv4 and IPv6 special-purpose address registries] */
const refused: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // With the addresses at which clouds tell their machines secrets.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Also IPv4 in IPv6 clothes: mapped, translated, 6to4, Teredo.
  ['::', 96],
  ['::ffff:0:0', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

export interface WebhookAllowance {
  /** Also without TLS. */
  http: boolean;
  networks: readonly Network[];
}

export const nothingAllowed: WebhookAllowance = { http: false, networks: [] };

/** `http,10.1.0.0/16,192.168.7.9`; undefined for anything else. */
export function parseAllowance(text: string): WebhookAllowance | undefined {
  const words = text.split(',').map((word) => word.trim());
  const networks = words.filter((word) => word !== 'http').map(parseNetwork);
  return networks.every((network) => network !== undefined) ? { http: words.includes('http'), networks } : undefined;
}

/** Answers whether something may be sent to an address, in the text form that a resolver gives. */
export function addressGuard(allowance: WebhookAllowance): (address: string) => boolean {
  const refuses = networkMatcher(refused.map(([address, prefix]) => ({ address, prefix })));
  const allows = networkMatcher(allowance.networks);
  return (address) => (isIPv4(address) || isIPv6(address)) && (allows(address) || !refuses(address));
}
