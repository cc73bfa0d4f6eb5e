// What proxies of every kind can do wrong, in the same words.

import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import type { TunnelProxy } from '../config/proxy.ts';
import { DialError } from './dial-error.ts';

/** `what` follows the name of the proxy. */
export const refusedByProxy = (
  code: DoctorCode,
  proxy: TunnelProxy,
  what: string,
  remedy: string,
  retryable: boolean,
): DialError => new DialError({ hop: 'proxy', code, cause: `The proxy ${proxy.masked} ${what}`, remedy, retryable });

export const notAProxy = (proxy: TunnelProxy): DialError =>
  refusedByProxy(
    'proxy-not-one',
    proxy,
    'does not answer like a proxy of that kind',
    'check its scheme, host and port',
    false,
  );

/** Without a word: a proxy that is being restarted, or a program that heard something it does not speak. */
export const hungUp = (proxy: TunnelProxy): DialError =>
  refusedByProxy('proxy-not-one', proxy, 'hung up without an answer', 'check its scheme, host and port', true);
