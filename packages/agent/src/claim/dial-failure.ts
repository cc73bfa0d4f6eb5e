// Why the Cloud could not be reached, in words: which hop failed, how, and what to do. Shared by the claim and the link.

import type { Proxy, TunnelProxy } from '../config/proxy.ts';
import { ProxyRefusal } from './dial-agent.ts';

export interface DialFailure {
  /** Which hop failed: finding or reaching the host (`connect`), the proxy, or TLS. */
  kind: 'connect' | 'proxy' | 'tls';
  /** One sentence: cause, then remedy. Holds no credentials. */
  words: string;
  /** Whether the same attempt may succeed in a moment; not for certificates and refusals. */
  retryable: boolean;
}

export interface DialTarget {
  /** Host and port of the Cloud as a person knows them. */
  host: string;
  proxy: Proxy;
}

const proxyHint =
  'if this node reaches the internet only through a proxy, set [cloud] proxy in netdata.conf or -proxy=';
const trustHint = "put the Cloud's CA certificate into claim.d/cloud_fullchain.pem";

/** Words for a fault of a certificate, by the code of the TLS library. */
const certificateFaults: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `is signed by nobody that this node trusts; ${trustHint}`,
  UNABLE_TO_GET_ISSUER_CERT: `is signed by nobody that this node trusts; ${trustHint}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `is signed by nobody that this node trusts; ${trustHint}`,
  SELF_SIGNED_CERT_IN_CHAIN: `is signed by an authority that this node does not trust; ${trustHint}`,
  DEPTH_ZERO_SELF_SIGNED_CERT: `is signed by itself; ${trustHint}`,
  CERT_SIGNATURE_FAILURE: `does not fit the authority of its name; ${trustHint}`,
  CERT_HAS_EXPIRED: "has expired; renew it on the Cloud, or correct this node's clock",
  CERT_NOT_YET_VALID: "is not yet valid; correct this node's clock",
  CERT_REVOKED: 'is revoked; renew it on the Cloud',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is made out for another host; check -url= against the names in the certificate',
};

/** Words for a connection that could not be made, by the system's code; `it` is the Cloud or the proxy. */
const connectFaults: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has a name that is unknown',
  EAI_AGAIN: 'has a name that cannot be looked up now, because no name server answers',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  ETIMEDOUT: 'did not answer in time',
  EHOSTUNREACH: 'cannot be reached from this network',
  ENETUNREACH: 'cannot be reached from this network',
};

export function explainDialFailure(error: unknown, { host, proxy }: DialTarget): DialFailure {
  const { code = '', message = '', hostname } = error as Partial<NodeJS.ErrnoException> & { hostname?: string };
  const certificate = certificateFaults[code];
  if (certificate !== undefined) {
    const remark = proxy.kind === 'direct' ? '' : ` (seen through the proxy ${proxy.masked})`;
    return { kind: 'tls', words: `The certificate of ${host} ${certificate}${remark}.`, retryable: false };
  }
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) {
    const words = `TLS with ${host} failed (${code}): what answers there speaks no TLS 1.2 or newer; check the port in -url=.`;
    return { kind: 'tls', words, retryable: false };
  }
  if (proxy.kind !== 'direct') return explainProxyFailure(error, host, proxy, hostname);
  const fault = connectFaults[code] ?? `cannot be reached (${code || message || 'unknown error'})`;
  const remedy =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? "check -url= and this node's DNS" : 'check -url= and firewalls';
  return { kind: 'connect', words: `The Cloud at ${host} ${fault}; ${remedy}; ${proxyHint}.`, retryable: true };
}

function explainProxyFailure(
  error: unknown,
  host: string,
  proxy: TunnelProxy,
  hostname: string | undefined,
): DialFailure {
  const name = `The proxy ${proxy.masked}`;
  const failure = (words: string, retryable: boolean): DialFailure => ({ kind: 'proxy', words, retryable });
  if (error instanceof ProxyRefusal) {
    const { status } = error;
    if (status === 407)
      return failure(
        `${name} demands other credentials (status 407); correct user and password in the proxy setting.`,
        false,
      );
    if (status === 403 || status === 405) {
      return failure(`${name} refuses connections to ${host} (status ${status}); many allow port 443 only.`, false);
    }
    if (status >= 502 && status <= 504)
      return failure(`${name} cannot reach ${host} (status ${status}); check -url= and the proxy's DNS.`, true);
    return failure(
      `${name} answered CONNECT with status ${status}, which is not what a proxy answers; check its host and port.`,
      false,
    );
  }
  const { code = '', message = '' } = error as Partial<NodeJS.ErrnoException>;
  // The SOCKS library keeps the system's code only in its message, and names what the proxy said.
  if (/Authentication failed|authentication type/.test(message)) {
    return failure(`${name} demands other credentials; correct user and password in the proxy setting.`, false);
  }
  const rejected = /rejected connection - (\w+)/.exec(message)?.[1];
  if (rejected === 'NotAllowed')
    return failure(`${name} refuses connections to ${host} (${rejected}); many allow port 443 only.`, false);
  if (rejected !== undefined)
    return failure(`${name} cannot reach ${host} (${rejected}); check -url= and the proxy's DNS.`, true);
  if (/^Received invalid|No header received|Invalid/.test(message)) {
    return failure(`${name} does not answer like a proxy of that kind; check its scheme, host and port.`, false);
  }
  const known = Object.keys(connectFaults).find((fault) => fault === code || message.includes(fault));
  if (
    known !== undefined &&
    (known === 'ENOTFOUND' || known === 'EAI_AGAIN') &&
    hostname !== undefined &&
    hostname !== proxy.host
  ) {
    const remedy =
      proxy.kind === 'socks5' ? 'with socks5h:// the proxy looks the name up' : "check -url= and this node's DNS";
    return {
      kind: 'connect',
      words: `The Cloud at ${host} ${connectFaults[known] ?? ''}; ${remedy}.`,
      retryable: true,
    };
  }
  if (known !== undefined) return failure(`${name} ${connectFaults[known] ?? ''}; check its host and port.`, true);
  if (/timed out/.test(message)) return failure(`${name} did not answer in time; check its host and port.`, true);
  if (/closed|ended/.test(message)) return failure(`${name} hung up; check its scheme, host and port.`, true);
  return failure(`${name} cannot be reached; check its host and port.`, true);
}
