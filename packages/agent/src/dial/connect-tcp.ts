// The second station: a TCP connection to the Cloud, or to the proxy in its place.

import type { LookupAddress } from 'node:dns';
import { connect, type Socket } from 'node:net';
import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import type { TunnelProxy } from '../config/proxy.ts';
import { DialError } from './dial-error.ts';
import type { DialHow, Target } from './route.ts';
import { findAddresses } from './find-addresses.ts';
import { timed } from './hop-timer.ts';
import { proxyHint, subjectOf, withinHop, type Party } from './station.ts';

/** Time for one of several addresses, in ms; the usual 250 are too short for a slow line. */
const addressTimeoutMs = 2_500;

/** Tries all `addresses`, both families in turn. Throws DialError. */
export async function connectTcp(
  { host, port }: Target,
  addresses: readonly LookupAddress[],
  party: Party,
  how: DialHow,
): Promise<Socket> {
  const connecting = (): Promise<Socket> =>
    withinHop(
      how,
      (within) => tcpFault('ETIMEDOUT', party, within),
      (signal) =>
        new Promise((resolve, reject) => {
          const socket = connect({
            host,
            port,
            noDelay: true,
            autoSelectFamily: true,
            autoSelectFamilyAttemptTimeout: addressTimeoutMs,
            // What was found is used; nobody is asked a second time.
            lookup: (_, options, callback) => {
              const [first] = addresses;
              if (options.all === true) callback(null, [...addresses]);
              else callback(null, first?.address ?? '', first?.family);
            },
          });
          const onAbort = (): void => void socket.destroy();
          signal.addEventListener('abort', onAbort, { once: true });
          socket.once('connect', () => {
            signal.removeEventListener('abort', onAbort);
            resolve(socket);
          });
          // Stays for good: what happens between two stations is told by the next one.
          socket.on('error', (error) => reject(tcpFault(codeOf(error), party)));
        }),
    );
  return party.hop === 'proxy' ? connecting() : timed('tcp', how, connecting);
}

/** A connection to the proxy itself. Throws DialError. */
export async function toProxy(proxy: TunnelProxy, how: DialHow): Promise<Socket> {
  const party: Party = { hop: 'proxy', owner: 'proxy', name: proxy.masked, proxyKind: proxy.kind };
  return connectTcp(proxy, await findAddresses(proxy, party, how), party, how);
}

/** In the order in which they say most, when several addresses fail in several ways. */
const faults: Readonly<Record<string, { code: DoctorCode; ofProxy: DoctorCode; what: string }>> = {
  ECONNREFUSED: { code: 'tcp-refused', ofProxy: 'proxy-refused', what: 'refused the connection' },
  ECONNRESET: { code: 'tcp-broken', ofProxy: 'proxy-refused', what: 'broke the connection off' },
  ETIMEDOUT: { code: 'tcp-timeout', ofProxy: 'proxy-timeout', what: 'did not answer' },
  EHOSTUNREACH: { code: 'tcp-no-route', ofProxy: 'tcp-no-route', what: 'cannot be reached from this network' },
  ENETUNREACH: { code: 'tcp-no-route', ofProxy: 'tcp-no-route', what: 'cannot be reached from this network' },
  EADDRNOTAVAIL: { code: 'tcp-no-route', ofProxy: 'tcp-no-route', what: 'cannot be reached from this network' },
};

function codeOf(error: Error): string {
  const all = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const codes = all.map((one) => (one as Partial<NodeJS.ErrnoException>).code ?? 'unknown error');
  return Object.keys(faults).find((known) => codes.includes(known)) ?? codes[0] ?? 'unknown error';
}

function tcpFault(systemCode: string, party: Party, within = 'in time'): DialError {
  const fault = faults[systemCode] ?? {
    code: 'tcp-no-route',
    ofProxy: 'tcp-no-route',
    what: `cannot be reached (${systemCode})`,
  };
  const isProxy = party.owner === 'proxy';
  return new DialError({
    hop: party.hop,
    code: isProxy ? fault.ofProxy : fault.code,
    cause: `${subjectOf(party)} ${fault.what}${fault.code === 'tcp-timeout' ? ` ${within}` : ''}`,
    remedy: isProxy ? 'check its host and port' : `check -url= and firewalls; ${proxyHint}`,
    retryable: true,
  });
}
