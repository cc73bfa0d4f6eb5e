// Networks that an operator names, and whether an address lies in them.

import { BlockList, isIPv4, isIPv6 } from 'node:net';

export interface Network {
  address: string;
  prefix: number;
}

/** `10.1.0.0/16`, or an address, which is a network of one; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', prefixText] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  return bits === 0 || prefix > bits ? undefined : { address, prefix };
}

/** A list for each family: in one alone, every IPv4 address would be a mapped one of IPv6. What is no address lies in no network. */
export function networkMatcher(networks: readonly Network[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { address, prefix } of networks) {
    const family = familyOf(address);
    lists[family].addSubnet(address, prefix, family);
  }
  return (address) =>
    (isIPv4(address) || isIPv6(address)) && lists[familyOf(address)].check(address, familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');
