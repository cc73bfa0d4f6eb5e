// Which proxy the agent goes through: one grammar and one answer for the claim and for the link, so that they can never differ.

import { Secret } from './secret.ts';

export interface TunnelProxy {
  /** `socks5` resolves the Cloud's name on this node, `socks5h` at the proxy. `http` carries TLS through CONNECT. */
  kind: 'http' | 'socks5' | 'socks5h';
  /** Name or address, an IPv6 address without brackets. */
  host: string;
  port: number;
  /** Percent-decoded; undefined when the proxy wants nobody's name. */
  user: undefined | Secret;
  password: undefined | Secret;
  /** For logs and people: the credentials are `***`, whatever their length. */
  masked: string;
}

export type Proxy = { kind: 'direct'; masked: 'none' } | TunnelProxy;

/** The setting cannot be understood. Nothing may be dialled then: going direct would break the policy that the setting stands for. */
export interface MalformedProxy {
  kind: 'malformed';
  sentence: string;
}

/** A proxy and where it comes from, e.g. `[cloud] proxy` or `environment variable socks_proxy`. */
export interface ProxyChoice {
  proxy: Proxy | MalformedProxy;
  source: string;
}

export const direct: Proxy = { kind: 'direct', masked: 'none' };

/** The two variables of the value `env`, in this order; lower case only. */
const variables = ['socks_proxy', 'http_proxy'] as const;

/** Reads one of the five forms: none, env, socks5://…, socks5h://…, http://…. `source` names the setting in sentences. */
export function resolveProxy(
  value: string,
  source: string,
  env: Readonly<Record<string, string | undefined>>,
): ProxyChoice {
  const setting = value.trim();
  if (setting === 'none') return { proxy: direct, source };
  if (setting !== 'env') return { proxy: parseProxy(setting, source), source };
  for (const name of variables) {
    const text = env[name]?.trim() ?? '';
    if (text === '') continue;
    const from = `environment variable ${name}`;
    const isSocks = /^socks5h?:\/\//.test(text);
    // A variable of the wrong kind is an error and not a reason to look further: somebody wanted a proxy.
    if (isSocks === (name === 'socks_proxy') || !text.includes('://'))
      return { proxy: parseProxy(text, from), source: from };
    const wanted = name === 'socks_proxy' ? 'socks5:// or socks5h://' : 'http://';
    return { proxy: malformed(text, from, `starts with something else than ${wanted}`), source: from };
  }
  return { proxy: direct, source: `${source} (env, and neither ${variables.join(' nor ')} is set)` };
}

/**
 * Everything between `://` and the last `@` is hidden; without a scheme, everything before the last `@`. Where the `@` is missing, too, what
 * stands in the port's place and is none may be a password.
 */
export function maskProxy(text: string): string {
  const scheme = /^["']?[a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? '';
  const at = text.lastIndexOf('@');
  if (at >= 0) return `${scheme}***@${text.slice(at + 1)}`;
  const rest = text.slice(scheme.length);
  if (/^(\[[0-9a-f:.]*\]|[^:]*)(:\d{0,5})?\/?["']?$/i.test(rest)) return text;
  return `${scheme}${rest.slice(0, rest.indexOf(':'))}:***`;
}

function malformed(text: string, source: string, why: string): MalformedProxy {
  const remedy =
    'write none, env, socks5://[user:password@]host:port, socks5h://… or http://…; a % in a password is written %25';
  return { kind: 'malformed', sentence: `The cloud proxy "${maskProxy(text)}" (${source}) ${why}; ${remedy}.` };
}

function parseProxy(text: string, source: string): Proxy | MalformedProxy {
  if (text === '') return malformed(text, source, 'is empty');
  if (/^["']|["']$/.test(text)) return malformed(text, source, 'has quotes around it');
  const form = /^(http|socks5|socks5h):\/\/(.*)$/s.exec(text);
  if (form === null) {
    const why = text.startsWith('https://')
      ? 'asks for TLS to the proxy, which is not supported'
      : 'is none of the forms that exist';
    return malformed(text, source, why);
  }
  const kind = form[1] as TunnelProxy['kind'];
  const rest = (form[2] ?? '').replace(/\/$/, '');
  const at = rest.lastIndexOf('@');
  const hostPort = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(rest.slice(at + 1));
  const host = hostPort?.[1] ?? hostPort?.[2];
  const port = Number(hostPort?.[3]);
  // There is no usual port that all proxies share, so none is guessed.
  if (host === undefined) return malformed(text, source, 'does not name host:port after the scheme');
  if (port < 1 || port > 65_535) return malformed(text, source, 'names a port that does not exist');
  const masked = `${kind}://${at < 0 ? '' : '***@'}${rest.slice(at + 1)}`;
  if (at < 0) return { kind, host, port, user: undefined, password: undefined, masked };
  const userInfo = rest.slice(0, at);
  const colon = userInfo.indexOf(':');
  const user = decode(colon < 0 ? userInfo : userInfo.slice(0, colon));
  const password = decode(colon < 0 ? '' : userInfo.slice(colon + 1));
  if (user === undefined || password === undefined)
    return malformed(text, source, 'has a broken %-sequence in its credentials');
  // A control character would let the credentials speak the proxy's protocol.
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\u0000-\u001f\u007f]/.test(user + password))
    return malformed(text, source, 'has a control character in its credentials');
  return { kind, host, port, user: new Secret(user), password: new Secret(password), masked };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
