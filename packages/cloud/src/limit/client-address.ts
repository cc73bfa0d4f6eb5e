// Where a request comes from when a reverse proxy stands in front of the Cloud. The proxy says so in X-Forwarded-For, and so may anybody else:
// it is believed of those alone that the operator named, from the right, as far as each address in it is one of theirs. Why so: docs/decisions/0033-whom-a-reverse-proxy-speaks-for.md. [trust T21]

import type { IncomingHttpHeaders } from 'node:http';
import { networkMatcher, parseNetwork, type Network } from './networks.ts';
import { plainAddress } from './source-network.ts';

/** As people read it; `unknown` where the socket is gone. */
export type AddressOf = (request: {
  socket: { remoteAddress?: string | undefined };
  headers: IncomingHttpHeaders;
}) => string;

/** `10.1.0.0/16,192.168.7.9`; undefined for anything else. */
export function parseTrustedProxies(text: string): readonly Network[] | undefined {
  // The peer of an IPv4 connection is read without the prefix that IPv6 has for it, so its proxy is, too.
  const networks = text.split(',').map((word) => parseNetwork(word.trim().replace(/^::ffff:(?=[\d.]+$)/i, '')));
  return networks.every((network) => network !== undefined) ? networks : undefined;
}

/** Some proxies write the client's port as well: `192.0.2.1:1234`, `[2001:db8::1]:443`. */
const withoutPort = (text: string): string =>
  /^(\d+(?:\.\d+){3}):\d+$/.exec(text)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? text;

export function createAddressOf(trusted: readonly Network[]): AddressOf {
  const isTrusted = networkMatcher(trusted);
  return ({ socket, headers }) => {
    let address = plainAddress(socket.remoteAddress);
    const said = headers['x-forwarded-for'];
    const hops = (Array.isArray(said) ? said.join(',') : (said ?? '')).split(',');
    while (isTrusted(address)) {
      const before = plainAddress(withoutPort(hops.pop()?.trim() ?? ''));
      // Nothing more is said, or nothing that is an address: then the last one that is known for certain.
      if (before === 'unknown') break;
      address = before;
    }
    return address;
  };
}
