// Limits against floods. Reading order: source-network.ts (who counts as one), client-address.ts (who that is
// behind a reverse proxy), networks.ts, rate-limit.ts (how often one may).

import { isIPv4, isIPv6 } from 'node:net';

/**
 * What counts as one source: an IPv4 address; an IPv6 /64, because whoever has one address has 2^64 of them. Every spelling of an
 * address gives the same text. What is no address (a socket that is gone) counts as one source, too.
 */
export function sourceNetwork(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const bare = address.split('%')[0] ?? '';
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return 'unknown';
  const groups = ipv6Groups(bare);
  const isMappedIPv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMappedIPv4) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** An address as people read it: an IPv4 address without the IPv6 around it, no zone; `unknown` where a socket is gone. */
export function plainAddress(address: string | undefined): string {
  const bare = (address ?? '').split('%')[0] ?? '';
  if (!isIPv6(bare)) return isIPv4(bare) ? bare : 'unknown';
  const network = sourceNetwork(bare);
  return isIPv4(network) ? network : bare;
}

/** The eight numbers of a valid IPv6 address. */
function ipv6Groups(address: string): number[] {
  const withoutDots = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a, b, c, d) => {
    const pair = (high: string, low: string): string => (Number(high) * 256 + Number(low)).toString(16);
    return `${pair(a, b)}:${pair(c, d)}`;
  });
  const [head = '', tail] = withoutDots.split('::');
  const parse = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const front = parse(head);
  const back = tail === undefined ? [] : parse(tail);
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}
