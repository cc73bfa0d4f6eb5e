// What the stations of the way share: whom they speak of, and that none waits for ever.

import type { Proxy } from '../config/proxy.ts';
import type { DialError, DialHop } from './dial-error.ts';
import type { DialHow } from './route.ts';

/** Of whom a station's sentences speak. */
export interface Party {
  hop: DialHop;
  owner: 'Cloud' | 'proxy';
  /** Host and port of the Cloud; the proxy without credentials. */
  name: string;
  proxyKind: Proxy['kind'];
}

export const proxyHint =
  'if this node reaches the internet only through a proxy, set [cloud] proxy in netdata.conf or -proxy=';
export const trustHint = "put the Cloud's CA certificate into claim.d/cloud_fullchain.pem";

/** `The Cloud at host` or `The proxy http://***@host:port`. */
export const subjectOf = ({ owner, name }: Party): string =>
  owner === 'Cloud' ? `The Cloud at ${name}` : `The proxy ${name}`;

/**
 * Does `work`, which must destroy what it holds when its signal is aborted, for at most the time of one station. `late` gets words like
 * `within 10 s`.
 */
export async function withinHop<T>(
  how: DialHow,
  late: (within: string) => DialError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const startedMs = how.clock.monotonicMs();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), how.hopTimeoutMs);
  const signal = AbortSignal.any([how.signal, timeout.signal]);
  const tooLate = (): DialError => {
    const seconds = Math.max(0.1, Math.round((how.clock.monotonicMs() - startedMs) / 100) / 10);
    return late(`within ${seconds} s`);
  };
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(tooLate());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    if (signal.aborted) throw tooLate();
    return await Promise.race([work(signal), aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
