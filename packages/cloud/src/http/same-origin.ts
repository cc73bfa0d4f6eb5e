// Requests that a page of another site makes a browser send. Cookies are SameSite=Lax; this is the second lock, on every unsafe
// method and on the upgrade of the events socket.

import type { IncomingHttpHeaders } from 'node:http';

/**
 * Own origins: the public URL, and the names of the server's certificate at the port it listens on, so that
 * `https://127.0.0.1:8443` works where the public URL says `localhost`.
 */
export function ownOrigins(publicUrl: URL, names: readonly string[], port: number): ReadonlySet<string> {
  const origins = names.map((name) => (name.includes(':') ? `https://[${name}]:${port}` : `https://${name}:${port}`));
  return new Set([
    publicUrl.origin,
    ...origins.filter((text) => URL.canParse(text)).map((text) => new URL(text).origin),
  ]);
}

/**
 * For unsafe methods. A browser sends Origin with them, always; only what is no browser sends neither Origin nor Sec-Fetch-Site,
 * and it has no cookie that it did not ask for.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, own: ReadonlySet<string>): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined) return site === undefined;
  return own.has(origin) && (site === undefined || site === 'same-origin');
}

/** For the upgrade of a socket that reads cookies: Origin is required there, because a browser always sends it. */
export const isOwnOrigin = (headers: IncomingHttpHeaders, own: ReadonlySet<string>): boolean =>
  headers.origin !== undefined && own.has(headers.origin);
