// Where to, how, and whom to believe there.

import { isIP } from 'node:net';
import type { Proxy } from '../config/proxy.ts';
import type { Clock, PassedHop } from './hop-timer.ts';
import type { Trust } from './trust.ts';

/** How to get there, and whom to believe there. */
export interface Route {
  proxy: Proxy;
  trust: Trust;
}

export interface Target {
  /** Name or address; an IPv6 address without brackets. */
  host: string;
  port: number;
}

export interface DialHow {
  /** Aborting destroys whatever is half made, tunnels included. */
  signal: AbortSignal;
  /** For each station by itself, in ms. */
  hopTimeoutMs: number;
  clock: Clock;
  /** Told of every station that was passed. */
  onHop: (passed: PassedHop) => void;
}

/** The Cloud as a person knows it: `host`, with the port unless it is 443. */
export const nameOf = ({ host, port }: Target): string => {
  const bracketed = isIP(host) === 6 ? `[${host}]` : host;
  return port === 443 ? bracketed : `${bracketed}:${port}`;
};

/** Where a URL of the Cloud leads; https and wss have the same usual port. */
export const targetOf = (url: URL): Target => ({
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: url.port === '' ? 443 : Number(url.port),
});
