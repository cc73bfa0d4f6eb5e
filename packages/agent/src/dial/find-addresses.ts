// The first station: which addresses a name has, asked of the system as every program of this node asks it.

import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { DialError } from './dial-error.ts';
import type { DialHow, Target } from './route.ts';
import { timed } from './hop-timer.ts';
import { proxyHint, subjectOf, withinHop, type Party } from './station.ts';

/** At least one address. An address is its own answer, and then nothing is told to `onHop`. Throws DialError. */
export async function findAddresses({ host }: Target, party: Party, how: DialHow): Promise<LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const { lookup } = await import('node:dns/promises');
  const find = (): Promise<LookupAddress[]> =>
    withinHop(
      how,
      (within) => nameFault('dns-down', `cannot be looked up: no name server answered ${within}`, party),
      async () => {
        try {
          return await lookup(host, { all: true });
        } catch (error) {
          throw (error as NodeJS.ErrnoException).code === 'ENOTFOUND'
            ? nameFault('dns-unknown', 'is unknown', party)
            : nameFault('dns-down', 'cannot be looked up now, because no name server answers', party);
        }
      },
    );
  // Looking up a proxy's name is part of reaching the proxy.
  return party.hop === 'proxy' ? find() : timed('dns', how, find);
}

function nameFault(code: 'dns-unknown' | 'dns-down', what: string, party: Party): DialError {
  const { hop, owner, proxyKind } = party;
  return new DialError({
    hop,
    code: owner === 'proxy' && code === 'dns-unknown' ? 'proxy-dns' : code,
    cause: `${subjectOf(party)} has a name that ${what}`,
    remedy:
      owner === 'proxy'
        ? code === 'dns-unknown'
          ? 'check its host and port'
          : "check its host and port, and this node's DNS"
        : proxyKind === 'socks5'
          ? 'with socks5h:// the proxy looks the name up'
          : `check -url= and this node's DNS; ${proxyHint}`,
    retryable: true,
  });
}
