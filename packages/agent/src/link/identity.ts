// Whom the link speaks for, and as whom: read from claim.d at start and at every reload.

import type { KeyObject } from 'node:crypto';
import type { Agent } from 'node:http';
import type { TlsOptions } from '../claim/trust.ts';

export interface LinkIdentity {
  claimId: string;
  /** Base URL of the Cloud that the node was claimed to; https, no path. */
  cloudUrl: URL;
  privateKey: KeyObject;
  /** How to reach it, asked anew for every attempt: a person may just have placed a certificate, or the proxy's name may have moved. */
  transport(signal: AbortSignal): Promise<Transport>;
  /** As shown and logged; credentials are masked. */
  proxyWords: string;
}

export interface Transport {
  /** Undefined = directly. */
  proxyAgent: Agent | undefined;
  tlsOptions(host: string): TlsOptions;
  /** What a fault of socket, proxy or TLS means, in one sentence without credentials. */
  explain(host: string, cause: unknown): string;
}

/** A URL's host name as TLS and certificates spell it: IPv6 without brackets. */
export const tlsHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
