// Where a request comes from when a reverse proxy stands in front of the Cloud. The proxy says so in X-Forwarded-For, and so may anybody else:
// it is believed of those alone that the operator named, from the right, as far as each address in it is one of theirs. [trust T21]

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
  const networks = text.split(',').map((word) => parseNetwork(word.trim()));
  return networks.every((network) => network !== undefined) ? networks : undefined;
}

export function createAddressOf(trusted: readonly Network[]): AddressOf {
  const isTrusted = networkMatcher(trusted);
  return ({ socket, headers }) => {
    let address = plainAddress(socket.remoteAddress);
    const said = headers['x-forwarded-for'];
    const hops = (Array.isArray(said) ? said.join(',') : (said ?? '')).split(',');
    while (isTrusted(address)) {
      const before = plainAddress(hops.pop()?.trim());
      // Nothing more is said, or nothing that is an address: then the last one that is known for certain.
      if (before === 'unknown') break;
      address = before;
    }
    return address;
  };
}
