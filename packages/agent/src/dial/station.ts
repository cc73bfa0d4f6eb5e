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
 * Does `work`, which must destroy what it holds when its signal is aborted, for at most the time of one station. Once the work is done its
 * signal is never aborted any more: what was reached belongs to the caller. `late` gets words like `within 10 s`.
 */
export async function withinHop<T>(
  how: DialHow,
  late: (within: string) => DialError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const startedMs = how.clock.monotonicMs();
  const tooLate = (): DialError => {
    const seconds = Math.max(0.1, Math.round((how.clock.monotonicMs() - startedMs) / 100) / 10);
    return late(`within ${seconds} s`);
  };
  if (how.signal.aborted) throw tooLate();
  const hop = new AbortController();
  const stop = (): void => hop.abort();
  const timer = setTimeout(stop, how.hopTimeoutMs);
  how.signal.addEventListener('abort', stop, { once: true });
  try {
    const aborted = new Promise<never>((_, reject) => {
      hop.signal.addEventListener('abort', () => reject(tooLate()), { once: true });
    });
    return await Promise.race([work(hop.signal), aborted]);
  } finally {
    clearTimeout(timer);
    how.signal.removeEventListener('abort', stop);
  }
}
